import { estimate, UNLEARNED } from '../routing/roads/estimate.ts';
import { ladder, type LadderState } from '../routing/roads/ladder.ts';
import { osrm } from '../routing/roads/osrm.ts';
import { matchTrack, type MatchedTrack, type MatchPoint } from '../routing/roads/osrm-match.ts';
import type { RoadNetwork } from '../routing/roads/road-network.ts';
import type { Log } from './platform/log.ts';
import { findRouter, NoRouter } from './platform/router-binaries.ts';
import { startRouter, type RouterProcess } from './platform/router-process.ts';
import { currentDataset, readPointer, type Dataset } from './stores/city/dataset.ts';
import { openStreets, type Streets } from './stores/city/streets.ts';

/** The city's roads as everything above sees them: one dataset at a time, the router, and estimates when it is away. */
export interface CityRoads {
  /** Never fails for want of a router: every answer carries its source. */
  readonly network: RoadNetwork;
  state(): LadderState;
  /**
   * Matches a track to the roads. @throws RoadsUnavailable when the router is away: there is no estimate of that.
   */
  match(points: readonly MatchPoint[], signal: AbortSignal): Promise<MatchedTrack>;
  /** Null while the city has not been imported. */
  streets(): Streets | null;
  /** The file of the base map in use; null while the city has not been imported. */
  baseMap(): string | null;
  /** What must be said about the roads on every map. */
  attribution(): string | null;
  /** Of our own osrm-routed; null when there is none, or it is not up. */
  routerPid(): number | null;
  /** Changes over to the dataset that an import has put in force, if there is another one. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface RoadsOptions {
  readonly home: string;
  readonly city: string;
  /** OSRM_URL; null: our own router. */
  readonly osrmUrl: string | null;
  readonly searchPath: string | undefined;
  readonly log: Log;
  /** The router went away or came back. */
  readonly onChange: () => void;
}

/** Two failed probes open the ladder's breaker: a router that is gone shows within 2 s, one that hangs within 4. */
const PROBE_EVERY_MILLIS = 1_000;
const PROBE_SECONDS = 1;
/** A table of 900 points takes seconds; nobody waits longer than this for one block. */
const TIMEOUT_SECONDS = 20;
const LOOK_EVERY_MILLIS = 5_000;
const RETRY_MILLIS = 30_000;

interface InUse {
  /** Null while the city has not been imported. */
  readonly dataset: Dataset | null;
  readonly streets: Streets | null;
  readonly estimate: RoadNetwork;
}

/** Of a city that has not been imported: nothing on it is known, so travel is a guess between any two points. */
const NOT_IMPORTED: InUse = { dataset: null, streets: null, estimate: estimate({ ...UNLEARNED, version: 'none' }) };

/**
 * Opens the city's roads and starts the router; without one the work goes on with estimates and it is tried again.
 * A city that was not imported yet has no streets; it gets them by an import while the server runs.
 * @throws BadDataset when what is there cannot be used.
 */
export async function openRoads(options: RoadsOptions): Promise<CityRoads> {
  const { log, home, city, osrmUrl } = options;
  const first = await currentDataset(home, city);
  let inUse = first === null ? NOT_IMPORTED : await open(first);
  let router: RouterProcess | null = null;
  let absent: string | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const startOwn = async (): Promise<void> => {
    const { dataset } = inUse;
    if (osrmUrl !== null || router !== null || stopped) return;
    if (dataset === null) {
      absent = `The roads have not been imported yet: npm run city -- import ${city}`;
      log.warn(absent);
      return;
    }
    if (dataset.routerFile === null) {
      absent = 'This city was imported without a router; import it again to have one.';
      return;
    }
    try {
      const found = await findRouter({ url: undefined, searchPath: options.searchPath, home, say: (line) => log.info(line) });
      if (found.kind !== 'binaries') return;
      const version = dataset.manifest.version;
      router = await startRouter({
        routed: found.binaries.routed,
        dataset: { file: dataset.routerFile, version },
        say: (line) => log.info(line),
      });
      absent = null;
    } catch (error) {
      absent = error instanceof NoRouter ? error.message : 'The router does not start.';
      log.warn({ err: error }, 'no router: travel times are estimates until it starts');
      if (!stopped) setTimeout(() => void startOwn(), RETRY_MILLIS).unref();
    }
  };
  await startOwn();

  const atRouter = {
    url: () => osrmUrl ?? router?.url() ?? null,
    version: () => inUse.estimate.version,
    timeoutSeconds: TIMEOUT_SECONDS,
  };
  const adapter = osrm(atRouter);
  const center = (): { lon: number; lat: number } => {
    const [west, south, east, north] = inUse.dataset?.manifest.bounds ?? [0, 0, 0, 0];
    return { lon: (west + east) / 2, lat: (south + north) / 2 };
  };
  const network = ladder({
    osrm: adapter,
    estimate: {
      get version() {
        return inUse.estimate.version;
      },
      table: (sources, destinations, signal) => inUse.estimate.table(sources, destinations, signal),
      path: (points, signal) => inUse.estimate.path(points, signal),
    },
    probe: () => adapter.probe(center(), PROBE_SECONDS),
    probeEveryMillis: PROBE_EVERY_MILLIS,
    wallClock: () => new Date(),
    onChange: (state) => {
      log[state.source === 'osrm' ? 'info' : 'warn'](state, 'roads');
      options.onChange();
    },
  });

  const refresh = async (): Promise<void> => {
    const version = await readPointer(home, city);
    if (version === null || version === inUse.dataset?.manifest.version) return;
    const next = await currentDataset(home, city);
    if (next === null) return;
    const ready = await open(next);
    // The old one serves until the new one answers; when it does not, the old one stays.
    if (router && next.routerFile !== null) await router.swap({ file: next.routerFile, version: next.manifest.version });
    inUse = ready;
    log.info({ roads: next.manifest.version }, 'another road dataset is in use');
    if (!router) await startOwn();
  };
  const look = async (): Promise<void> => {
    await refresh().catch((error: unknown) =>
      log.error({ err: error }, 'the new road dataset cannot be used; the old one stays'),
    );
    if (!stopped) timer = setTimeout(() => void look(), LOOK_EVERY_MILLIS).unref();
  };
  timer = setTimeout(() => void look(), LOOK_EVERY_MILLIS).unref();

  return {
    network,
    state() {
      const state = network.state();
      return state.source === 'estimate' && absent !== null ? { ...state, because: absent } : state;
    },
    match: (points, signal) => matchTrack(atRouter, points, signal),
    streets: () => inUse.streets,
    baseMap: () => inUse.dataset?.baseMapFile ?? null,
    attribution: () => inUse.dataset?.manifest.attribution ?? null,
    routerPid: () => router?.pid() ?? null,
    refresh,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      network.stop();
      await router?.stop();
    },
  };
}

async function open(dataset: Dataset): Promise<InUse> {
  const { manifest, folder } = dataset;
  return {
    dataset,
    streets: await openStreets(folder),
    estimate: estimate({ ...(manifest.estimate ?? UNLEARNED), version: manifest.version }),
  };
}
