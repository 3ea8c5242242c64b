import { EMPTY_PROBLEM } from '../../../routing/worker/empty-problem.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanProgress, PlanRequest, PlanRequestId, RequestPlan } from '../../stores/plans/contract.ts';
import {
  adoptPlanRequests,
  askToFinishEarly,
  cancelPlanRequest,
  findWaitingPlanRequest,
  getPlanRequest,
  insertPlanRequest,
  listOpenPlanRequests,
  type NewPlanRequest,
  type PlanOptions,
  type PlanRequestRecord,
} from '../../stores/plans/requests.ts';
import { requestTransition } from '../../stores/plans/transitions.ts';
import { serviceDayOf } from './make-plan.ts';
import type { PlanMakerDeps } from './plan-maker.ts';
import { inProcessQueue, type OpenPlanQueue } from './plan-queue.ts';
import { planWork } from './plan-work.ts';
import { inPhase } from './solving-progress.ts';

export interface PlannerDeps extends Pick<PlanMakerDeps, 'tools' | 'roads' | 'engine' | 'policy' | 'log'> {
  /** Left out: this process alone makes the plans it is asked for. */
  readonly openQueue?: OpenPlanQueue;
  readonly leaseMillis?: number;
  /** Told of each step of each request that is made here, for the screens. */
  readonly onProgress?: (request: PlanRequest) => void;
}

/**
 * Takes requests for plans and says what becomes of them; they are made by whoever takes them from the queue, here or in
 * a planner process. Of each service day one is made at a time and one waits: whoever asks for the same again is given
 * the one that waits. Requests outlive every process.
 */
export interface Planner {
  /** Answers at once. @throws Problem 409 `plan-waiting`, 429 `too-many-plans`. */
  request(actor: Actor, ask: RequestPlan): Promise<PlanRequest>;
  get(id: PlanRequestId): Promise<PlanRequest>;
  /** The request as soon as it has ended, or as it is after `millis` of wall time. */
  wait(id: PlanRequestId, millis: number, signal: AbortSignal): Promise<PlanRequest>;
  /** @throws Problem 409 `plan-request-refused` when it has ended. */
  cancel(id: PlanRequestId): Promise<PlanRequest>;
  /** Ends the search with the best plan so far. @throws Problem 409 `plan-request-refused` when it is not being made. */
  finishEarly(id: PlanRequestId): Promise<PlanRequest>;
  /** After a start: goes on with what is open, begins the timer of the policy. */
  start(): Promise<void>;
  /** Gives up what is made here and gives it back; somebody else makes it, or this process after its next start. */
  stop(): Promise<void>;
  /** The planner as a part of the server's health: what is wrong with it, null when nothing is. */
  lastFailure(): string | null;
}

/** Days that may wait at a time; more is somebody's script gone wrong. */
const MOST_WAITING = 7;
const FARTHEST_DAYS = 366;
/** How often whoever waits looks for what another process makes. */
const LOOK_MILLIS = 250;

