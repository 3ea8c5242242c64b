import { z } from 'zod';
import { CostValue, LpValue, PaceValue, PlanAnswer } from '../../../routing/documents/plan-values.ts';
import type { Plan } from '../../../routing/plan.ts';
import { Problem } from '../../platform/problem.ts';
import { StartSource } from '../../stores/plans/contract.ts';
import type { PlanRecord } from '../../stores/plans/store.ts';
import type { PlannedSlot, PlannedStart } from './build-problem.ts';

/** One zone of a plan that was made in parts: whose it was, and what it takes to make it again. */
const PlanPart = z.strictObject({
  /** Indices of the whole problem. */
  shifts: z.array(z.int()),
  jobs: z.array(z.int()),
  iterations: z.int(),
  pace: PaceValue,
  /** The planner, for people. */
  madeBy: z.string(),
});

export type PlanPartResult = z.infer<typeof PlanPart>;

/** What the `result` column holds: the engine's answer in indices, and whose indices they are. */
const PlanResult = z.strictObject({
  /** 2: with pace and changes. */
  format: z.union([z.literal(1), z.literal(2)]),
  epochUnixSeconds: z.int(),
  estimatedPairs: z.int(),
  plan: PlanAnswer,
  /** By the engine's shift index. `until` in seconds after the epoch. */
  shifts: z.array(z.strictObject({ shiftId: z.string(), source: StartSource, ageSeconds: z.int().nullable(), until: z.int() })),
  /** By the engine's job index. */
  slots: z.array(
    z.strictObject({
      jobId: z.string(),
      slot: z.int(),
      assignmentId: z.string().nullable(),
      fixed: z.boolean(),
      free: z.boolean(),
    }),
  ),
  notAsked: z.array(
    z.strictObject({
      jobId: z.string(),
      slot: z.int(),
      reason: z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) }),
    }),
  ),
  /** Empty: it was made in one piece. */
  parts: z.array(PlanPart).default([]),
});

/** A plan with what is needed to read its indices. */
export interface ReadableResult {
  /** False: its engine did not count changes, and `plan.changes` says nothing. */
  readonly changesCounted: boolean;
  readonly epochUnixSeconds: number;
  readonly estimatedPairs: number;
  readonly plan: Plan;
  readonly shifts: readonly (PlannedStart & { readonly until: number })[];
  readonly slots: readonly PlannedSlot[];
  readonly notAsked: readonly { readonly jobId: string; readonly slot: number; readonly reason: LeftOutReason }[];
  readonly parts: readonly PlanPartResult[];
}

export interface LeftOutReason {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ResultParts {
  readonly epochUnixSeconds: number;
  readonly estimatedPairs: number;
  readonly plan: Plan;
  readonly shifts: readonly (PlannedStart & { readonly until: number })[];
  readonly slots: readonly PlannedSlot[];
  readonly notAsked: ReadableResult['notAsked'];
  readonly parts: readonly PlanPartResult[];
}

/** The columns `result`, `cost`, `bound` and `lp` of a plan. */
export function storedResult(parts: ResultParts): Pick<PlanRecord, 'result' | 'cost' | 'bound' | 'lp'> {
  const { plan, ...rest } = parts;
  const { cost, lp, bound, ...answer } = plan;
  return { result: { format: 2, ...rest, plan: answer }, cost, lp, bound };
}

/** @throws Problem 409 `plan-damaged` when the columns are not what this version or an older one writes. */
export function readResult(record: Pick<PlanRecord, 'result' | 'cost' | 'bound' | 'lp'>): ReadableResult {
  const result = PlanResult.safeParse(record.result);
  const cost = CostValue.safeParse(record.cost);
  const lp = LpValue.safeParse(record.lp);
  if (!result.success || !cost.success || !lp.success) {
    throw new Problem(409, 'plan-damaged', 'This plan was made by another version of the program; make a new plan.', {
      cause: result.error ?? cost.error ?? lp.error,
    });
  }
  const { plan, format, ...rest } = result.data;
  return { ...rest, changesCounted: format > 1, plan: { ...plan, cost: cost.data, bound: record.bound, lp: lp.data } };
}
