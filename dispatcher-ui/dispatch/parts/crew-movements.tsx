import { useCallback, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { MovementView } from '../../../server/stores/movements/contract.ts';
import { distanceText, timeOfDay } from '../../state/format.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';

const SHOWN = 5;

/** What a crew's vehicle was seen to do: what goes on first, then the newest, a line each. */
export function CrewMovements({ shiftId }: { shiftId: string }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const touched = useDeskState((state) => state.touched.get(shiftId) ?? 0);
  const read = useCallback((signal: AbortSignal) => desk.reads.movements(shiftId, signal), [desk, shiftId]);
  const { value, failed, again } = useReading(`${touched}`, read);
  const goingOn = value?.filter(({ until, kind }) => until === null || kind === 'panic') ?? [];
  const over = value?.filter((one) => !goingOn.includes(one)) ?? [];
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('movement.title')}</h3>
      {value === null && !failed && <SkeletonLines lines={2} />}
      {failed && <PartFailed onRetry={again} />}
      {value?.length === 0 && <p className="muted">{t('movement.none')}</p>}
      <ul className="movements">
        {[...goingOn, ...over].slice(0, Math.max(SHOWN, goingOn.length)).map((movement) => (
          <MovementLine key={`${movement.vehicleId} ${movement.kind} ${movement.subject}`} movement={movement} />
        ))}
      </ul>
    </section>
  );
}

function MovementLine({ movement }: { movement: MovementView }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const { kind, since, until, facts } = movement;
  const place = usePlaceName(movement);
  const goesOn = until === null;
  const warns = kind !== 'fence' && (goesOn || kind === 'panic');
  const from = timeOfDay(since, zone);
  const text = kind === 'fence' ? t(goesOn ? 'movement.at' : 'movement.wasAt', { place }) : t(`movement.kind.${kind}`);
  const figure =
    kind === 'off_way' && typeof facts['metres'] === 'number'
      ? t('movement.figure.metres', { distance: distanceText(facts['metres']) })
      : kind === 'speeding' && typeof facts['speedMps'] === 'number'
        ? t('movement.figure.speed', { speed: Math.round(facts['speedMps'] * 3.6) })
        : null;
  return (
    <li className={warns ? 'warn' : goesOn ? '' : 'muted'}>
      <span>
        {text}
        {figure !== null && <span className="number"> · {figure}</span>}
      </span>
      <span className="number">
        {kind === 'panic'
          ? from
          : goesOn
            ? t('movement.goesOn', { time: from })
            : t('movement.was', { from, until: timeOfDay(until, zone) })}
      </span>
    </li>
  );
}

/** What people call the place: the number of the job, or the depot. */
function usePlaceName({ facts }: MovementView): string {
  const { t } = useTranslation();
  const { jobId } = facts;
  const number = useDeskState((state) => (typeof jobId === 'string' ? state.jobs.get(jobId)?.number : undefined));
  if (typeof facts['depot'] === 'string') return t('movement.depot');
  return number === undefined ? t('movement.stop') : t('movement.job', { number });
}
