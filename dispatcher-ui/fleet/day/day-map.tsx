import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedCrew, RecordedDay } from '../../../server/stores/recorded-days/contract.ts';
import { openCityMap, type CityMap } from '../../map/city-map.ts';
import { boundsOf } from '../../map/features.ts';
import { outcomeLayersOf } from '../../map/outcome-layers.ts';
import { chosenTheme, listenTheme } from '../../state/theme.ts';
import { useFleetState } from '../fleet-context.ts';
import { crewAt, lineOf, lookOf } from './day-shape.ts';

type Features = GeoJSON.FeatureCollection;
const collection = (features: GeoJSON.Feature[]): Features => ({ type: 'FeatureCollection', features });
const point = (lon: number, lat: number, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties,
});
/** Crews' tags have the looks they have at the desk. */
const CREW_LOOK = { drive: 'on_the_way', work: 'on_site', break: 'free', idle: 'free' } as const;

const jobsAt = (day: RecordedDay, atMs: number): Features =>
  collection(
    day.jobs.flatMap((job) => {
      const look = lookOf(job, atMs);
      return look === null ? [] : [point(job.place.lon, job.place.lat, { priority: job.priority, look })];
    }),
  );

const crewsAt = (day: RecordedDay, atMs: number, chosen: number | null): Features =>
  collection(
    day.crews.flatMap((crew) => {
      const now = crewAt(crew, atMs);
      if (now === null) return [];
      return [
        point(now.place[0], now.place[1], {
          id: String(crew.number),
          select: 'shift',
          label: `C${crew.number}`,
          look: CREW_LOOK[now.kind],
          stale: now.silent,
          moving: false,
          dense: day.crews.length > 30,
          stack: 0,
          selected: crew.number === chosen,
        }),
      ];
    }),
  );

/** The way a crew had driven by then, and its stops in their order. */
function wayBy(crew: RecordedCrew | undefined, atMs: number): { way: Features; stops: Features } {
  const ways: GeoJSON.Feature[] = [];
  const stops: GeoJSON.Feature[] = [];
  for (const stretch of crew?.stretches ?? []) {
    if (Date.parse(stretch.from) > atMs) break;
    const line = lineOf(stretch);
    if (stretch.kind === 'drive' && line.length > 1)
      ways.push({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: line.map(([lon, lat]) => [lon, lat]) },
        properties: {},
      });
    if (stretch.kind === 'work' && line[0] !== undefined)
      stops.push(point(line[0][0], line[0][1], { number: String(stops.length + 1) }));
  }
  return { way: collection(ways), stops: collection(stops) };
}

interface DayMapProps {
  readonly day: RecordedDay;
  readonly atMs: number;
  /** A crew's number. */
  readonly chosen: number | null;
  readonly onChoose: (crew: number | null) => void;
}

/** The day's jobs and crews at one moment. What it shows is in the lists and the timeline too. */
export function DayMap({ day, atMs, chosen, onChoose }: DayMapProps): React.JSX.Element {
  const { t } = useTranslation();
  const city = useFleetState((state) => state.city);
  const theme = useSyncExternalStore(listenTheme, chosenTheme);
  const box = useRef<HTMLDivElement>(null);
  const choose = useRef(onChoose);
  const [map, setMap] = useState<CityMap | null>(null);
  useEffect(() => void (choose.current = onChoose), [onChoose]);
  const attribution = city?.attribution ?? null;
  useEffect(() => {
    if (box.current === null || attribution === null) return;
    const opened = openCityMap({
      container: box.current,
      theme: chosenTheme(),
      bounds: day.bounds,
      attribution,
      layers: outcomeLayersOf,
      onSelect: (what) => choose.current(what?.kind === 'shift' ? Number(what.id) : null),
    });
    opened.show('depots', collection(day.depots.map(({ name, place }) => point(place.lon, place.lat, { name }))));
    const bounds = boundsOf(day.jobs.map(({ place }) => point(place.lon, place.lat, {})));
    if (bounds !== null) opened.fit(bounds, { atOnce: true });
    setMap(opened);
    const watch = new ResizeObserver(() => opened.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      setMap(null);
      opened.remove();
    };
  }, [day, attribution]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => {
    if (map === null) return;
    map.show('jobs', jobsAt(day, atMs));
    map.show('vehicles', crewsAt(day, atMs, chosen));
    const { way, stops } = wayBy(
      day.crews.find(({ number }) => number === chosen),
      atMs,
    );
    map.show('way', way);
    map.show('stops', stops);
  }, [map, day, atMs, chosen]);
  return (
    <div className="day-map" role="group" aria-label={t('fleet.day.map')}>
      <div ref={box} className="map" data-testid="map" />
      {city !== null && city.name !== day.city && (
        <p className="callout callout-warning">{t('fleet.day.mapElsewhere', { city: day.cityTitle })}</p>
      )}
    </div>
  );
}
