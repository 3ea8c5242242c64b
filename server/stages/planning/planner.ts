import type { Problem as EngineProblem } from '../../../routing/problem.ts';
import type { CachedRoads } from '../../../routing/roads/cached.ts';
import { seconds } from '../../../routing/units.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { problemOf } from '../../platform/failure.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanId, PlanProgress, PlanRequest, PlanRequestId, RequestPlan } from '../../stores/plans/contract.ts';
import {
  endPlanRequest,
  failInterruptedPlanRequests,
  getPlanRequest,
  insertPlan,
  insertPlanRequest,
  listOpenPlanRequests,
  startPlanRequest,
  type PlanRequestEnd,
  type PlanRequestRecord,
} from '../../stores/plans/store.ts';
import { requestTransition } from '../../stores/plans/transitions.ts';
import { makePlan, serviceDayOf, type MadePlan, type MakePlanDeps } from './make-plan.ts';
import type { PlanningPolicy } from './planning-policy.ts';

export interface PlannerDeps {
  readonly tools: ChangeTools;
  readonly roads: CachedRoads;
  readonly engine: MakePlanDeps['engine'];
  /** The policy in force; asked for each plan, since configuration may change while the server runs. */
  readonly policy: () => Promise<PlanningPolicy>;
  readonly log: Log;
  /** Told of each step of each request, for the screens. */
  readonly onProgress?: (request: PlanRequest) => void;
}

/**
 * Makes plans, one at a time. A request made while one runs waits, one for each service day: whoever asks for the
 * same again is given the one that waits. Requests outlive the server; what ran when it stopped has failed.
 */
export interface Planner {
  /** Answers at once. @throws Problem 409 `plan-waiting`, 429 `too-many-plans`. */
  request(actor: Actor, ask: RequestPlan): Promise<PlanRequest>;
  get(id: PlanRequestId): Promise<PlanRequest>;
  /** The request as soon as it has ended, or as it is after `millis` of wall time. */
  wait(id: PlanRequestId, millis: number, signal: AbortSignal): Promise<PlanRequest>;
  /** @throws Problem 409 `plan-request-refused` when it has ended. */
  cancel(id: PlanRequestId): Promise<PlanRequest>;
  /** After a start: fails what was interrupted, goes on with what waits, begins the timer of the policy. */
  start(): Promise<void>;
  /** Gives up what runs; what waits is done after the next start. */
  stop(): Promise<void>;
  /** The planner as a part of the server's health: why the last plan failed, null when it did not. */
  lastFailure(): string | null;
}

/** Days that may wait at a time; more is somebody's script gone wrong. */
const MOST_WAITING = 7;
const FARTHEST_DAYS = 366;
const RETRY_MILLIS = 500;
const STOPPING = new Error('the server is stopping');
const CANCELLED = new Error('cancelled');

const NOTHING_TO_DO: EngineProblem = {
  epochUnixSeconds: 0,
  now: seconds(0),
  shifts: [],
  jobs: [],
  travel: { size: 0, seconds: new Int32Array(0), metres: new Int32Array(0), source: 'estimate' },
  weights: {
    travelPerSecond: 0,
    overtimePerSecond: 0,
    changeOfCrew: 0,
    moveOfStartPerSecond: 0,
    startTolerance: seconds(0),
    brokenPromise: 0,
    useOfShift: 0,
  },
};

interface Waiting {
  readonly record: PlanRequestRecord;
  readonly actor: Actor;
}

interface Running extends Waiting {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  progress: PlanProgress;
}

