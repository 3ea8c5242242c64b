import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Status } from '../../server/platform/contract.ts';
import type { View } from '../../server/stages/live/frames/contract.ts';
import type { EventView } from '../../server/stores/events/contract.ts';
import { ApiProblem } from './api.ts';
import { keptMaxChanges } from './change-limit.ts';
import { bothWanted, isAnythingWanted, NOTHING_WANTED, wantedBy, type Wanted } from './changes.ts';
import { hearCityTime, runningPace } from './city-clock.ts';
import { EMPTY_DESK, mergeById, touch, type DeskState, type Notice, type Selection } from './desk-state.ts';
import { reads, type Reads } from './desk-reads.ts';
import { dayIn } from './format.ts';
import { connectLive, type Live } from './live.ts';
import { movementNotice } from './movement-notices.ts';
import { followSelectedDay } from './selected-day.ts';
import { openPositions, type Positions } from './positions.ts';

export interface Desk {
  readonly store: StoreApi<DeskState>;
  readonly positions: Positions;
  readonly reads: Reads;
  /** What the map shows now; null: the whole city. */
  look(view: View | null): void;
  /** Reads everything, then listens. Safe to call again after a failure. */
  start(): void;
  select(selection: Selection | null): void;
  /** Queue and map keep to one part of the city, or show all of it. */
  keepToArea(areaId: string | null): void;
  tell(notice: Omit<Notice, 'id'> | null): void;
  /** The server knows us no longer: the page says how to come back. */
  signedOut(): void;
  /** These jobs are read again now. */
  readJobs(ids: readonly string[]): Promise<void>;
  readPlans(): Promise<void>;
  readQuestions(): Promise<void>;
  stop(): void;
}

/** Many events of one action arrive together: what they change is read once. */
const GATHER_MS = 120;
/** What one request may ask for by id; beyond it the whole queue is read. */
const MOST_BY_ID = 150;
const SHOWN_FOR_MS = 18 * 3_600_000;
const STATUS_EVERY_MS = 4_000;
const RETRY_MS = 2_000;

