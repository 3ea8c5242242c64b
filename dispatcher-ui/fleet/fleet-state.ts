import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Status } from '../../server/platform/contract.ts';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { FleetToday } from '../../server/stages/reporting/contract.ts';
import type { OverrideLedger } from '../../server/stores/overrides/contract.ts';
import type { SessionView } from '../../server/stores/accounts/contract.ts';
import { api, ApiProblem } from '../state/api.ts';
import { hearCityTime, type CityClock } from '../state/city-clock.ts';
import { reads } from '../state/desk-reads.ts';
import { connectLive } from '../state/live.ts';

export interface FleetState {
  readonly phase: 'loading' | 'ready' | 'signed_out' | 'no_right' | 'failed';
  /** A sentence. */
  readonly failure: string | null;
  readonly session: SessionView | null;
  readonly city: CityView | null;
  readonly clock: CityClock | null;
  readonly status: Status | null;
  readonly connected: boolean;
  /** Wall time of the last thing heard from the live stream. */
  readonly heardAtMs: number | null;
  readonly today: FleetToday | null;
  /** Wall time at which these figures were read. */
  readonly readAtMs: number | null;
  /** The last reading of the figures failed: what is shown is older than it should be. */
  readonly behind: boolean;
  /** What dispatchers changed against the plans; null before it is read. */
  readonly ledger: OverrideLedger | null;
  /** The last reading of it failed. */
  readonly ledgerFailed: boolean;
}

export interface Fleet {
  readonly store: StoreApi<FleetState>;
  /** Reads everything, then listens. Safe to call again after a failure. */
  start(): void;
  stop(): void;
  /** Reads what dispatchers changed again. */
  readLedger(): void;
}

/** Figures that change every second cannot be read by anybody. */
const CALM_MS = 4_000;
/** Ages grow and vehicles drive although nothing is reported. */
const AGAIN_MS = 30_000;
const STATUS_EVERY_MS = 5_000;
const RETRY_MS = 4_000;
/** Four weeks of decisions do not change much in a minute. */
const LEDGER_EVERY_MS = 60_000;

const EMPTY: FleetState = {
  phase: 'loading',
  failure: null,
  session: null,
  city: null,
  clock: null,
  status: null,
  connected: false,
  heardAtMs: null,
  today: null,
  readAtMs: null,
  behind: false,
  ledger: null,
  ledgerFailed: false,
};

/** What the supervisor's pages know. `live`: with the figures of today, read again when something became true. */
export function openFleet(live: boolean): Fleet {
  const store = createStore<FleetState>(() => EMPTY);
  const { setState: set, getState: get } = store;
  let stream: { close(): void } | null = null;
  let next: ReturnType<typeof setTimeout> | undefined;
  let statusTimer: ReturnType<typeof setInterval> | undefined;
  let reading = false;
  let changed = false;
  /** The newest event that was heard of. */
  let heardSeq = 0;
  let ledgerReadAtMs = 0;

  const hearTime = (at: string): void => {
    const { clock } = get();
    if (clock !== null) set({ clock: hearCityTime(clock, clock.kind, Date.parse(at), Date.now()) });
  };
  const hearStatus = (status: Status): void =>
    set(({ clock }) => ({ status, clock: hearCityTime(clock, status.clock.kind, Date.parse(status.clock.now), Date.now()) }));
  const signedOut = (): void => {
    stop();
    set({ phase: 'signed_out' });
  };

  /** One reading at a time, the next not before the calm is over. */
  function plan(afterMs: number): void {
    clearTimeout(next);
    next = setTimeout(() => void readToday(), afterMs);
  }

  async function readToday(): Promise<void> {
    if (reading) return;
    reading = true;
    changed = false;
    try {
      const today = await api.get<FleetToday>('/api/fleet/today');
      hearTime(today.at);
      set({ today, readAtMs: Date.now(), behind: false });
      if (Date.now() - ledgerReadAtMs > LEDGER_EVERY_MS) void readLedger();
      // The server shares readings for a moment: this one may have begun before the news.
      if (today.seq !== null && today.seq < heardSeq) changed = true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return signedOut();
      // What was shown stays, and the page says how old it is.
      set({ behind: true });
      changed = true;
    } finally {
      reading = false;
    }
    if (get().phase !== 'signed_out') plan(changed ? CALM_MS : AGAIN_MS);
  }

  async function readLedger(): Promise<void> {
    ledgerReadAtMs = Date.now();
    try {
      set({ ledger: await api.get<OverrideLedger>('/api/overrides?limit=30'), ledgerFailed: false });
    } catch {
      // What was shown stays; the rest of the page says when the server is away.
      set({ ledgerFailed: true });
    }
  }

  const somethingHappened = (): void => {
    if (changed) return;
    changed = true;
    const since = Date.now() - (get().readAtMs ?? 0);
    if (!reading) plan(Math.max(0, CALM_MS - since));
  };

  async function begin(): Promise<void> {
    const session = await reads.session();
    if (!session.signedIn) return set({ phase: 'signed_out', session });
    if (session.may['report.read'] === undefined) return set({ phase: 'no_right', session });
    // The log first: whatever happens while the rest is read is heard of afterwards.
    const status = await reads.status();
    const city = await reads.city();
    set({ session, city, clock: hearCityTime(null, city.clock.kind, Date.parse(city.clock.now), Date.now()) });
    hearStatus(status);
    if (live) {
      const today = await api.get<FleetToday>('/api/fleet/today');
      set({ today, readAtMs: Date.now(), behind: false });
    }
    set({ phase: 'ready', failure: null });
    if (!live) return;
    void readLedger();
    plan(AGAIN_MS);
    stream?.close();
    stream = connectLive(
      {
        onConnection: (connected) => set({ connected }),
        onHeard: () => set({ heardAtMs: Date.now() }),
        onStatus: hearStatus,
        onFrame: (news) => hearTime(new Date(news.at).toISOString()),
        onEvents(events) {
          const last = events.at(-1);
          if (last !== undefined) {
            hearTime(last.at);
            heardSeq = Math.max(heardSeq, last.seq);
          }
          somethingHappened();
        },
        onSignedOut: signedOut,
      },
      { since: status.lastSeq },
    );
    clearInterval(statusTimer);
    statusTimer = setInterval(() => void reads.status().then(hearStatus, () => undefined), STATUS_EVERY_MS);
  }

  const start = (): void => {
    set(({ phase }) => ({ phase: phase === 'failed' ? 'failed' : 'loading', failure: get().failure }));
    begin().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 401) return signedOut();
      set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) });
      // The server may only be starting.
      setTimeout(() => get().phase === 'failed' && start(), RETRY_MS);
    });
  };

  function stop(): void {
    stream?.close();
    stream = null;
    clearTimeout(next);
    clearInterval(statusTimer);
  }

  return { store, start, stop, readLedger: () => void readLedger() };
}
