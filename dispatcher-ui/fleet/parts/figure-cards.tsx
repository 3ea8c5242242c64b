import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FleetToday } from '../../../server/stages/reporting/contract.ts';
import { minutesText } from '../../state/format.ts';
import type { Behind, JobFact } from '../behind.ts';
import { wholeText } from '../figures.ts';
import { BigFigure, Card, FigureLine } from './card.tsx';

interface CardProps {
  readonly today: FleetToday;
  readonly onOpen: (what: Behind) => void;
}

const duration = (seconds: number | null): string => (seconds === null ? '–' : minutesText(seconds / 60));
const jobs = (title: string, query: string, say: JobFact): Behind => ({ kind: 'jobs', title, query, say });
const icon = { size: 15, stroke: 1.9, 'aria-hidden': true } as const;

/** What is done, and how sure that is. */
export function DoneCard({ today: { done }, onOpen }: CardProps): React.JSX.Element {
  const { t } = useTranslation();
  const all = Math.max(done.jobs, 1);
  return (
    <Card id="done" title={t('fleet.done.title')}>
      <BigFigure
        value={wholeText(done.jobs)}
        unit={t('fleet.done.unit', { count: done.jobs })}
        onOpen={() => onOpen(jobs(t('fleet.done.title'), 'of=done', 'ended'))}
      />
      <div className="split" aria-hidden="true">
        <span className="split-good" style={{ width: `${(done.verified / all) * 100}%` }} />
        <span className="split-open" style={{ width: `${(done.pending / all) * 100}%` }} />
        <span className="split-warn" style={{ width: `${(done.unverified / all) * 100}%` }} />
      </div>
      <FigureLine
        label={t('fleet.done.verified')}
        value={wholeText(done.verified)}
        mark={<IconCircleCheck {...icon} className="good" />}
        onOpen={() => onOpen(jobs(t('fleet.done.verified'), 'of=done&verification=verified', 'ended'))}
      />
      <FigureLine
        label={t('fleet.done.pending')}
        value={wholeText(done.pending)}
        mark={<IconClock {...icon} className="muted" />}
        onOpen={() => onOpen(jobs(t('fleet.done.pending'), 'of=done&verification=pending', 'ended'))}
      />
      <FigureLine
        label={t('fleet.done.unverified')}
        value={wholeText(done.unverified)}
        tone={done.unverified > 0 ? 'warn' : undefined}
        mark={<IconAlertTriangle {...icon} className="warn" />}
        onOpen={() => onOpen(jobs(t('fleet.done.unverified'), 'of=done&verification=unverified', 'ended'))}
      />
      <FigureLine
        label={t('fleet.done.notDone')}
        value={wholeText(done.notDone)}
        mark={<IconCircleX {...icon} className="muted" />}
        onOpen={() => onOpen(jobs(t('fleet.done.notDone'), 'of=not_done', 'ended'))}
      />
    </Card>
  );
}

/** Late twice: begun after it was due, and due with nobody there yet. */
export function LateCard({ today: { late, overdue }, onOpen }: CardProps): React.JSX.Element {
  const { t } = useTranslation();
  const openLate = (): void => onOpen(jobs(t('fleet.late.begun'), 'of=late', 'late'));
  const openOverdue = (): void => onOpen(jobs(t('fleet.late.overdue'), 'of=overdue', 'late'));
  return (
    <Card id="late" title={t('fleet.late.title')}>
      <BigFigure
        value={wholeText(overdue.jobs)}
        unit={t('fleet.late.unit', { count: overdue.jobs })}
        tone={overdue.jobs > 0 ? 'bad' : undefined}
        onOpen={openOverdue}
      />
      <FigureLine label={t('fleet.median')} value={duration(overdue.medianSeconds)} onOpen={openOverdue} />
      <FigureLine label={t('fleet.p90')} value={duration(overdue.p90Seconds)} onOpen={openOverdue} />
      <hr />
      <FigureLine
        label={t('fleet.late.begun')}
        note={t('fleet.late.ofBegun', { count: late.begun })}
        value={wholeText(late.jobs)}
        tone={late.jobs > 0 ? 'warn' : undefined}
        onOpen={openLate}
      />
      <FigureLine
        label={t('fleet.late.spread')}
        value={`${duration(late.medianSeconds)} / ${duration(late.p90Seconds)}`}
        onOpen={openLate}
      />
    </Card>
  );
}

/** What waits, and how long the oldest has. */
export function WaitingCard({ today: { waiting }, onOpen }: CardProps): React.JSX.Element {
  const { t } = useTranslation();
  const open = (): void => onOpen(jobs(t('fleet.waiting.title'), 'of=waiting', 'waits'));
  return (
    <Card id="waiting" title={t('fleet.waiting.title')}>
      <BigFigure value={wholeText(waiting.jobs)} unit={t('fleet.waiting.unit', { count: waiting.jobs })} onOpen={open} />
      <FigureLine label={t('fleet.waiting.oldest')} value={duration(waiting.oldestSeconds)} onOpen={open} />
      <FigureLine
        label={t('fleet.waiting.withCrew')}
        value={wholeText(waiting.withCrew)}
        onOpen={() => onOpen(jobs(t('fleet.waiting.withCrew'), 'of=waiting&withCrew=true', 'waits'))}
      />
      <FigureLine
        label={t('fleet.waiting.withoutCrew')}
        value={wholeText(waiting.jobs - waiting.withCrew)}
        onOpen={() => onOpen(jobs(t('fleet.waiting.withoutCrew'), 'of=waiting&withCrew=false', 'waits'))}
      />
      <hr />
      <FigureLine
        label={t('fleet.waiting.underWay')}
        value={wholeText(waiting.underWay)}
        onOpen={() => onOpen(jobs(t('fleet.waiting.underWay'), 'of=under_way', 'state'))}
      />
      <FigureLine
        label={t('fleet.waiting.aside')}
        value={wholeText(waiting.aside)}
        onOpen={() => onOpen(jobs(t('fleet.waiting.aside'), 'of=aside', 'state'))}
      />
    </Card>
  );
}

/** From the report to the first crew on site. */
export function EmergencyCard({ today: { emergencies }, onOpen }: CardProps): React.JSX.Element {
  const { t } = useTranslation();
  const open = (): void => onOpen(jobs(t('fleet.emergencies.title'), 'of=emergencies', 'reached'));
  const missing = emergencies.jobs - emergencies.reached;
  return (
    <Card id="emergencies" title={t('fleet.emergencies.title')}>
      <BigFigure
        value={duration(emergencies.medianSeconds)}
        unit={emergencies.jobs === 0 ? t('fleet.emergencies.none') : t('fleet.emergencies.unit')}
        onOpen={open}
      />
      <FigureLine label={t('fleet.p90')} value={duration(emergencies.p90Seconds)} onOpen={open} />
      <FigureLine
        label={t('fleet.emergencies.reached')}
        value={t('fleet.of', { part: emergencies.reached, all: emergencies.jobs })}
        onOpen={() => onOpen(jobs(t('fleet.emergencies.reached'), 'of=emergencies&reached=true', 'reached'))}
      />
      <hr />
      <FigureLine
        label={t('fleet.emergencies.missing')}
        note={missing > 0 ? t('fleet.emergencies.longest', { time: duration(emergencies.longestOpenSeconds) }) : undefined}
        value={wholeText(missing)}
        tone={missing > 0 ? 'bad' : undefined}
        onOpen={() => onOpen(jobs(t('fleet.emergencies.missing'), 'of=emergencies&reached=false', 'reached'))}
      />
    </Card>
  );
}
