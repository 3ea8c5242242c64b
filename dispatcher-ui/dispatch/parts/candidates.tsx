import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate } from '../../../server/stages/planning/contract.ts';
import { assign } from '../../state/desk-actions.ts';
import { holders, isUnderWay, type DeskJob } from '../../state/desk-job.ts';
import { ageText, minutesText, timeOfDay } from '../../state/format.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { priceText, signedPrice } from '../explain-text.ts';
import { reasonText } from '../reasons.ts';
import { onKeyCommand } from '../use-keys.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';

const KEYED = 3;
/** More would push everything else out of sight; the rest is one press away. */
const SHOWN = 6;
/** The city moves on: who was nearest a minute ago may not be. */
const AGAIN_MS = 20_000;

/** Who could take a slot of the job now, the cheapest first, with the keys 1 to 3; and why the others cannot. */
export function Candidates({ job }: { job: DeskJob }): React.JSX.Element | null {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const held = holders(job);
  const free = job.slots.findIndex((_, i) => !held.some(({ slot }) => slot === i));
  const slot = free === -1 ? 0 : free;
  const [tick, setTick] = useState(0);
  const [all, setAll] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const read = useCallback((signal: AbortSignal) => desk.reads.candidates(job.id, slot, signal), [desk, job.id, slot]);
  const { value, failed, again } = useReading(`${job.version} ${job.planningVersion} ${tick}`, read);
  const able = value?.candidates.filter(({ fit }) => fit !== null) ?? [];
  const others = able.filter(({ current }) => !current);
  const unable = value?.candidates.filter(({ fit }) => fit === null) ?? [];
  // What an override would be against: whoever has it, else whoever costs least.
  const against = able.find(({ current }) => current) ?? able[0];
  const fixed = held.some((a) => a.slot === slot && isUnderWay(a));

  const give = useRef<(rank: number) => void>(() => undefined);
  useEffect(() => {
    give.current = (rank) => {
      const candidate = others[rank];
      if (candidate !== undefined) void assign(desk, job, slot, { id: candidate.shiftId, name: candidate.crewName });
    };
  });
  useEffect(
    () =>
      onKeyCommand((command) => {
        if (command === 'assign_1') give.current(0);
        if (command === 'assign_2') give.current(1);
        if (command === 'assign_3') give.current(2);
      }),
    [],
  );
  // A crew that is on its way is called back first.
  if (fixed) return null;

  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('candidates.title')}</h3>
      {value === null && !failed && <SkeletonLines lines={5} />}
      {failed && <PartFailed onRetry={again} />}
      {value !== null && able.length === 0 && (
        <p className="muted">{value.candidates.length === 0 ? t('candidates.noShifts') : t('candidates.none')}</p>
      )}
      <ol className="cards" aria-label={t('candidates.able')}>
        {(all ? able : able.filter(({ current }, i) => i < SHOWN || current)).map((candidate) => {
          const rank = others.indexOf(candidate);
          return (
            <AbleCrew
              key={candidate.shiftId}
              candidate={candidate}
              against={against}
              keyed={rank >= 0 && rank < KEYED ? rank + 1 : null}
              onAssign={() => void assign(desk, job, slot, { id: candidate.shiftId, name: candidate.crewName })}
            />
          );
        })}
      </ol>
      {!all && able.length > SHOWN && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('candidates.all', { count: able.length })}
        </button>
      )}
      {unable.length > 0 && (
        <details className="unable" open={able.length === 0}>
          <summary>{t('candidates.unable', { count: unable.length })}</summary>
          <ul>
            {unable.map((candidate) => (
              <li key={candidate.shiftId}>
                <span>{candidate.crewName}</span>
                <span className="muted">{candidate.blocked === null ? '–' : reasonText(t, 'blocked', candidate.blocked)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface AbleCrewProps {
  readonly candidate: Candidate;
  readonly against: Candidate | undefined;
  readonly keyed: number | null;
  readonly onAssign: () => void;
}

function AbleCrew({ candidate, against, keyed, onAssign }: AbleCrewProps): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const desk = useDesk();
  const known = useDeskState((state) => state.shifts.has(candidate.shiftId));
  const { fit } = candidate;
  if (fit === null) return <li />;
  const from = t(`candidates.from.${candidate.startSource}`, { age: ageText(candidate.startAgeSeconds ?? 0) });
  return (
    <li className={`card candidate${candidate.current ? ' candidate-current' : ''}`}>
      <div className="candidate-main">
        <button
          type="button"
          className="link"
          disabled={!known}
          onClick={() => desk.select({ kind: 'shift', id: candidate.shiftId })}
        >
          {candidate.crewName}
        </button>
        <p className="muted number">
          <span className="fact">{t('candidates.startsAt', { time: timeOfDay(fit.start, zone) })}</span>
          {fit.lateSeconds > 59 ? (
            <span className="fact bad">{t('candidates.lateBy', { time: minutesText(fit.lateSeconds / 60) })}</span>
          ) : (
            <span className="fact good">{t('candidates.onTime')}</span>
          )}
          {fit.extraTravelSeconds > 59 && (
            <span className="fact">{t('candidates.extra', { time: minutesText(fit.extraTravelSeconds / 60) })}</span>
          )}
          <OverridePrice candidate={candidate} against={against} />
          {fit.othersLateSeconds > 59 && (
            <span className="fact bad">{t('candidates.othersLate', { time: minutesText(fit.othersLateSeconds / 60) })}</span>
          )}
        </p>
      </div>
      <div className="candidate-away number" title={from}>
        {candidate.travelSeconds === null ? '–' : minutesText(candidate.travelSeconds / 60)}
        <span className={candidate.travelSource === 'estimate' ? 'source source-estimate' : 'source'}>
          {t(`sourceShort.${candidate.travelSource}`)}
        </span>
        <span className="visually-hidden">{from}</span>
      </div>
      {candidate.current ? (
        <span className="tag">{t('candidates.current')}</span>
      ) : (
        <button
          type="button"
          className={keyed === 1 ? 'primary' : ''}
          onClick={onAssign}
          {...(keyed === null ? {} : { 'aria-keyshortcuts': String(keyed) })}
        >
          {t('candidates.assign')} {keyed !== null && <kbd aria-hidden="true">{keyed}</kbd>}
          <span className="visually-hidden">{t('candidates.assignTo', { crew: candidate.crewName })}</span>
        </button>
      )}
    </li>
  );
}

/** What choosing this crew costs more than the other, before it is done. */
function OverridePrice({ candidate, against }: Pick<AbleCrewProps, 'candidate' | 'against'>): React.JSX.Element | null {
  const { t } = useTranslation();
  const minuteCost = useDeskState((state) => state.city?.drivingMinuteCost ?? 0);
  if (against === undefined || against === candidate || against.fit === null || candidate.fit === null) return null;
  const difference = Math.round(candidate.fit.extraCost - against.fit.extraCost);
  if (difference === 0) return null;
  const words = { price: priceText({ t, minuteCost }, difference), crew: against.crewName };
  return (
    <span className="fact" title={t(difference > 0 ? 'candidates.price' : 'candidates.cheaper', words)}>
      {t('candidates.override', { price: signedPrice({ minuteCost }, difference) })}
    </span>
  );
}
