import type { Db } from '../db/knex.ts';
import { readLastSeq } from './platform/clock-http.ts';
import type { BackgroundJobs } from './platform/background-jobs.ts';
import type { DeliveryLoop } from './platform/deliveries.ts';
import type { Finding, Probe } from './platform/health.ts';
import type { TimerLoop } from './platform/timers.ts';
import type { CityRoads } from './roads.ts';
import type { Live } from './stages/live/live.ts';
import type { PositionBus } from './stages/live/nodes/position-bus.ts';
import type { Tracking } from './stages/tracking/receive.ts';
import type { Planner } from './stages/planning/planner.ts';

/** Whether statements run in the embedded database: it is WebAssembly, one transaction after another. */
async function isEmbedded(db: Db): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { version: string }[] }>('select version() as version');
  return /emscripten/i.test(rows[0]?.version ?? '');
}

/** Looks after the database and tells the newest event it holds. The embedded one is well, and less than a city needs. */
export function databaseProbe(db: Db, heard: (lastSeq: number) => void): Probe {
  let embedded: boolean | null = null;
  return {
    name: 'database',
    async look() {
      heard(await readLastSeq(db));
      embedded ??= await isEmbedded(db);
      return embedded
        ? { state: 'degraded', detail: 'It is the embedded one: for a first look, one transaction after another.' }
        : { state: 'ok' };
    },
  };
}

/** Where vehicles are is not logged by the database: a crash of it empties that, and it is made anew before changes are taken. */
export const positionsProbe = (positions: Pick<Tracking, 'keepRestored'>): Probe => ({
  name: 'positions',
  async look() {
    await positions.keepRestored();
    return { state: 'ok' };
  },
});

/** Without a router travel times are estimates, and it is said why. */
export function routerFinding(roads: CityRoads): Finding {
  const state = roads.state();
  if (state.source === 'osrm') return { state: 'ok' };
  return { state: 'degraded', since: state.since, detail: `Travel times are estimates. ${withoutAddress(state.because)}` };
}

/** Anybody may read how the server is; where its router stands is for the log. */
const withoutAddress = (sentence: string): string => sentence.replace(/ at https?:\/\/\S+/g, '');

/** The way to the other servers of the city: without it what they hear is not seen here. */
export const busProbe = (bus: Pick<PositionBus, 'connected'>): Probe => ({
  name: 'servers',
  look: () =>
    bus.connected()
      ? { state: 'ok' }
      : { state: 'degraded', detail: 'The other servers cannot be reached; vehicles that they hear are not followed.' },
});

interface Work {
  readonly plans: Planner;
  readonly stream: Live;
  readonly timers: TimerLoop;
  readonly deliveries: DeliveryLoop;
  readonly jobs: BackgroundJobs;
}

/** What works by itself: planner, event log, timers, deliveries, background jobs. */
export function workProbes({ plans, stream, timers, deliveries, jobs }: Work): Probe[] {
  const well = (fault: string | null): Finding => (fault === null ? { state: 'ok' } : { state: 'degraded', detail: fault });
  return [
    { name: 'planner', look: () => well(plans.lastFailure()) },
    { name: 'live', look: () => well(stream.reading() ? null : 'The event log cannot be read at the moment.') },
    { name: 'timers', look: () => well(timers.failing() > 0 ? `${timers.failing()} timers failed and are tried again.` : null) },
    {
      name: 'deliveries',
      look: () => well(deliveries.failing() > 0 ? `${deliveries.failing()} events wait after a failure.` : null),
    },
    {
      name: 'jobs',
      look: () => well(jobs.failing().length > 0 ? `Failed, and tried again: ${jobs.failing().join(', ')}.` : null),
    },
  ];
}
