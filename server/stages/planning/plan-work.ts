import type { Log } from '../../platform/log.ts';
import { listPlanRequestsToTake, type Taker } from '../../stores/plans/leases.ts';
import { planMaker, type PlanMaker, type PlanMakerDeps } from './plan-maker.ts';
import type { OpenPlanQueue, PlanQueue } from './plan-queue.ts';

export interface PlanWorkDeps extends Omit<PlanMakerDeps, 'taker' | 'callForHelp'> {
  readonly openQueue: OpenPlanQueue;
  /** Names this process, for people. */
  readonly holder: string;
  readonly leaseMillis?: number;
}

/** The part of a process that makes plans: its queue, its maker, and the look for what nobody takes. */
export interface PlanWork {
  readonly queue: PlanQueue;
  readonly maker: PlanMaker;
  start(): Promise<void>;
  /** Rings for everything that could be taken. */
  look(): Promise<void>;
  /** A sentence when requests wait and nobody takes them. */
  neglected(): string | null;
  stop(): Promise<void>;
}

/** Longer than any pause of a healthy process (collecting garbage, a machine that swaps), short enough to wait for. */
const LEASE_MILLIS = 15_000;
const LOOK_MILLIS = 1_000;
/** A planner that is there takes a request within moments, unless it is busy with others. */
const NEGLECTED_MILLIS = 60_000;
const NEGLECTED = 'Plans have been waiting for a minute and no planner takes them: start one with npm run planner.';

export function planWork(deps: PlanWorkDeps): PlanWork {
  const { log, openQueue } = deps;
  const { db } = deps.tools;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let looking: Promise<void> | null = null;
  /** Since when the oldest request waits that could be taken, by this process's own time. */
  let waitsSince: { readonly id: string; readonly from: number } | null = null;

  const look = (): Promise<void> => {
    looking ??= lookOnce(log, async () => {
      const open = await listPlanRequestsToTake(db, queue.runsIn);
      const oldest = open[0]?.id;
      if (oldest === undefined) waitsSince = null;
      else if (waitsSince?.id !== oldest) waitsSince = { id: oldest, from: performance.now() };
      for (const { id } of open) await queue.add(db, id);
      if (open.length > 0) queue.committed();
    }).finally(() => {
      looking = null;
    });
    return looking;
  };

  const taker: Taker = {
    holder: deps.holder,
    leaseMillis: deps.leaseMillis ?? LEASE_MILLIS,
    get runsIn() {
      return queue.runsIn;
    },
  };
  const maker = planMaker({
    ...deps,
    taker,
    callForHelp: (id, helpers) => queue.callForHelp(db, id, helpers),
    onStep(record, progress) {
      deps.onStep(record, progress);
      // The next of its day may begin.
      if (progress === null && !stopped) void look();
    },
  });
  const queue = openQueue(maker);

  return {
    queue,
    maker,
    look,
    neglected: () => (waitsSince !== null && performance.now() - waitsSince.from > NEGLECTED_MILLIS ? NEGLECTED : null),
    async start() {
      await queue.start();
      await look();
      const again = (): void => {
        timer = setTimeout(() => {
          void look().then(() => {
            if (!stopped) again();
          });
        }, LOOK_MILLIS).unref();
      };
      again();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await maker.stop();
      await queue.stop();
      await looking;
    },
  };
}

/** What cannot be read now is looked for again in a moment. */
async function lookOnce(log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.debug({ err: error }, 'what waits for a planner could not be read');
  }
}
