import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityMap } from '../../map/city-map.ts';
import type { VehicleSpot } from '../../state/vehicle-spot.ts';
import { VehicleSaid } from './vehicle-card.tsx';

interface FleetListProps {
  readonly map: CityMap;
  readonly spots: ReadonlyMap<string, VehicleSpot>;
  readonly codes: ReadonlyMap<string, string>;
  readonly now: () => number;
  readonly onChoose: (spot: VehicleSpot) => void;
}

/** A list as long as this can be read; who looks for one moves closer. */
const MOST = 60;
const AGAIN_MS = 1_000;

/** The map's vehicles for who cannot see it or points with the keyboard: those in sight by name, each to be chosen. */
export function FleetList({ map, spots, codes, now, onChoose }: FleetListProps): React.JSX.Element {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [, again] = useState(0);
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => again((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, [open]);
  const seen = open ? [...spots.values()].filter((spot) => map.shows(spot.lon, spot.lat)) : [];
  const named = seen
    .map((spot) => ({ spot, code: codes.get(spot.vehicleId) }))
    .sort((a, b) => (a.code ?? '~').localeCompare(b.code ?? '~', undefined, { numeric: true }))
    .slice(0, MOST);
  return (
    <details className="fleet-list" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{open ? t('fleetMap.listCount', { count: seen.length }) : t('fleetMap.list')}</summary>
      {seen.length === 0 && <p className="muted">{t('fleetMap.listNone')}</p>}
      {seen.length > MOST && <p className="muted">{t('fleetMap.listSome', { shown: MOST, count: seen.length })}</p>}
      <ul>
        {named.map(({ spot, code }) => (
          <li key={spot.vehicleId}>
            <button type="button" onClick={() => onChoose(spot)}>
              <VehicleSaid spot={spot} code={code} nowMs={now()} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
