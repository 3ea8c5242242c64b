import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakStop, CrewDay, CrewStop, DepotStop, Eta, Way } from '../../../server/stages/crew-day/contract.ts';
import { vehicleOf } from '../../state/crew-load.ts';
import { ageText, distanceText, minutesText, timeOfDay } from '../../state/format.ts';
import { may } from '../../state/desk-state.ts';
import { en } from '../../words/en.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { useCrews } from '../use-crews.ts';
import { CrewMark } from './crew-mark.tsx';
import { CrewMovements } from './crew-movements.tsx';
import { CrewPhones } from './crew-phones.tsx';
import { DrawerHead, SkeletonLines } from './drawer-head.tsx';
import { EtaRange } from './eta-range.tsx';
import { PriorityMark } from './priority-mark.tsx';

/** One crew's day: who, how full, and the stops in order with when it will be there and how we know. */
export function CrewDrawer({ id, onClose }: { id: string; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const zone = useZone();
  const now = useCityNow(60);
  const crew = useCrews().find(({ shift }) => shift.id === id);
  const day = useDeskState((state) => (state.day?.shiftId === id ? state.day : null));
  const failed = useDeskState((state) => state.dayFailed);
  const mayManage = useDeskState((state) => may(state, 'device.manage'));
  if (crew === undefined) {
    return (
      <div className="drawer">
        <DrawerHead mark={null} title={t('crews.crew')} below="" onClose={onClose} />
        <SkeletonLines lines={6} />
      </div>
    );
  }
  const { shift } = crew;
  return (
    <div className="drawer">
      <DrawerHead
        mark={null}
        title={shift.crewName}
        below={
          <>
            <CrewMark crew={crew} /> · {t('crews.stops', { done: crew.done, all: crew.done + crew.open })}
          </>
        }
        onClose={onClose}
      />
      <dl className="facts">
        <dt>{t('crew.vehicle')}</dt>
        <dd>{vehicleOf(shift, now)?.code ?? '–'}</dd>
        <dt>{t('crew.shift')}</dt>
        <dd className="number">
          {timeOfDay(shift.from, zone)} – {timeOfDay(shift.until, zone)}
        </dd>
        <dt>{t('crew.skills')}</dt>
        <dd>{shift.skills.join(', ') || '–'}</dd>
        {shift.plant.length > 0 && (
          <>
            <dt>{t('crew.plant')}</dt>
            <dd>{shift.plant.join(', ')}</dd>
          </>
        )}
        <dt>{t('crew.load')}</dt>
        <dd className="number">{Math.round(crew.load * 100)} %</dd>
        <dt>{t('crew.position')}</dt>
        <dd className={`number${crew.signal === 'lost' ? ' warn' : ''}`}>
          {crew.ageSeconds === null ? t('crew.positionNone') : t('crews.age', { age: ageText(crew.ageSeconds) })}
          {day !== null && day.position !== null && (
            <span className="muted">
              {' '}
              {day.position.source in en.crew.sourceOf ? t(`crew.sourceOf.${day.position.source}`) : day.position.source}
            </span>
          )}
        </dd>
        <dt>{t('crew.order')}</dt>
        <dd>
          {shift.orderAcknowledged >= shift.orderVersion ? t('crew.seen') : <span className="warn">{t('crew.notSeen')}</span>}
        </dd>
      </dl>
      <CrewMovements shiftId={id} />
      <section className="part" aria-labelledby={titleId}>
        <h3 id={titleId}>{t('crew.stops')}</h3>
        {day === null && !failed && <SkeletonLines lines={6} />}
        {failed && (
          <p className="part-failed">
            {t('error.part')} {t('crew.again')}
          </p>
        )}
        {day !== null && <Stops day={day} />}
      </section>
      {mayManage && <CrewPhones crewName={shift.crewName} vehicle={vehicleOf(shift, now)} />}
    </div>
  );
}

function Stops({ day }: { day: CrewDay }): React.JSX.Element {
  const { t } = useTranslation();
  const work = day.stops.filter(({ kind }) => kind === 'job');
  if (work.length === 0) {
    return (
      <div className="empty">
        <p>{t('crew.noStops')}</p>
        <p className="muted">{t('crew.noStopsHint')}</p>
      </div>
    );
  }
  return (
    <>
      {day.roads.source === 'estimate' ? (
        <p className="callout callout-warning">{t('crew.roadsEstimate')}</p>
      ) : (
        <p className="muted">{t('crew.roads', { source: t(`source.${day.roads.source}`) })}</p>
      )}
      <ol className="stops">
        {day.stops.map((stop) => {
          switch (stop.kind) {
            case 'job':
              return <JobStop key={stop.assignmentId} stop={stop} />;
            case 'break':
              return <BreakLine key={stop.breakId} stop={stop} />;
            case 'depot':
              return <HomeLine key="depot" stop={stop} />;
            default:
              return stop satisfies never;
          }
        })}
      </ol>
    </>
  );
}

function JobStop({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const ended = stop.endedAt !== null;
  const there = stop.state === 'on_site' || stop.state === 'working' || stop.state === 'paused';
  const late = !there && stop.eta !== null && stop.dueAt !== null && Date.parse(stop.eta.arrival) > Date.parse(stop.dueAt);
  return (
    <li className={`stop${ended ? ' stop-ended' : ''} stop-${stop.state}`}>
      {stop.way !== null && <Leg way={stop.way} />}
      <div className="stop-line">
        <PriorityMark priority={stop.priority} small />
        <div>
          <button type="button" className="link" onClick={() => desk.select({ kind: 'job', id: stop.jobId })}>
            {stop.title}
          </button>
          <p className="muted">
            <span className="number">#{stop.jobNumber}</span> · {stop.placeText ?? '–'}
          </p>
          <p className="stop-state">
            {t(`assignment.${stop.state}`)}
            {stop.requested !== null && <span className="warn"> · {t('job.askedBack')}</span>}
            {stop.verification !== null && <span className="muted"> · {t(`crew.${stop.verification}`)}</span>}
          </p>
        </div>
        <div className="stop-time number">
          {ended ? (
            <b>{stop.endedAt !== null && timeOfDay(stop.endedAt, zone)}</b>
          ) : stop.eta === null ? (
            '–'
          ) : (
            <>
              <b className={late ? 'bad' : ''}>
                {there
                  ? t('crew.until', { time: timeOfDay(stop.eta.end, zone) })
                  : t('crew.eta', { time: timeOfDay(stop.eta.arrival, zone) })}
              </b>
              {!there && <EtaRange eta={stop.eta} />}
              <EtaSource eta={stop.eta} />
            </>
          )}
        </div>
      </div>
    </li>
  );
}

/** Every time of arrival says where it comes from and how old that is. */
function EtaSource({ eta }: { eta: Eta }): React.JSX.Element {
  const { t } = useTranslation();
  const from = eta.ageSeconds === null ? t('crew.etaNoPosition') : t('crew.etaFrom', { age: ageText(eta.ageSeconds) });
  return (
    <span className={eta.source === 'estimate' ? 'source source-estimate' : 'source'} title={from}>
      {t(`sourceShort.${eta.source}`)}
      {eta.ageSeconds !== null && ` · ${ageText(eta.ageSeconds)}`}
      <span className="visually-hidden">{from}</span>
    </span>
  );
}

function Leg({ way }: { way: Way }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <p className={`leg number${way.source === 'estimate' ? ' leg-estimate' : ''}`}>
      {t('crew.drive', { time: minutesText(way.seconds / 60), distance: distanceText(way.metres) })}
      {way.source === 'estimate' && ` · ${t('source.estimate')}`}
    </p>
  );
}

function BreakLine({ stop }: { stop: BreakStop }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <li className="stop stop-quiet">
      <div className="stop-line">
        <span />
        <p>
          {t('crew.break')} <span className="muted number">{minutesText(stop.lengthSeconds / 60)}</span>
        </p>
        <div className="stop-time number muted">
          {stop.takenAt !== null
            ? t('crew.breakTaken', { time: timeOfDay(stop.takenAt, zone) })
            : stop.etaStart !== null
              ? t('crew.eta', { time: timeOfDay(stop.etaStart, zone) })
              : `${timeOfDay(stop.earliest, zone)} – ${timeOfDay(stop.latest, zone)}`}
        </div>
      </div>
    </li>
  );
}

function HomeLine({ stop }: { stop: DepotStop }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <li className="stop stop-quiet">
      {stop.way !== null && <Leg way={stop.way} />}
      <div className="stop-line">
        <span />
        <p>{t('crew.home')}</p>
        <div className="stop-time number muted">
          {stop.eta !== null && t('crew.eta', { time: timeOfDay(stop.eta.arrival, zone) })}
        </div>
      </div>
    </li>
  );
}