export function planner(deps: PlannerDeps): Planner {
  const { tools, log } = deps;
  const { db, clock } = tools;
  let stopped = false;
  let interval: NodeJS.Timeout | undefined;
  /** Those who wait; woken, each looks at its own request. */
  const listeners = new Set<() => void>();
  const wakeAll = (): void => {
    for (const hear of [...listeners]) hear();
  };

  const work = planWork({
    ...deps,
    openQueue: deps.openQueue ?? inProcessQueue,
    holder: `server ${process.pid}`,
    onStep(record, progress) {
      deps.onProgress?.(view({ ...record, progress }));
      if (progress === null) wakeAll();
    },
  });

  const view = (record: PlanRequestRecord): PlanRequest => ({
    id: record.id,
    state: record.state,
    serviceDay: record.serviceDay,
    requestedAt: record.requestedAt.toISOString(),
    reason: record.reason,
    maxChanges: record.options.maxChanges ?? null,
    planId: record.planId,
    failure: record.failure,
    progress: progressOf(record),
  });
  const progressOf = (record: PlanRequestRecord): PlanProgress | null => {
    if (record.state === 'waiting') return inPhase('waiting');
    if (record.state !== 'running') return null;
    return work.maker.progressOf(record.id) ?? record.progress ?? inPhase('waiting');
  };
  const get = async (id: PlanRequestId): Promise<PlanRequest> => view(await getPlanRequest(db, id));
  const refuseUnless = (record: PlanRequestRecord, action: 'cancel' | 'finish_early'): void => {
    const outcome = requestTransition(record.state, action);
    if (!outcome.ok) throw new Problem(409, 'plan-request-refused', outcome.because, { present: view(record) });
  };

  /** Those that wait, to be compared with what is asked for. */
  const sameOrRefuse = (waiting: PlanRequestRecord, options: PlanOptions): PlanRequest => {
    const { seed, iterations, maxChanges } = waiting.options;
    if (seed === options.seed && iterations === options.iterations && maxChanges === options.maxChanges) return view(waiting);
    throw new Problem(
      409,
      'plan-waiting',
      'A plan for this day is waiting with another seed, another number of iterations or of changes; cancel it, or ask again once it has begun.',
      { present: view(waiting) },
    );
  };

  /** Written and rung for in one transaction; null when another one of its day waits. */
  const write = async (asked: NewPlanRequest): Promise<PlanRequest | null> => {
    await work.queue.ready();
    const written = await db.transaction(async (tx) => {
      const inserted = await insertPlanRequest(tx, asked);
      if (inserted) await work.queue.add(tx, asked.id);
      return inserted;
    });
    if (!written) return null;
    const record = { ...asked, state: 'waiting', planId: null, failure: null, endedAt: null, finishEarly: false } as const;
    const answer = view({ ...record, progress: null });
    deps.onProgress?.(answer);
    work.queue.committed();
    return answer;
  };

  const request = async (actor: Actor, ask: RequestPlan): Promise<PlanRequest> => {
    if (stopped) throw new Problem(503, 'closing', 'The server is stopping; ask again in a moment.');
    const { zone, maxChanges: byPolicy } = await deps.policy();
    const now = clock.now();
    const serviceDay = ask.serviceDay ?? serviceDayOf(now, zone);
    requireNear(serviceDay, now);
    const maxChanges = ask.maxChanges === undefined ? byPolicy : ask.maxChanges;
    const options: PlanOptions = {
      ...(ask.seed === undefined ? {} : { seed: ask.seed }),
      ...(ask.iterations === undefined ? {} : { iterations: ask.iterations }),
      ...(maxChanges === null ? {} : { maxChanges }),
    };
    const asked: NewPlanRequest = {
      id: tools.ids.next(now) as PlanRequestId,
      serviceDay,
      requestedBy: actor.accountId,
      requestedRole: actor.role,
      requestedAt: now,
      reason: ask.reason,
      options,
      runsIn: work.queue.runsIn,
    };
    for (;;) {
      const waiting = await findWaitingPlanRequest(db, serviceDay);
      if (waiting !== undefined) return sameOrRefuse(waiting, options);
      const open = await listOpenPlanRequests(db);
      if (open.filter(({ state }) => state === 'waiting').length >= MOST_WAITING) {
        throw new Problem(
          429,
          'too-many-plans',
          `Plans for ${MOST_WAITING} days are waiting already; ask again when one has begun.`,
        );
      }
      const written = await write(asked);
      if (written !== null) return written;
      // Somebody else asked in the same moment: theirs waits now, or has begun already.
    }
  };

  return {
    request,
    get,
    async wait(id, millis, signal) {
      const until = performance.now() + millis;
      for (;;) {
        // Listening begins before the look, or an end in between would not be heard.
        let heard = (): void => undefined;
        const ended = new Promise<void>((resolve) => (heard = resolve));
        listeners.add(heard);
        let timer: NodeJS.Timeout | undefined;
        signal.addEventListener('abort', heard);
        try {
          const now = await get(id);
          const left = until - performance.now();
          if (now.progress === null || left <= 0 || signal.aborted || stopped) return now;
          timer = setTimeout(heard, Math.min(left, LOOK_MILLIS));
          await ended;
        } finally {
          listeners.delete(heard);
          clearTimeout(timer);
          signal.removeEventListener('abort', heard);
        }
      }
    },
    async cancel(id) {
      const record = await getPlanRequest(db, id);
      refuseUnless(record, 'cancel');
      // It may have ended since: then that is what is said.
      if (!(await cancelPlanRequest(db, id, clock.now()))) refuseUnless(await getPlanRequest(db, id), 'cancel');
      await work.maker.look(id);
      deps.onProgress?.(view({ ...record, state: 'cancelled' }));
      wakeAll();
      if (!stopped) void work.look();
      return get(id);
    },
    async finishEarly(id) {
      refuseUnless(await getPlanRequest(db, id), 'finish_early');
      if (!(await askToFinishEarly(db, id))) refuseUnless(await getPlanRequest(db, id), 'finish_early');
      await work.maker.look(id);
      return get(id);
    },
    async start() {
      await adoptPlanRequests(db, work.queue.runsIn);
      await work.start();
      // Starts the engine's thread now, so that the first plan does not wait for it.
      deps.engine
        .solveInWorker(EMPTY_PROBLEM, { seed: 0, iterations: 0, millis: null })
        .catch((error: unknown) => log.warn({ err: error }, 'the engine could not be started ahead of the first plan'));
      // A simulated city plans through the API only: nothing happens there that nobody asked for.
      const every = clock.kind === 'real' ? (await deps.policy()).replanSeconds : null;
      if (every === null) return;
      const askForOne = async (): Promise<void> => {
        if ((await listOpenPlanRequests(db)).length === 0) await request(systemActor, { reason: 'interval' });
      };
      interval = setInterval(() => {
        askForOne().catch((error: unknown) => log.warn({ err: error }, 'the regular plan could not be asked for'));
      }, every * 1_000);
      interval.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(interval);
      await work.stop();
      wakeAll();
    },
    lastFailure: () => work.maker.lastFailure() ?? work.neglected(),
  };
}

/** A plan counts its seconds from now: a day decades away is a slip of the keyboard, and no number the engine takes. */
function requireNear(serviceDay: string, now: Date): void {
  if (Math.abs(Date.parse(serviceDay) - now.getTime()) <= FARTHEST_DAYS * 86_400_000) return;
  throw new Problem(
    400,
    'invalid-input',
    `The day ${serviceDay} is more than ${FARTHEST_DAYS} days from the city's today; plan a day that has shifts.`,
    { fields: [{ path: 'serviceDay', message: `must lie within ${FARTHEST_DAYS} days of today` }] },
  );
}
