import { IconCoffee, IconHome } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BreakStop, CrewDay, CrewStop, DepotStop } from '../../../server/stages/crew-day/contract.ts';
import { PriorityMark } from '../../dispatch/parts/priority-mark.tsx';
import { distanceText, minutesText, timeOfDay } from '../../state/format.ts';
import { usePhone, useZone } from '../phone-context.ts';
import { endedJobs } from '../steps.ts';
import { EndedJob } from './ended-job.tsx';
import { Sheet } from './sheet.tsx';

/** The whole day in order: what is to do, breaks, the depot, and what is finished. */
export function DaySheet({ day, inHand }: { day: CrewDay; inHand: CrewStop | null }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const ended = endedJobs(day);
  const coming = day.stops.filter((stop) => stop.kind !== 'job' || stop.endedAt === null);
  let number = 0;
  return (
    <Sheet title={t('phone.day.title')}>
      <h2>{t('phone.day.open')}</h2>
      {coming.length === 0 && <p className="muted">{t('phone.day.none')}</p>}
      <ol className="day-list">
        {coming.map((stop) => {
          switch (stop.kind) {
            case 'job':
              return <OpenJob key={stop.assignmentId} stop={stop} number={++number} inHand={stop === inHand} />;
            case 'break':
              return <BreakRow key={stop.breakId} stop={stop} />;
            case 'depot':
              return <DepotRow key="depot" stop={stop} />;
            default:
              return stop satisfies never;
          }
        })}
      </ol>
      {ended.length > 0 && (
        <>
          <h2>{t('phone.day.done')}</h2>
          <ol className="day-list">
            {ended.map((job) => (
              <EndedJob key={job.assignmentId} job={job} />
            ))}
          </ol>
        </>
      )}
      <p className="muted small number">{t('phone.day.asOf', { time: timeOfDay(day.now, zone) })}</p>
    </Sheet>
  );
}

const About = ({ eta }: { eta: CrewStop['eta'] }): React.JSX.Element | null => {
  const { t } = useTranslation();
  const zone = useZone();
  if (eta === null) return null;
  return (
    <>
      {timeOfDay(eta.arrival, zone)}
      {eta.source === 'estimate' && (
        <>
          <br />
          <span className="small">{t('phone.day.estimate')}</span>
        </>
      )}
    </>
  );
};

function OpenJob({ stop, number, inHand }: { stop: CrewStop; number: number; inHand: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <li>
      <button
        type="button"
        className="day-row"
        aria-current={inHand ? 'step' : undefined}
        onClick={() => {
          phone.choose(stop.assignmentId);
          phone.close();
        }}
      >
        <span className="row-number number" aria-hidden="true">
          {number}
        </span>
        <span className="grow">
          <span className="row-title">
            <PriorityMark priority={stop.priority} small />
            {stop.title}
          </span>
          <span className="muted small">{stop.placeText ?? t('phone.stop.noPlace')}</span>
          <span className="small">
            {t(`phone.state.${stop.state}`)}
            {inHand && `, ${t('phone.day.inHand')}`}
          </span>
        </span>
        <span className="number muted row-time">
          #{stop.jobNumber}
          <br />
          <About eta={stop.eta} />
        </span>
      </button>
    </li>
  );
}

function BreakRow({ stop }: { stop: BreakStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  return (
    <li className="day-row">
      <span className="row-mark">
        <IconCoffee aria-hidden="true" />
      </span>
      <span className="grow">
        <span className="row-title">{t('phone.break.title')}</span>
        <span className="muted small number">
          {stop.takenAt === null
            ? t('phone.break.length', {
                time: minutesText(stop.lengthSeconds / 60),
                earliest: timeOfDay(stop.earliest, zone),
                latest: timeOfDay(stop.latest, zone),
              })
            : t('phone.break.taken', { time: timeOfDay(stop.takenAt, zone) })}
        </span>
        {stop.takenAt === null && (
          <button type="button" onClick={() => phone.takeBreak(stop.breakId)}>
            {t('phone.break.take')}
          </button>
        )}
      </span>
      {stop.etaStart !== null && stop.takenAt === null && (
        <span className="number muted row-time">{timeOfDay(stop.etaStart, zone)}</span>
      )}
    </li>
  );
}

function DepotRow({ stop }: { stop: DepotStop }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <li className="day-row">
      <span className="row-mark">
        <IconHome aria-hidden="true" />
      </span>
      <span className="grow">
        <span className="row-title">{t('phone.day.depot')}</span>
        {stop.way !== null && (
          <span className="muted small number">
            {t('phone.directions.total', { time: minutesText(stop.way.seconds / 60), distance: distanceText(stop.way.metres) })}
          </span>
        )}
      </span>
      <span className="number muted row-time">
        <About eta={stop.eta} />
      </span>
    </li>
  );
}
