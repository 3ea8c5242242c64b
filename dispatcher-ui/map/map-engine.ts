import { addProtocol, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { Protocol } from 'pmtiles';

let started = false;

/** Tells MapLibre where its worker is and how our tiles are read; done once, before the first map. */
export function startMapEngine(): void {
  if (started) return;
  started = true;
  // Without this MapLibre 6 under Vite never loads a tile and says nothing.
  setWorkerUrl(workerUrl);
  addProtocol('pmtiles', new Protocol().tile);
}