export function planner(deps: PlannerDeps): Planner {
  const { tools, log } = deps;
  const { db, clock } = tools;
  let waiting: Waiting[] = [];
  let running: Running | null = null;
  let stopped = false;
  let failure: string | null = null;
  let interval: NodeJS.Timeout | undefined;
  const listeners = new Set<(id: PlanRequestId) => void>();
  let turn: Promise<unknown> = Promise.resolve();

  /** One after another, so that two requests of one moment do not both find nobody waiting. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const view = (record: PlanRequestRecord): PlanRequest => ({
    id: record.id,
    state: record.state,
    serviceDay: record.serviceDay,
    requestedAt: record.requestedAt.toISOString(),
    reason: record.reason,
    planId: record.planId,
    failure: record.failure,
    progress: progressOf(record),
  });
  const progressOf = (record: PlanRequestRecord): PlanProgress | null => {
    if (record.state !== 'waiting' && record.state !== 'running') return null;
    return running?.record.id === record.id ? running.progress : { phase: 'waiting', share: null, bestCost: null };
  };
  const tell = (record: PlanRequestRecord): void => deps.onProgress?.(view(record));

  const get = async (id: PlanRequestId): Promise<PlanRequest> => view(await getPlanRequest(db, id));

  /** Writes until the database takes it: a plan that was made is not lost because the database was away for a while. */
  const surely = async <T>(write: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (stopped || problemOf(error).status !== 503) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    }
  };

  const end = async (record: PlanRequestRecord, how: PlanRequestEnd): Promise<void> => {
    if (!(await surely(() => endPlanRequest(db, record.id, how, clock.now())))) return;
    tell({
      ...record,
      state: how.state,
      planId: how.state === 'made' ? how.planId : null,
      failure: 'failure' in how ? how.failure : null,
    });
    for (const hear of [...listeners]) hear(record.id);
  };

  /** The draft, its request and the event that says so, in one transaction. */
  const store = async (job: Waiting, made: MadePlan): Promise<PlanId> => {
    const { record, actor } = job;
    const madeAt = clock.now();
    const id = tools.ids.next(madeAt) as PlanId;
    await surely(() =>
      inChange(tools, actor, async (change) => {
        // Written by a try whose answer was lost with the connection.
        const draft = { ...made, id, requestedBy: record.requestedBy, requestedAt: record.requestedAt, madeAt };
        if (!(await insertPlan(change.tx, draft))) return;
        if (!(await endPlanRequest(change.tx, record.id, { state: 'made', planId: id }, madeAt))) throw CANCELLED;
        change.emit({
          type: 'plan.drafted',
          planId: id,
          configVersionId: made.configVersionId,
          body: {
            requestId: record.id,
            serviceDay: made.serviceDay,
            reason: record.reason,
            roadsSource: made.roadsSource,
            cost: made.cost.total,
          },
        });
      }),
    );
    return id;
  };

  const run = async (job: Running): Promise<void> => {
    const { record, controller } = job;
    const progress = (next: PlanProgress): void => {
      job.progress = next;
      tell({ ...record, state: 'running' });
    };
    try {
      if (!(await surely(() => startPlanRequest(db, record.id)))) return;
      progress({ phase: 'reading', share: null, bestCost: null });
      const policy = await deps.policy();
      const order = {
        serviceDay: record.serviceDay,
        at: clock.now(),
        repeatable: clock.kind === 'simulated',
        options: record.options,
        policy,
      };
      const made = await makePlan({ db, roads: deps.roads, engine: deps.engine }, order, controller.signal, progress);
      controller.signal.throwIfAborted();
      const planId = await store(job, made);
      failure = null;
      tell({ ...record, state: 'made', planId });
    } catch (error) {
      // Interrupted by a stop it stays `running`, and the next start says what became of it.
      if (controller.signal.reason === STOPPING) return;
      if (controller.signal.reason === CANCELLED) return await end(record, { state: 'cancelled' });
      const why = sentence(error);
      failure = why;
      log.error({ err: error, planRequest: record.id }, 'a plan could not be made');
      await end(record, { state: 'failed', failure: why });
    }
  };

  const begin = (): void => {
    const next = waiting[0];
    if (running !== null || stopped || next === undefined) return;
    waiting = waiting.slice(1);
    const controller = new AbortController();
    const progress: PlanProgress = { phase: 'waiting', share: null, bestCost: null };
    // `run` starts in a later turn, when `running` is set.
    const ended = Promise.resolve()
      .then(() => running && run(running))
      .catch((error: unknown) => log.error({ err: error, planRequest: next.record.id }, 'the end of a plan could not be written'))
      .then(() => {
        running = null;
        for (const hear of [...listeners]) hear(next.record.id);
        begin();
      });
    running = { ...next, controller, ended, progress };
  };

  const request = (actor: Actor, ask: RequestPlan): Promise<PlanRequest> =>
    inTurn(async () => {
      if (stopped) throw new Problem(503, 'closing', 'The server is stopping; ask again in a moment.');
      const { zone } = await deps.policy();
      const now = clock.now();
      const serviceDay = ask.serviceDay ?? serviceDayOf(now, zone);
      requireNear(serviceDay, now);
      const options = {
        ...(ask.seed === undefined ? {} : { seed: ask.seed }),
        ...(ask.iterations === undefined ? {} : { iterations: ask.iterations }),
      };
      const same = waiting.find(({ record }) => record.serviceDay === serviceDay);
      if (same !== undefined) {
        const { seed, iterations } = same.record.options;
        if (seed === options.seed && iterations === options.iterations) return view(same.record);
        throw new Problem(
          409,
          'plan-waiting',
          'A plan for this day is waiting with another seed or another number of iterations; cancel it, or ask again once it has begun.',
          { present: view(same.record) },
        );
      }
      if (waiting.length >= MOST_WAITING) {
        throw new Problem(
          429,
          'too-many-plans',
          `Plans for ${MOST_WAITING} days are waiting already; ask again when one has begun.`,
        );
      }
      const asked = {
        id: tools.ids.next(now) as PlanRequestId,
        serviceDay,
        requestedBy: actor.accountId,
        requestedAt: now,
        reason: ask.reason,
        options,
      };
      await insertPlanRequest(db, asked);
      const record: PlanRequestRecord = { ...asked, state: 'waiting', planId: null, failure: null, endedAt: null };
      waiting = [...waiting, { record, actor }];
      tell(record);
      begin();
      return view(record);
    });

  return {
    request,
    get,
    async wait(id, millis, signal) {
      // Listening begins before the first look, or an end in between would not be heard.
      let heard = (): void => undefined;
      const ended = new Promise<void>((resolve) => (heard = resolve));
      const hear = (which: PlanRequestId): void => (which === id ? heard() : undefined);
      listeners.add(hear);
      const timer = setTimeout(heard, millis);
      signal.addEventListener('abort', heard);
      try {
        const now = await get(id);
        if (now.progress === null) return now;
        await ended;
        return await get(id);
      } finally {
        listeners.delete(hear);
        clearTimeout(timer);
        signal.removeEventListener('abort', heard);
      }
    },
    async cancel(id) {
      const record = await getPlanRequest(db, id);
      const outcome = requestTransition(record.state, 'cancel');
      if (!outcome.ok) throw new Problem(409, 'plan-request-refused', outcome.because, { present: view(record) });
      waiting = waiting.filter((w) => w.record.id !== id);
      if (running?.record.id === id) {
        running.controller.abort(CANCELLED);
        await running.ended;
      } else {
        await end(record, { state: 'cancelled' });
      }
      return get(id);
    },
    async start() {
      await inTurn(async () => {
        await failInterruptedPlanRequests(db, 'The server was restarted while this plan was being made; ask again.', clock.now());
        const left = (await listOpenPlanRequests(db)).filter(({ id }) => !waiting.some(({ record }) => record.id === id));
        waiting = [...left.map((record) => ({ record, actor: systemActor })), ...waiting];
      });
      begin();
      // Starts the engine's thread now, so that the first plan does not wait for it.
      deps.engine
        .solveInWorker(NOTHING_TO_DO, { seed: 0, iterations: 0, millis: null })
        .catch((error: unknown) => log.warn({ err: error }, 'the engine could not be started ahead of the first plan'));
      // A simulated city plans through the API only: nothing happens there that nobody asked for.
      const every = clock.kind === 'real' ? (await deps.policy()).replanSeconds : null;
      if (every === null) return;
      interval = setInterval(() => {
        if (running !== null || waiting.length > 0) return;
        request(systemActor, { reason: 'interval' }).catch((error: unknown) =>
          log.warn({ err: error }, 'the regular plan could not be asked for'),
        );
      }, every * 1_000);
      interval.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(interval);
      waiting = [];
      await turn;
      running?.controller.abort(STOPPING);
      await running?.ended;
    },
    lastFailure: () => failure,
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

function sentence(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const problem = problemOf(error);
  if (problem.status === 503) return 'The database could not be reached while the plan was being made; ask again.';
  return 'The planner stopped unexpectedly; nothing was changed. Ask again, and tell the administrator if it happens twice.';
}
