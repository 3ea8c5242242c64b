import { useTranslation } from 'react-i18next';
import { signalOf } from '../../map/fleet-marks.ts';
import { ageText } from '../../state/format.ts';
import type { VehicleSpot } from '../../state/vehicle-spot.ts';
import { useDeskState } from '../desk-context.ts';

interface SaidProps {
  readonly spot: VehicleSpot;
  readonly code: string | undefined;
  readonly nowMs: number;
}

/** Of one vehicle in words: whose it is, how old its place is, who says so, and how far that can be trusted. */
export function VehicleSaid({ spot, code, nowMs }: SaidProps): React.JSX.Element {
  const { t } = useTranslation();
  const crew = useDeskState((state) => (spot.shiftId === null ? undefined : state.shifts.get(spot.shiftId)?.crewNumber));
  const freshSeconds = useDeskState((state) => state.city?.positionFreshSeconds ?? 300);
  const signal = signalOf(spot, nowMs, freshSeconds);
  const source = spot.source === 'crew_phone' || spot.source === 'tracker' ? spot.source : 'unknown';
  const said = [
    crew === undefined ? t('fleetMap.noCrew') : t('fleetMap.crew', { crew: `C${crew}` }),
    t('fleetMap.age', { age: ageText(Math.max(0, (nowMs - spot.fixAtMs) / 1000)) }),
    t(`fleetMap.source.${source}`),
    ...(spot.accuracyMetres === null ? [] : [t('fleetMap.accuracy', { metres: Math.round(spot.accuracyMetres) })]),
    ...(signal !== 'fresh' || spot.speedMps === null ? [] : [t('fleetMap.speed', { speed: Math.round(spot.speedMps * 3.6) })]),
  ];
  return (
    <>
      <strong>{code ?? t('fleetMap.unnamed')}</strong> <span>{said.join(' · ')}</span>
      {signal !== 'fresh' && <span className="vehicle-signal">{t(`fleetMap.signal.${signal}`)}</span>}
    </>
  );
}

interface CardProps extends SaidProps {
  /** Pixels from the map's left and top; null: at its foot. */
  readonly at: { readonly x: number; readonly y: number } | null;
}

/** What the pointer rests on, or what was chosen. */
export function VehicleCard({ at, ...said }: CardProps): React.JSX.Element {
  const place = at === null ? {} : { insetInlineStart: at.x + 14, top: at.y + 14 };
  return (
    <p className={at === null ? 'vehicle-card vehicle-card-foot' : 'vehicle-card'} style={place} role="status">
      <VehicleSaid {...said} />
    </p>
  );
}
