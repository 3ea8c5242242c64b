import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import type { LoadedCity } from '../../server/stores/city/load.ts';
import type { RecordedDay } from '../../server/stores/recorded-days/contract.ts';
import { recordDay } from './day-record.ts';
import { dayReport, type DayReport } from './day-report.ts';
import type { Fault } from './faults.ts';
import { checkInvariants, type Invariants } from './invariants.ts';
import { playDay } from './recorded-day.ts';
import { dayOf, type DayRequests } from './requests.ts';
import { startCity, type RunningCity } from './running-city.ts';

export interface DayRun {
  readonly city: LoadedCity;
  /** THUMA_HOME: imported roads and OSRM. */
  readonly home: string;
  readonly date: string;
  readonly seed: number;
  readonly requests: DayRequests;
  readonly crews?: number;
  readonly planEveryMinutes: number;
  readonly iterations: number;
  /** Local hours of the day to be played; the whole day when left out. */
  readonly hours?: readonly [from: number, until: number];
  /** Local minutes since midnight. */
  readonly faults?: readonly { readonly what: Fault['what']; readonly atMinute: number }[];
  /** Simulated seconds a wall second; null = as fast as everything is answered. */
  readonly speed?: number | null;
  /** Keep the database and the log; the folder is told. */
  readonly keep?: boolean;
  readonly say: (line: string) => void;
}

/** Request types whose work is an emergency: a plan is made at once. */
export function emergencyTypes(city: CityConfig): Set<string> {
  const emergencies = new Set(city.jobTypes.filter(({ emergency }) => emergency).map(({ code }) => code));
  return new Set(city.requestTypes.flatMap(({ code, jobType }) => (jobType !== null && emergencies.has(jobType) ? [code] : [])));
}

/**
 * Plays one day in a database of its own, from start to report, and takes everything down again; Ctrl-C does too.
 * The same run gives the same report but for `timings`, as long as nothing is killed.
 */
export async function runDay(run: DayRun): Promise<{ report: DayReport; invariants: Invariants; record: RecordedDay }> {
  const { city, home, date, seed, say } = run;
  const day = dayOf(city.config, date);
  const hour = (n: number): number => day.startMs + n * 3_600_000;
  const startMs = run.hours === undefined ? day.startMs : hour(run.hours[0]);
  const endMs = run.hours === undefined ? day.endMs : hour(run.hours[1]);
  const requests = { ...run.requests, requests: run.requests.requests.filter(({ atMs }) => atMs >= startMs && atMs < endMs) };

  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-day-'));
  // The user postgres passes through it when we are root; the database inside stays private.
  chmodSync(folder, 0o711);
  const clear = (): void => {
    if (run.keep !== true) rmSync(folder, { recursive: true, force: true });
    else say(`kept ${folder}`);
  };
  const began = performance.now();
  const starting = startCity({
    city,
    home,
    folder,
    serviceDay: date,
    startAt: new Date(startMs),
    seed,
    ...(run.crews === undefined ? {} : { crews: run.crews }),
    onProgress: ({ step, state, seconds }) => state === 'done' && say(`${step}: ${seconds.toFixed(1)} s`),
  });
  // Also while it is being started: what is up by then is stopped, nothing is left behind.
  const interrupted = (): void =>
    void starting
      .then((up) => up.stop())
      .catch(() => undefined)
      .finally(() => {
        clear();
        process.exit(130);
      });
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let running: RunningCity | undefined;
  try {
    running = await starting;
    const played = await playDay(running, requests, {
      seed,
      startMs,
      endMs,
      planEveryMs: () => run.planEveryMinutes * 60_000,
      desk: { moveByHand: 0.15 },
      iterations: run.iterations,
      emergencies: emergencyTypes(city.config),
      faults: (run.faults ?? []).map(({ what, atMinute }) => ({ what, atMs: day.startMs + atMinute * 60_000 })),
      speed: () => run.speed ?? null,
      say,
    });
    const invariants = await checkInvariants(running.db, played.told);
    const report = await dayReport(running.db, {
      city: city.config.name,
      date,
      seed,
      endMs,
      requests,
      played,
      invariants,
      traffic: running.traffic,
      setUpSeconds: (performance.now() - began) / 1000 - played.wallSeconds,
    });
    const record = await recordDay(running.db, {
      city: city.config,
      report,
      startMs,
      endMs,
      crews: played.diaries,
      leftOut: played.desk.leftOut(),
    });
    return { report, invariants, record };
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await running?.stop();
    clear();
  }
}
