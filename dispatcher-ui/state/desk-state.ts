import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { AreaView, CityView } from '../../server/stages/city/contract.ts';
import type { Status } from '../../server/platform/contract.ts';
import type { SessionView } from '../../server/stores/accounts/contract.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { PlanListed, PlanRequest, PlanView } from '../../server/stores/plans/contract.ts';
import type { PublishOutcome, Question } from '../../server/stores/work/contract.ts';
import type { CityClock } from './city-clock.ts';
import type { DeskJob } from './desk-job.ts';

/** The one selection that queue, map, crews and drawer share. */
export interface Selection {
  readonly kind: 'job' | 'shift';
  readonly id: string;
}

/** What the desk is told about what it just did, or what went wrong: a word of `words/`, its figures, a way out. */
export interface Notice {
  readonly id: number;
  readonly tone: 'ok' | 'warning' | 'error';
  readonly word: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** The server's own sentence. */
  readonly detail: string | null;
  /** It can be taken back by this action id. */
  readonly undo: string | null;
  readonly retry: (() => void) | null;
}

/** From "make a plan" to "published". */
export interface Planning {
  /** A request that is being worked on. */
  readonly request: PlanRequest | null;
  /** The server has not answered since: what is shown of the request is old. */
  readonly unheard: boolean;
  /** Somebody at this desk has asked for the best so far, and the answer is on its way. */
  readonly stopping: boolean;
  readonly draft: PlanView | null;
  readonly busy: 'asking' | 'publishing' | 'discarding' | 'opening' | null;
  /** What the last publishing of this desk came to. */
  readonly outcome: { readonly outcome: PublishOutcome; readonly draft: PlanView } | null;
  /** A sentence. */
  readonly failure: string | null;
}

export interface DeskState {
  readonly phase: 'loading' | 'ready' | 'signed_out' | 'no_right' | 'failed';
  readonly failure: string | null;
  readonly session: SessionView | null;
  readonly city: CityView | null;
  readonly areas: readonly AreaView[];
  /** The part of the city that queue and map keep to; null: all of it. */
  readonly areaId: string | null;
  readonly clock: CityClock | null;
  readonly serviceDay: string | null;
  readonly status: Status | null;
  readonly connected: boolean;
  /** Wall time of the last thing heard from the live stream. */
  readonly heardAtMs: number | null;
  /** Wall time of the last frame of positions (there is one each second, even when nothing moves), and its city time. */
  readonly frameAtMs: number | null;
  readonly frameCityMs: number | null;
  readonly jobs: ReadonlyMap<string, DeskJob>;
  readonly shifts: ReadonlyMap<string, DispatcherShift>;
  readonly questions: readonly Question[];
  readonly plans: readonly PlanListed[];
  /** The plan in force, for why a job waits. */
  readonly inForce: PlanView | null;
  readonly planning: Planning;
  /** Stops that the next plan may change at most; null: any number. */
  readonly maxChanges: number | null;
  readonly selection: Selection | null;
  /** The day of the selected crew; null until it has been read. */
  readonly day: CrewDay | null;
  readonly dayFailed: boolean;
  readonly notice: Notice | null;
  /** Rises when a job's drawer must read again. */
  readonly touched: ReadonlyMap<string, number>;
}

export const NO_PLANNING: Planning = {
  request: null,
  unheard: false,
  stopping: false,
  draft: null,
  busy: null,
  outcome: null,
  failure: null,
};

export const EMPTY_DESK: DeskState = {
  phase: 'loading',
  failure: null,
  session: null,
  city: null,
  areas: [],
  areaId: null,
  clock: null,
  serviceDay: null,
  status: null,
  connected: false,
  heardAtMs: null,
  frameAtMs: null,
  frameCityMs: null,
  jobs: new Map(),
  shifts: new Map(),
  questions: [],
  plans: [],
  inForce: null,
  planning: NO_PLANNING,
  maxChanges: null,
  selection: null,
  day: null,
  dayFailed: false,
  notice: null,
  touched: new Map(),
};

/** Puts newer things in place of older ones by id; one with a lower version than the known one is left out. */
export function mergeById<T extends { readonly id: string; readonly version: number }>(
  known: ReadonlyMap<string, T>,
  newer: readonly T[],
): ReadonlyMap<string, T> {
  const merged = new Map(known);
  for (const one of newer) {
    const before = merged.get(one.id);
    if (before === undefined || before.version <= one.version) merged.set(one.id, one);
  }
  return merged;
}

/** The same things changed again: what shows them reads them anew. */
export function touch(touched: ReadonlyMap<string, number>, ids: Iterable<string>): ReadonlyMap<string, number> {
  const next = new Map(touched);
  for (const id of ids) next.set(id, (next.get(id) ?? 0) + 1);
  return next;
}

/** `may` of the session, with any scope. */
export const may = (state: Pick<DeskState, 'session'>, action: string): boolean => state.session?.may[action] !== undefined;
