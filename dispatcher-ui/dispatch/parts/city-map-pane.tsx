import { IconHistory, IconSnowflake } from '@tabler/icons-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { openCityMap, type CityMap } from '../../map/city-map.ts';
import { areaFeatures, boundsOf, boundsOfPolygons, depotFeatures, jobFeatures, wayFeatures } from '../../map/features.ts';
import { cityNow } from '../../state/city-clock.ts';
import type { Selection } from '../../state/desk-state.ts';
import { timeOfDay } from '../../state/format.ts';
import type { VehicleSpot } from '../../state/vehicle-spot.ts';
import { chosenTheme, listenTheme } from '../../state/theme.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { useFleet, useFrozenAt, useVehicleCodes } from '../use-fleet.ts';
import { useMapLayers } from '../use-map-layers.ts';
import { useReplay } from '../use-replay.ts';
import { FleetList } from './fleet-list.tsx';
import './fleet-map.css';
import { MapKey } from './map-key.tsx';
import { ReplayBar } from './replay-bar.tsx';
import { VehicleCard } from './vehicle-card.tsx';

const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

interface Pointed {
  readonly vehicleId: string;
  readonly at: { readonly x: number; readonly y: number } | null;
}

/** The city with its jobs, vehicles, depots and the selected crew's way. What it shows is in the lists too. */
export function CityMapPane(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const city = useDeskState((state) => state.city);
  const jobs = useDeskState((state) => state.jobs);
  const selection = useDeskState((state) => state.selection);
  const theme = useSyncExternalStore(listenTheme, chosenTheme);
  const areas = useDeskState((state) => state.areas);
  const areaId = useDeskState((state) => state.areaId);
  const [layers, showLayer] = useMapLayers();
  const zone = useZone();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [chosen, setChosen] = useState<Pointed | null>(null);
  const [replaying, setReplaying] = useState(false);
  const frozenAt = useFrozenAt();
  const codes = useVehicleCodes();
  const player = useReplay(replaying);
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const day = useDeskState((state) => (state.selection?.kind === 'shift' ? state.day : null));

  useEffect(() => {
    if (box.current === null || city === null) return;
    const opened = openCityMap({
      container: box.current,
      theme: chosenTheme(),
      bounds: city.bounds,
      attribution: city.attribution,
      onSelect(what) {
        setChosen(what?.kind === 'vehicle' ? { vehicleId: what.id, at: null } : null);
        if (what?.kind !== 'vehicle') desk.select(what as Selection | null);
      },
      onPoint: (at) => setPointed(at === null ? null : { vehicleId: at.vehicleId, at }),
      onView: (view) => desk.look(view),
    });
    opened.show('depots', depotFeatures(city));
    setMap(opened);
    const watch = new ResizeObserver(() => opened.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      setMap(null);
      opened.remove();
    };
  }, [city, desk]);
  useEffect(() => map?.setTheme(theme), [map, theme]);

  const selectedJob = selection?.kind === 'job' ? selection.id : null;
  useEffect(() => {
    const shown = jobFeatures(jobs, selectedJob, layers.withCrews);
    map?.show('jobs', shown.jobs);
    map?.show('crowd', shown.crowd);
  }, [map, jobs, selectedJob, layers.withCrews]);

  const hasAreas = areas.some(({ polygons }) => polygons !== null);
  useEffect(() => map?.show('areas', areaFeatures(areas, areaId)), [map, areas, areaId]);
  useEffect(() => {
    map?.setVisible('areas', layers.areas || areaId !== null);
    map?.setVisible('depots', layers.depots);
    // Jobs and ways are of now: they do not belong to a replay.
    for (const layer of ['jobs', 'crowd', 'way', 'stops'] as const) map?.setVisible(layer, !replaying);
  }, [map, layers, areaId, replaying]);
  useEffect(() => {
    const polygons = areas.find(({ id }) => id === areaId)?.polygons ?? null;
    if (polygons !== null) map?.fit(boundsOfPolygons(polygons));
  }, [map, areas, areaId]);

  useFleet(map, layers, codes, frozenAt !== null, player?.replayed ?? null);

  useEffect(() => {
    if (map === null) return;
    const shown = day === null ? null : wayFeatures(day);
    map.show('way', shown?.way ?? NOTHING);
    map.show('stops', shown?.stops ?? NOTHING);
  }, [map, day]);

  // It begins where there is work, once that is known.
  const framed = useRef(false);
  useEffect(() => {
    if (map === null || city === null || framed.current || jobs.size === 0) return;
    framed.current = true;
    const { jobs: single, crowd } = jobFeatures(jobs, null);
    const bounds = boundsOf([...single.features, ...crowd.features, ...depotFeatures(city).features]);
    if (bounds !== null && desk.store.getState().selection === null) map.fit(bounds, { atOnce: true });
  }, [map, city, jobs, desk]);

  // The map goes to what is selected, once: who then looks elsewhere is not pulled back.
  const looked = useRef<string | null>(null);
  useEffect(() => {
    if (map === null || selection === null) return void (looked.current = null);
    if (looked.current === selection.id) return;
    if (selection.kind === 'job') {
      const job = jobs.get(selection.id);
      if (job === undefined) return;
      looked.current = selection.id;
      map.lookAt(job.roadPoint.lon, job.roadPoint.lat);
    } else if (day !== null && day.shiftId === selection.id) {
      looked.current = selection.id;
      const { way, stops } = wayFeatures(day);
      const bounds = boundsOf([...way.features, ...stops.features]);
      if (bounds !== null) map.fit(bounds);
      else if (day.position !== null) map.lookAt(day.position.lon, day.position.lat);
    }
  }, [map, selection, jobs, day]);

  const spots: ReadonlyMap<string, VehicleSpot> = player?.replayed.spots ?? desk.positions.latest;
  const now = (): number => {
    const { clock } = desk.store.getState();
    return player?.atMs ?? (clock === null ? 0 : cityNow(clock, Date.now()));
  };
  const choose = (spot: VehicleSpot): void => {
    map?.lookAt(spot.lon, spot.lat);
    setChosen({ vehicleId: spot.vehicleId, at: null });
    if (spot.shiftId !== null && player === null && desk.store.getState().shifts.has(spot.shiftId)) {
      desk.select({ kind: 'shift', id: spot.shiftId });
    }
  };
  const card = pointed ?? chosen;
  const carded = card === null ? undefined : spots.get(card.vehicleId);

  const look = player !== null ? ' map-replaying' : frozenAt !== null ? ' map-still' : '';
  return (
    <section className={`pane map-pane${look}`} aria-label={t('dispatch.map')}>
      <div ref={box} className="map" data-testid="map" />
      {city === null && <div className="map-skeleton skeleton" aria-hidden="true" />}
      {player === null && frozenAt !== null && (
        <p className="map-frozen" role="status" title={t('fleetMap.frozenHint')}>
          <IconSnowflake size={16} aria-hidden="true" />
          {t('fleetMap.frozen', { time: timeOfDay(frozenAt, zone) })}
        </p>
      )}
      <MapKey shown={layers} hasAreas={hasAreas} onShow={showLayer} />
      {map !== null && (
        <div className="map-tools">
          {player === null ? (
            <button type="button" className="replay-open" onClick={() => setReplaying(true)}>
              <IconHistory size={16} aria-hidden="true" />
              {t('fleetMap.replay.open')}
            </button>
          ) : (
            <ReplayBar player={player} onClose={() => setReplaying(false)} />
          )}
          <FleetList map={map} spots={spots} codes={codes} now={now} onChoose={choose} />
        </div>
      )}
      {carded !== undefined && (
        <VehicleCard spot={carded} code={codes.get(carded.vehicleId)} nowMs={now()} at={(pointed ?? chosen)!.at} />
      )}
    </section>
  );
}
