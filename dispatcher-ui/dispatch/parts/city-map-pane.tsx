import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { openCityMap, type CityMap } from '../../map/city-map.ts';
import {
  areaFeatures,
  boundsOf,
  boundsOfPolygons,
  depotFeatures,
  jobFeatures,
  vehicleFeatures,
  wayFeatures,
} from '../../map/features.ts';
import { cityNow } from '../../state/city-clock.ts';
import { chosenTheme, listenTheme } from '../../state/theme.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { useCrews } from '../use-crews.ts';
import { useMapLayers } from '../use-map-layers.ts';
import { MapKey } from './map-key.tsx';

const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
/** Ages of vehicles that say nothing grow too. */
const AGES_MS = 5_000;

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
  const crews = useCrews();
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
      onSelect: (what) => desk.select(what),
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
  const selectedShift = selection?.kind === 'shift' ? selection.id : null;
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
    map?.setVisible('vehicles', layers.vehicles);
  }, [map, layers, areaId]);
  useEffect(() => {
    const polygons = areas.find(({ id }) => id === areaId)?.polygons ?? null;
    if (polygons !== null) map?.fit(boundsOfPolygons(polygons));
  }, [map, areas, areaId]);

  const crewById = useMemo(() => new Map(crews.map((crew) => [crew.shift.id as string, crew])), [crews]);
  useEffect(() => {
    if (map === null || city === null) return;
    const features = (): GeoJSON.FeatureCollection => {
      const { clock } = desk.store.getState();
      const now = clock === null ? 0 : cityNow(clock, Date.now());
      return vehicleFeatures(desk.positions.latest, crewById, selectedShift, now, city.positionFreshSeconds);
    };
    const show = (): void => map.show('vehicles', features);
    show();
    const silence = desk.positions.listen(show);
    const timer = setInterval(show, AGES_MS);
    return () => {
      silence();
      clearInterval(timer);
    };
  }, [map, city, desk, crewById, selectedShift]);

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

  return (
    <section className="pane map-pane" aria-label={t('dispatch.map')}>
      <div ref={box} className="map" data-testid="map" />
      {city === null && <div className="map-skeleton skeleton" aria-hidden="true" />}
      <MapKey shown={layers} hasAreas={hasAreas} onShow={showLayer} />
    </section>
  );
}
