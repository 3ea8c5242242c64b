import type { Planner } from '../../../routing/worker/start-planner.ts';
import type { Db } from '../../../db/knex.ts';
import type { PlanId } from '../../stores/plans/contract.ts';
import { getPlan, getPlanProblem } from '../../stores/plans/store.ts';
import { readResult } from './plan-result.ts';
import { canonicalJson, hashOf, readProblem } from './problem-document.ts';

export interface Rebuilt {
  readonly planId: PlanId;
  /** The engine gave the same answer, byte for byte in canonical form. */
  readonly same: boolean;
  /** SHA-256 of the canonical form, base64url. */
  readonly storedHash: string;
  readonly rebuiltHash: string;
  /** False: made by another version of the engine, which need not agree. */
  readonly sameEngine: boolean;
}

/**
 * Solves a past plan's stored problem again, with its seed and as many iterations as it took, and compares.
 * Changes nothing. @throws Problem 404 `no-such-plan`, 409 `plan-damaged`.
 */
export async function rebuildPlan(db: Db, engine: Pick<Planner, 'solveInWorker'>, planId: PlanId): Promise<Rebuilt> {
  const record = await getPlan(db, planId);
  const stored = readResult(record).plan;
  const problem = await readProblem(await getPlanProblem(db, planId));
  const again = await engine.solveInWorker(problem, { seed: record.seed, iterations: record.iterations, millis: null });
  const storedHash = hashOf(canonicalJson(stored));
  const rebuiltHash = hashOf(canonicalJson(again));
  return { planId, same: storedHash === rebuiltHash, storedHash, rebuiltHash, sameEngine: again.engine === record.engine };
}