/** The desk's state, outside React: a snapshot by HTTP, then what became true by socket, positions once a frame. */
export function openDesk(): Desk {
  const store = createStore<DeskState>(() => ({ ...EMPTY_DESK, maxChanges: keptMaxChanges() }));
  const positions = openPositions();
  const { setState: set, getState: get } = store;
  let live: Live | null = null;
  let view: View | null = null;
  let followDay: (() => void) | null = null;
  let statusTimer: ReturnType<typeof setInterval> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let wanted: Wanted = NOTHING_WANTED;
  let noticeId = 0;

  /** Work that ended before the crews' day began is not shown. */
  const startOfDay = (): string => {
    const { clock } = get();
    return new Date((clock?.cityMs ?? Date.now()) - SHOWN_FOR_MS).toISOString();
  };

  const hearTime = (atMs: number): void => {
    const { clock } = get();
    if (clock === null) return;
    const next = hearCityTime(clock, clock.kind, atMs, Date.now());
    if (next !== clock) set({ clock: next });
  };

  const hearStatus = (status: Status): void => {
    const { clock } = get();
    const { kind, now, pace } = status.clock;
    set({ status, clock: hearCityTime(clock, kind, Date.parse(now), Date.now(), runningPace(pace)) });
  };

  const signedOut = (): void => {
    stop();
    set({ phase: 'signed_out' });
  };

  /** What reading failed for: signed out is a page of its own, anything else is tried again with the next change. */
  const failed = (error: unknown): void => {
    if (error instanceof ApiProblem && error.status === 401) signedOut();
  };

  async function readJobs(ids: readonly string[]): Promise<void> {
    if (ids.length > MOST_BY_ID) {
      const all = await reads.jobs(startOfDay());
      return set(({ touched }) => ({ jobs: new Map(all.map((job) => [job.id, job])), touched: touch(touched, ids) }));
    }
    const found = await reads.jobsById(ids);
    set(({ jobs, touched }) => ({ jobs: mergeById(jobs, found), touched: touch(touched, ids) }));
  }

  async function readShifts(): Promise<void> {
    const { serviceDay } = get();
    if (serviceDay === null) return;
    const shifts = await reads.shifts(serviceDay);
    set({ shifts: new Map(shifts.map((shift) => [shift.id, shift])) });
  }

  async function readPlans(): Promise<void> {
    const { serviceDay } = get();
    if (serviceDay === null) return;
    const plans = await reads.plans(serviceDay);
    const newest = plans.find(({ state }) => state === 'published');
    const inForce = newest === undefined ? null : newest.id === get().inForce?.id ? get().inForce : await reads.plan(newest.id);
    set({ plans, inForce });
    const { draft } = get().planning;
    if (draft === null || draft.state !== 'draft') return;
    // Another desk published or discarded it, or a newer plan took its place.
    const present = plans.find(({ id }) => id === draft.id);
    if (present !== undefined && present.state !== 'draft') {
      set(({ planning }) => ({ planning: { ...planning, draft: { ...draft, state: present.state } } }));
    }
  }

  /** Of a draft that is being looked at: what publishing would leave alone by now. */
  async function readDraftAgain(): Promise<void> {
    const { draft, busy } = get().planning;
    if (draft === null || draft.state !== 'draft' || busy !== null) return;
    const present = await reads.plan(draft.id);
    set(({ planning }) =>
      planning.draft?.id === draft.id && planning.busy === null ? { planning: { ...planning, draft: present } } : {},
    );
  }

  const readQuestions = async (): Promise<void> => set({ questions: await reads.questions() });

  const readWanted = async (): Promise<void> => {
    const now = wanted;
    wanted = NOTHING_WANTED;
    gathering = undefined;
    if (now.days.size > 0) set(({ touched }) => ({ touched: touch(touched, now.days) }));
    try {
      await Promise.all([
        now.jobs.size > 0 ? readJobs([...now.jobs]) : null,
        now.shifts ? readShifts() : null,
        now.plans ? readPlans() : null,
        now.questions ? readQuestions() : null,
        now.jobs.size > 0 ? readDraftAgain() : null,
      ]);
    } catch (error) {
      failed(error);
      if (get().phase === 'signed_out') return;
      // Nothing that became true is forgotten because one reading failed.
      wanted = bothWanted(now, wanted);
      gathering ??= setTimeout(() => void readWanted(), RETRY_MS);
    }
  };

  const onEvents = (events: readonly EventView[]): void => {
    wanted = bothWanted(wanted, wantedBy(events));
    const last = events.at(-1);
    if (last !== undefined) hearTime(Date.parse(last.at));
    const notice = movementNotice(events, get().notice, (shiftId) => get().shifts.get(shiftId)?.crewName);
    if (notice !== null) set({ notice: { ...notice, id: ++noticeId } });
    if (isAnythingWanted(wanted)) gathering ??= setTimeout(() => void readWanted(), GATHER_MS);
  };

  async function snapshot(): Promise<void> {
    const session = await reads.session();
    if (!session.signedIn) return set({ phase: 'signed_out', session });
    if (session.may['live.watch'] === undefined) return set({ phase: 'no_right', session });
    // The log first: whatever happens while the rest is read is heard of afterwards.
    const status = await reads.status();
    const city = await reads.city();
    const serviceDay = dayIn(city.zone, Date.parse(city.clock.now));
    set({ session, city, serviceDay, clock: hearCityTime(null, city.clock.kind, Date.parse(city.clock.now), Date.now()) });
    hearStatus(status);
    const [jobs, shifts, questions, areas] = await Promise.all([
      reads.jobs(startOfDay()),
      reads.shifts(serviceDay),
      reads.questions(),
      reads.areas(),
      readPlans().catch(failed),
    ]);
    if (get().phase === 'signed_out') return;
    set({
      jobs: new Map(jobs.map((job) => [job.id, job])),
      shifts: new Map(shifts.map((shift) => [shift.id, shift])),
      questions,
      areas,
      phase: 'ready',
      failure: null,
    });
    live?.close();
    live = connectLive(
      {
        onConnection: (connected) => set({ connected }),
        onHeard: () => set({ heardAtMs: Date.now() }),
        onStatus: hearStatus,
        onFrame(news) {
          hearTime(news.at);
          set({ frameAtMs: Date.now(), frameCityMs: news.at });
          if (news.full || news.spots.length > 0) positions.take(news);
        },
        onEvents,
        onSignedOut: signedOut,
      },
      { since: status.lastSeq },
    );
    live.look(view);
    followDay?.();
    followDay = followSelectedDay(store);
    clearInterval(statusTimer);
    statusTimer = setInterval(() => void reads.status().then(hearStatus, failed), STATUS_EVERY_MS);
  }

  const start = (): void => {
    set({ phase: 'loading', failure: null });
    snapshot().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 401) return signedOut();
      set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) });
      // The server may only be starting.
      setTimeout(() => get().phase === 'failed' && start(), RETRY_MS * 2);
    });
  };

  function stop(): void {
    live?.close();
    live = null;
    followDay?.();
    followDay = null;
    clearInterval(statusTimer);
    clearTimeout(gathering);
    gathering = undefined;
  }

  return {
    store,
    positions,
    reads,
    look(next) {
      view = next;
      live?.look(next);
    },
    start,
    select: (selection) => set({ selection }),
    keepToArea: (areaId) => set({ areaId }),
    tell: (notice) => set({ notice: notice === null ? null : { ...notice, id: ++noticeId } }),
    signedOut,
    readJobs,
    readPlans,
    readQuestions,
    stop,
  };
}
