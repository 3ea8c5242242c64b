import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanStopView, PlanView } from '../../../server/stores/plans/contract.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { reasonText } from '../reasons.ts';
import { PriorityMark } from './priority-mark.tsx';

const SHOWN = 12;

/** What publishing would change, kind by kind; a line opens its job. */
export function PlanDifferences({ draft }: { draft: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const added = draft.stops.filter(({ change }) => change === 'new');
  const moved = draft.stops.filter(({ change }) => change === 'other_crew' || change === 'other_time');
  const takenOff = draft.leftOut.filter((left) => left.takenOff);
  const notToday = draft.leftOut.filter((left) => !left.takenOff);
  const leftLine = (left: PlanView['leftOut'][number]): React.JSX.Element => (
    <Line
      key={`${left.jobId} ${left.slot}`}
      jobId={left.jobId}
      title={left.title}
      number={left.jobNumber}
      priority={left.priority}
      below={reasonText(t, 'reason', left.reason)}
      beside={minutesText(left.ageSeconds / 60)}
      besideSaid={t('plan.waitedFor', { time: minutesText(left.ageSeconds / 60) })}
    />
  );
  return (
    <>
      <Group
        title={t('plan.new')}
        lines={added.map((stop) => (
          <StopLine key={`${stop.jobId} ${stop.slot}`} stop={stop} />
        ))}
      />
      <Group
        title={t('plan.moved')}
        lines={moved.map((stop) => (
          <StopLine key={`${stop.jobId} ${stop.slot}`} stop={stop} />
        ))}
      />
      <Group title={t('plan.takenOff')} lines={takenOff.map(leftLine)} />
      <Group title={t('plan.notToday')} lines={notToday.map(leftLine)} closed={notToday.length > SHOWN} />
    </>
  );
}

function Group({
  title,
  lines,
  closed = false,
}: {
  title: string;
  lines: readonly ReactNode[];
  closed?: boolean;
}): React.JSX.Element | null {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (lines.length === 0) return null;
  return (
    <details className="group" open={!closed}>
      <summary>
        {title} <span className="muted number">{lines.length}</span>
      </summary>
      <ul>{all ? lines : lines.slice(0, SHOWN)}</ul>
      {!all && lines.length > SHOWN && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('plan.allNew', { count: lines.length })}
        </button>
      )}
    </details>
  );
}

function StopLine({ stop }: { stop: PlanStopView }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const crew = useDeskState((state) => state.shifts.get(stop.shiftId)?.crewName ?? '–');
  const priority = useDeskState((state) => state.jobs.get(stop.jobId)?.priority ?? 4);
  const late = stop.lateSeconds > 59;
  return (
    <Line
      jobId={stop.jobId}
      title={stop.title}
      number={stop.jobNumber}
      priority={priority}
      below={
        <>
          {crew}
          {stop.change !== 'new' && ` · ${t(`plan.change.${stop.change}`)}`}
          {stop.stale !== null && (
            <span className="warn"> · {t('plan.staleStop', { because: t(`plan.because.${stop.stale}`) })}</span>
          )}
        </>
      }
      beside={timeOfDay(stop.start, zone)}
      besideSaid={late ? t('candidates.lateBy', { time: minutesText(stop.lateSeconds / 60) }) : null}
      late={late}
    />
  );
}

interface LineProps {
  readonly jobId: string;
  readonly title: string;
  readonly number: number;
  readonly priority: number;
  readonly below: ReactNode;
  readonly beside: string;
  readonly besideSaid: string | null;
  readonly late?: boolean;
}

function Line(props: LineProps): React.JSX.Element {
  const desk = useDesk();
  return (
    <li className="difference">
      <PriorityMark priority={props.priority} small />
      <button type="button" className="link" onClick={() => desk.select({ kind: 'job', id: props.jobId })}>
        {props.title} <span className="muted number">#{props.number}</span>
      </button>
      <span className={`number${props.late === true ? ' bad' : ' muted'}`} title={props.besideSaid ?? undefined}>
        {props.beside}
        {props.besideSaid !== null && <span className="visually-hidden">{props.besideSaid}</span>}
      </span>
      <p className="muted">{props.below}</p>
    </li>
  );
}
