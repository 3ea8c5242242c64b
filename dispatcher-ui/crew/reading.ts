import type { StoreApi } from 'zustand/vanilla';
import type { Status } from '../../server/platform/contract.ts';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { DeviceShift } from '../../server/stores/crews/contract.ts';
import { api, ApiProblem, type DeviceApi } from '../state/api.ts';
import { hearCityTime, runningPace } from '../state/city-clock.ts';
import type { Kept } from './kept.ts';
import { forgetShown, type Outbox } from './outbox.ts';
import type { Reading } from './own-fixes.ts';
import { rememberJobs, type PhoneState } from './phone-state.ts';
import { openJobs } from './steps.ts';
import { isOffTheWay } from './way-progress.ts';

export interface ReadingDeps {
  readonly api: DeviceApi;
  readonly store: StoreApi<PhoneState>;
  readonly set: (patch: Partial<PhoneState>) => void;
  readonly keep: <K extends keyof Kept>(name: K, value: Kept[K]) => void;
  readonly setOutbox: (outbox: Outbox) => void;
  /** A newer day is shown. */
  readonly onDay: () => void;
  readonly onRevoked: () => void;
}

export interface Reader {
  /** Reads now; while a reading runs, once more after it. */
  look(): void;
  /** The server has sent a day by itself. */
  heard(day: CrewDay): void;
  /** The vehicle has moved: off its way it is worth asking for another. */
  moved(reading: Reading): void;
  stop(): void;
}

/** Times of arrival grow old; a simulated city is quicker than the phone. */
const EVERY_MS = { real: 20_000, simulated: 4_000 };
const RETRY_MS = 3_000;
const OFF_THE_WAY_EVERY_MS = 10_000;

/** Reads the city, the shift and its day: at the start, when something may have changed, and every so often. */
export function startReading(deps: ReadingDeps): Reader {
  const { store, set, keep } = deps;
  const get = store.getState;
  let running = false;
  let again = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedOffWayMs = 0;

  const hearTime = (at: string, pace?: number): void => {
    const { clock, city } = get();
    const kind = city?.clock.kind ?? 'real';
    set({ clock: hearCityTime(clock, kind, Date.parse(at), Date.now(), pace), heardAtMs: Date.now() });
  };

  function take(day: CrewDay): void {
    const { day: before, jobs } = get();
    const sameShift = before?.shiftId === day.shiftId;
    // An answer that was long on its way does not turn back a newer one.
    if (sameShift && (day.orderVersion < before.orderVersion || Date.parse(day.now) < Date.parse(before.now))) return;
    const known = rememberJobs(jobs, day, sameShift);
    keep('day', day);
    keep('jobs', known);
    deps.setOutbox(forgetShown(get().outbox, day));
    hearTime(day.now);
    set({ day, jobs: known, phase: 'ready', failure: null });
    deps.onDay();
  }

  async function read(): Promise<void> {
    let { city } = get();
    if (city === null || get().clock === null) {
      city = await api.get<CityView>('/api/city');
      keep('city', city);
      set({ city });
      hearTime(city.clock.now);
    }
    if (city.clock.kind === 'simulated') {
      const { clock } = await api.get<Status>('/api/status');
      hearTime(clock.now, runningPace(clock.pace));
    }
    const mine = await deps.api.get<DeviceShift>('/api/shifts/mine');
    if (stopped) return;
    keep('mine', mine);
    const shiftId = mine.shift?.id ?? null;
    set({ mine, ...(get().day?.shiftId === shiftId ? {} : { day: null, share: null, chosenId: null }) });
    hearTime(mine.now);
    if (shiftId === null) return set({ phase: 'ready', failure: null });
    const day = await deps.api.get<CrewDay>(`/api/shifts/${shiftId}/day`);
    if (!stopped) take(day);
  }

  async function attempt(): Promise<number> {
    try {
      await read();
      return EVERY_MS[get().city?.clock.kind ?? 'real'];
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (stopped) return RETRY_MS;
      if (error.status === 401) deps.onRevoked();
      else if (get().phase === 'starting' || get().phase === 'failed') set({ phase: 'failed', failure: error.message });
      return RETRY_MS;
    }
  }

  function look(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    void attempt()
      .catch((error: unknown) => {
        // Our own fault, or an answer of another shape (a newer server): said, and tried again.
        console.error(error);
        return EVERY_MS.real;
      })
      .then((waitMs) => {
        running = false;
        if (stopped) return;
        if (again) {
          again = false;
          look();
        } else timer = setTimeout(look, waitMs);
      });
  }

  look();
  return {
    look,
    heard(day) {
      // Another shift than the one known: which one is ours is asked.
      if (get().mine?.shift?.id === day.shiftId) take(day);
      else look();
    },
    moved(reading) {
      const next = get().shown === null ? undefined : openJobs(get().shown!)[0];
      if (next?.state !== 'travelling' || !next.way || !isOffTheWay(next.way, reading)) return;
      if (Date.now() - askedOffWayMs < OFF_THE_WAY_EVERY_MS) return;
      askedOffWayMs = Date.now();
      look();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
