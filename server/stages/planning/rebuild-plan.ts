import type { Db } from '../../../db/knex.ts';
import type { Plan } from '../../../routing/plan.ts';
import type { Problem } from '../../../routing/problem.ts';
import type { PlanId } from '../../stores/plans/contract.ts';
import { getPlan, getPlanProblem } from '../../stores/plans/store.ts';
import { solveAgain, type PlanEngine } from './plan-engine.ts';
import { readResult, storedResult, type PlanPartResult } from './plan-result.ts';
import { canonicalJson, hashOf, readProblem } from './problem-document.ts';
import { joinPlans, problemOfZone } from './zones.ts';

export interface Rebuilt {
  readonly planId: PlanId;
  /** The engine gave the same answer, byte for byte in canonical form. */
  readonly same: boolean;
  /** SHA-256 of the canonical form, base64url. */
  readonly storedHash: string;
  readonly rebuiltHash: string;
  readonly engine: string;
  /** The engine of today. Another one need not agree. */
  readonly rebuiltBy: string;
  /** Where they differ, each as a path with both values; at most 20. */
  readonly differences: readonly string[];
}

const MOST_DIFFERENCES = 20;

/**
 * Solves a past plan's stored problem again, with its seed, its change budget and its pace (or as many iterations as it
 * took), and compares. Changes nothing. @throws Problem 404 `no-such-plan`, 409 `plan-damaged`.
 */
export async function rebuildPlan(db: Db, engine: PlanEngine, planId: PlanId): Promise<Rebuilt> {
  const record = await getPlan(db, planId);
  // The bound was proven later, and is no part of what the engine answered.
  const { changesCounted: _, plan: stored, ...parts } = readResult({ ...record, bound: null });
  const problem = await readProblem(await getPlanProblem(db, planId));
  const solved = await solveWhole(engine, problem, stored, parts.parts);
  // Through the same door as the first, so that both are what a reader of the database would see.
  const again = readResult(throughJson(storedResult({ ...parts, plan: solved, notAsked: [] }))).plan;
  const differences: string[] = [];
  compare(stored, again, 'plan', differences);
  const storedHash = hashOf(canonicalJson(stored));
  const rebuiltHash = hashOf(canonicalJson(again));
  return {
    planId,
    same: storedHash === rebuiltHash,
    storedHash,
    rebuiltHash,
    engine: stored.engine,
    rebuiltBy: again.engine,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
}

/** In one piece, or zone by zone where it was made so. */
async function solveWhole(engine: PlanEngine, problem: Problem, stored: Plan, parts: readonly PlanPartResult[]): Promise<Plan> {
  if (parts.length === 0) return solveAgain(engine, problem, stored);
  const solved = [];
  for (const part of parts) {
    const { seed, maxChanges } = stored;
    const plan = await solveAgain(engine, problemOfZone(problem, part), { ...part, seed, maxChanges });
    solved.push({ zone: part, plan });
  }
  return joinPlans(solved);
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function compare(was: unknown, is: unknown, path: string, found: string[]): void {
  if (found.length >= MOST_DIFFERENCES) return;
  if (typeof was === 'object' && was !== null && typeof is === 'object' && is !== null) {
    const [before, after] = [was as Record<string, unknown>, is as Record<string, unknown>];
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], Array.isArray(was) ? `${path}[${key}]` : `${path}.${key}`, found);
    }
  } else if (was !== is) found.push(`${path}: was ${short(was)}, is ${short(is)}`);
}

const short = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 80);
