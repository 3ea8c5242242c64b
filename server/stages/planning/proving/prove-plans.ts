import { Worker } from 'node:worker_threads';
import { systemActor } from '../../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../../platform/change.ts';
import type { NewEvent } from '../../../platform/events.ts';
import type { Log } from '../../../platform/log.ts';
import { findUnproven, keepCertificate } from '../../../stores/plans/certificates.ts';
import type { PlanId } from '../../../stores/plans/contract.ts';
import { getPlan, getPlanProblem, type PlanRecord } from '../../../stores/plans/store.ts';
import { readResult } from '../plan-result.ts';
import { storedBetter } from './better-plan.ts';
import type { Claim, Release } from './claims.ts';
import type { ProveAnswer, ProveOrder } from './messages.ts';
import { isUnchecked, type Proving } from './view-proof.ts';

/** Proves plans in the background, the one in force and the newest draft first, when nobody needs the machine for more. */
export interface PlanProver {
  /** Looks for what was left unproven before this process began; returns at once. */
  start(): void;
  /** Something was committed: returns at once. */
  changed(events: readonly NewEvent[]): void;
  /** A plan is about to be made: what is being proven stops, and begins anew when `done` is called. */
  makeRoom(): { done(): void };
  /** Of a plan of which nothing is kept: what is being done about it, or going to be. */
  sayOf(plan: Pick<PlanRecord, 'id' | 'madeAt'>): Proving;
  /** Waits until there is nothing left to prove. */
  idle(): Promise<void>;
  /** Ends what runs. */
  stop(): Promise<void>;
}

export interface ProverOptions {
  readonly tools: ChangeTools;
  readonly log: Log;
  /** For the bound of one plan, wall time. */
  readonly millis?: number;
  /** So long nothing must have happened with plans, wall time: a day that is played fast is not held up. */
  readonly quietMillis?: number;
  /** Where other servers prove plans of the same city; left out: there are none. */
  readonly claim?: Claim;
}

const MILLIS = 20_000;
const QUIET_MILLIS = 3_000;
/** City time. Nobody decides by an older draft any more. */
const NOTHING_TO_RELEASE: Release = () => Promise.resolve();
const OLDEST_MILLIS = 2 * 3_600_000;
/** Of keeping a proof that has been found: the database may be away for a moment. */
const MOST_TRIES = 3;

export function planProver({ tools, log, millis = MILLIS, quietMillis = QUIET_MILLIS, claim }: ProverOptions): PlanProver {
  /** How often each has been tried, those whose proof is kept left out. */
  const tries = new Map<string, number>();
  const isGivenUp = (planId: string): boolean => (tries.get(planId) ?? 0) >= MOST_TRIES;
  const oldest = (): Date => new Date(tools.clock.now().getTime() - OLDEST_MILLIS);
  let running: { readonly planId: PlanId; readonly thread: Worker; readonly over: Promise<void> } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let making = 0;
  let stopped = false;
  let looking: Promise<void> | null = null;

  function soon(): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, quietMillis);
    timer.unref();
  }

  /** Begins with the plan that is most wanted, if there is one. */
  function look(): Promise<void> {
    looking ??= begin()
      .catch((error: unknown) => log.warn({ err: error }, 'the plan to prove could not be read'))
      .finally(() => {
        looking = null;
      });
    return looking;
  }

  async function begin(): Promise<void> {
    if (stopped || making > 0 || running !== null) return;
    const open = (await findUnproven(tools.db, oldest())).filter((id) => !isGivenUp(id));
    for (const planId of open) {
      const release = claim === undefined ? NOTHING_TO_RELEASE : await claim(planId);
      // Another server proves it, and tells when it has.
      if (release === null) continue;
      if (!(await proveOne(planId, release))) await release();
      return;
    }
  }

  /** @returns false when it was not begun. */
  async function proveOne(planId: PlanId, release: Release): Promise<boolean> {
    const { result, cost, bound, lp } = await getPlan(tools.db, planId);
    const stored = { record: { result, cost, bound, lp }, problem: await getPlanProblem(tools.db, planId) };
    // Somebody may have begun to plan, or to close, meanwhile.
    if (stopped || making > 0) return false;
    const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './proving-thread.js';
    const thread = new Worker(new URL(file, import.meta.url), { execArgv: [] });
    thread.unref();
    const order: ProveOrder = { stored, millis };
    thread.postMessage(order);
    running = { planId, thread, over: follow(planId, thread).finally(release) };
    return true;
  }

  /** Until the thread has answered or is gone. */
  async function follow(planId: PlanId, thread: Worker): Promise<void> {
    const answer = await new Promise<ProveAnswer | null>((resolve) => {
      thread.once('message', resolve);
      thread.once('error', (error) => resolve({ kind: 'failed', message: error.message, stack: error.stack }));
      thread.once('exit', () => resolve(null));
    });
    await thread.terminate();
    running = null;
    if (answer?.kind === 'failed') {
      // The same again would break off in the same place.
      tries.set(planId, MOST_TRIES);
      log.error({ err: answer, planId }, 'a plan could not be proven');
    } else if (answer !== null) {
      try {
        await keep(planId, answer);
        tries.delete(planId);
      } catch (error) {
        tries.set(planId, (tries.get(planId) ?? 0) + 1);
        log.error({ err: error, planId }, 'a proof could not be kept');
      }
    }
    soon();
  }

  async function keep(planId: PlanId, answer: Extract<ProveAnswer, { kind: 'proven' }>): Promise<void> {
    const { certificate, verified, refusals, seconds, passes, routes, better } = answer;
    const { bound, kind } = certificate;
    const one = { planId, certificate, bound, kind, verified, refusals, seconds, passes, routes };
    if (!verified) {
      // A bound that does not hold is our fault; one that is too large to be checked is not. Neither is told.
      if (isUnchecked(one)) log.info({ planId, refusals }, 'a certificate could not be checked in full');
      else log.error({ planId, refusals }, 'a certificate was refused');
    }
    const found = better === null ? null : storedBetter(readResult(await getPlan(tools.db, planId)), better);
    await inChange(tools, systemActor, async (change) => {
      await keepCertificate(change.tx, { ...one, better: found, betterPlanId: null, madeAt: change.now });
      change.emit({ type: 'plan.proven', planId, body: { bound, kind, verified, better: better?.cost.total ?? null } });
    });
  }

  async function giveUp(): Promise<void> {
    const mine = running;
    if (mine === null) return;
    await mine.thread.terminate();
    await mine.over;
  }

  return {
    start: soon,
    changed(events) {
      if (events.some(({ type }) => type === 'plan.drafted' || type === 'plan.published')) soon();
    },
    makeRoom() {
      making++;
      void giveUp();
      let open = true;
      return {
        done() {
          if (!open) return;
          open = false;
          making--;
          soon();
        },
      };
    },
    sayOf({ id, madeAt }) {
      if (running?.planId === id) return 'working';
      if (isGivenUp(id)) return 'failed';
      return madeAt < oldest() ? 'too_old' : 'waiting';
    },
    async idle() {
      while (timer !== undefined || looking !== null || running !== null) {
        await (looking ?? running?.over ?? new Promise((resolve) => setTimeout(resolve, 10)));
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      timer = undefined;
      await looking;
      await giveUp();
    },
  };
}
