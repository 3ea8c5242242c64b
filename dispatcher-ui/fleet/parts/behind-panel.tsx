import { IconExternalLink, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewLoad, FleetToday } from '../../../server/stages/reporting/contract.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { kilometresText, loadParts, wholeText } from '../figures.ts';
import { useZone } from '../fleet-context.ts';
import { JobsList, ReportsList } from './behind-lists.tsx';

interface PanelProps {
  readonly what: Behind;
  readonly today: FleetToday;
  readonly onClose: () => void;
  readonly onOpen: (what: Behind) => void;
}

/** What a figure is made of, beside the figures; Escape goes back to where one came from. */
export function BehindPanel({ what, today, onClose, onOpen }: PanelProps): React.JSX.Element {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const key = JSON.stringify(what);
  useEffect(() => heading.current?.focus(), [key]);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onClose]);
  const { title, body } = useContent({ what, today, onOpen });
  return (
    <aside className="behind" aria-label={t('fleet.behind.label')}>
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="icon" onClick={onClose} aria-label={t('dispatch.close')} aria-keyshortcuts="Escape">
          <IconX size={18} aria-hidden="true" />
        </button>
      </header>
      <div className="behind-body" key={key}>
        {body}
      </div>
    </aside>
  );
}

function useContent({ what, today, onOpen }: Omit<PanelProps, 'onClose'>): { title: string; body: ReactNode } {
  const { t } = useTranslation();
  const zone = useZone();
  switch (what.kind) {
    case 'jobs':
      return { title: what.title, body: <JobsList query={what.query} say={what.say} at={today.at} /> };
    case 'hour': {
      const hour = today.hours.find((one) => one.hour === what.hour);
      return {
        title: t('fleet.hours.behind', {
          from: timeOfDay(what.from, zone),
          until: timeOfDay(Date.parse(what.from) + 3_600_000, zone),
        }),
        body: (
          <>
            <h3>{t('fleet.hours.doneBehind', { count: hour?.done ?? 0 })}</h3>
            <JobsList query={`of=done&hour=${what.hour}`} say="ended" at={today.at} />
            <h3>{t('fleet.hours.reportsBehind', { count: hour?.reports ?? 0 })}</h3>
            <ReportsList query={`hour=${what.hour}`} at={today.at} />
          </>
        ),
      };
    }
    case 'crew': {
      const crew = today.crews.find(({ shiftId }) => shiftId === what.shiftId);
      return { title: crew?.crewName ?? '–', body: crew === undefined ? null : <CrewBehind crew={crew} at={today.at} /> };
    }
    case 'kilometres':
      return { title: t('fleet.kilometres.behind'), body: <KilometresBehind crews={today.crews} onOpen={onOpen} /> };
    case 'plan':
      return { title: t('fleet.plans.behind'), body: <PlanBehind plan={today.plans.find(({ id }) => id === what.id)} /> };
    default:
      return what satisfies never;
  }
}

function CrewBehind({ crew, at }: { crew: CrewLoad; at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const { share } = loadParts(crew);
  const span = (seconds: number): string => minutesText(seconds / 60);
  return (
    <>
      <dl className="facts number">
        <dt>{t('fleet.crews.shift')}</dt>
        <dd>
          {timeOfDay(crew.from, zone)}–{timeOfDay(crew.until, zone)},{' '}
          {t('fleet.crews.available', { time: span(crew.availableSeconds) })}
        </dd>
        <dt>{t('fleet.crews.work')}</dt>
        <dd>{t('fleet.crews.doneAndAhead', { done: span(crew.workedSeconds), ahead: span(crew.workAheadSeconds) })}</dd>
        <dt>{t('fleet.crews.drive')}</dt>
        <dd>
          {t('fleet.crews.doneAndAhead', { done: span(crew.drivenSeconds), ahead: span(crew.driveAheadSeconds) })}
          {crew.stopsWithoutDriving > 0 && (
            <>
              <br />
              <span className="muted">{t('fleet.crews.withoutDriving', { count: crew.stopsWithoutDriving })}</span>
            </>
          )}
        </dd>
        <dt>{t('fleet.crews.share')}</dt>
        <dd>{t('fleet.percent', { share: Math.round(share * 100) })}</dd>
        <dt>{t('fleet.kilometres.title')}</dt>
        <dd>
          {crew.metres === null ? '–' : kilometresText(crew.metres)}, {t(`fleet.kilometres.from.${crew.metresFrom}`)}
        </dd>
      </dl>
      <p>
        <a className="button" href={`/?crew=${crew.crewNumber}`}>
          <IconExternalLink size={15} aria-hidden="true" /> {t('fleet.behind.crewInDispatch')}
        </a>
      </p>
      <h3>{t('fleet.crews.jobs')}</h3>
      <JobsList query={`of=crew&shiftId=${crew.shiftId}`} say="state" at={at} />
    </>
  );
}

function KilometresBehind({ crews, onOpen }: { crews: readonly CrewLoad[]; onOpen: (what: Behind) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const rows = [...crews].sort((a, b) => (b.metres ?? -1) - (a.metres ?? -1));
  return (
    <>
      <p className="muted">{t('fleet.kilometres.how')}</p>
      <table className="rows number">
        <tbody>
          {rows.map((crew) => (
            <tr key={crew.shiftId}>
              <th scope="row">
                <button type="button" className="link" onClick={() => onOpen({ kind: 'crew', shiftId: crew.shiftId })}>
                  {crew.crewName}
                </button>
              </th>
              <td className="muted">{t(`fleet.kilometres.from.${crew.metresFrom}`)}</td>
              <td className="right">{crew.metres === null ? '–' : kilometresText(crew.metres)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function PlanBehind({ plan }: { plan: FleetToday['plans'][number] | undefined }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  if (plan === undefined) return null;
  const { changes } = plan;
  return (
    <>
      <dl className="facts number">
        <dt>{t('fleet.plans.made')}</dt>
        <dd>{timeOfDay(plan.madeAt, zone)}</dd>
        <dt>{t('fleet.plans.state')}</dt>
        <dd>
          {t(`fleet.plans.stateOf.${plan.state}`)}
          {plan.publishedAt !== null && `, ${t('fleet.plans.publishedAt', { time: timeOfDay(plan.publishedAt, zone) })}`}
        </dd>
        <dt>{t('fleet.plans.cost')}</dt>
        <dd>{wholeText(plan.cost)}</dd>
        <dt>{t('plan.lp')}</dt>
        <dd>{plan.certified ? t('plan.certified') : <span className="warn">{t('plan.notCertified')}</span>}</dd>
        <dt>{t('plan.roads')}</dt>
        <dd className={plan.roadsSource === 'estimate' ? 'warn' : ''}>{t(`source.${plan.roadsSource}`)}</dd>
      </dl>
      <p>
        <a className="button" href={`/plan/${plan.id}`}>
          {t('explain.proof.details')}
        </a>
      </p>
      <h3>{t('fleet.plans.changes')}</h3>
      {changes === null ? (
        <p className="muted">{t('fleet.plans.neverPublished')}</p>
      ) : (
        <dl className="facts number">
          {(['assigned', 'moved', 'unassigned', 'unchanged', 'dispatched', 'leftAlone'] as const).map((what) => (
            <div key={what}>
              <dt>{t(`fleet.plans.change.${what}`)}</dt>
              <dd>{wholeText(changes[what])}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
