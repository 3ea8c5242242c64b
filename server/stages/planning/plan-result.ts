import { z } from 'zod';
import type { Cost, LpReport, Pace as EnginePace, Plan } from '../../../routing/plan.ts';
import { metres, seconds, type Metres, type Seconds } from '../../../routing/units.ts';
import { Problem } from '../../platform/problem.ts';
import { StartSource } from '../../stores/plans/contract.ts';
import type { PlanRecord } from '../../stores/plans/store.ts';
import type { NotAsked, PlannedSlot, PlannedStart } from './build-problem.ts';

const Whole = z.int().transform((n): Seconds => seconds(n));
const Length = z.int().transform((n): Metres => metres(n));

const Reason = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('no_crew_on_shift') }),
  z.strictObject({ code: z.literal('no_crew_with_skills'), missing: z.array(z.string()) }),
  z.strictObject({ code: z.literal('no_crew_with_level'), missing: z.array(z.string()) }),
  z.strictObject({ code: z.literal('no_crew_with_plant'), missing: z.array(z.string()) }),
  z.strictObject({ code: z.literal('outside_every_area'), area: z.string() }),
  z.strictObject({ code: z.literal('more_stock_than_any_crew'), dimension: z.int() }),
  z.strictObject({ code: z.literal('linked_job_does_not_fit'), job: z.int() }),
  z.strictObject({ code: z.literal('no_change_left') }),
  z.strictObject({ code: z.literal('declined'), shift: z.int() }),
  z.strictObject({ code: z.literal('unreachable') }),
  z.strictObject({ code: z.literal('windows_do_not_fit') }),
  z.strictObject({ code: z.literal('longer_than_any_shift'), neededSeconds: Whole, mostSeconds: Whole }),
  z.strictObject({ code: z.literal('breaks_do_not_fit'), shift: z.int() }),
  z.strictObject({ code: z.literal('locks_do_not_fit'), shift: z.int() }),
  z.strictObject({ code: z.literal('not_today'), cheapestShift: z.int().nullable(), extraCost: z.number() }),
]);

const Pace = z.strictObject({
  rounds: z.int(),
  filled: z.int(),
  steps: z.array(z.array(z.int()).readonly()).readonly(),
  recombined: z
    .array(z.strictObject({ meeting: z.int(), cost: z.number(), sequences: z.array(z.array(z.int()).readonly()).readonly() }))
    .readonly()
    .exactOptional(),
}) satisfies z.ZodType<EnginePace>;
/** A field of the pace that is not kept would make the plan another one when it is rebuilt: the compiler says so here. */
type PaceIsKept = [Exclude<keyof EnginePace, keyof z.infer<typeof Pace>>] extends [never] ? true : false;
true satisfies PaceIsKept;

/** Terms that an older engine did not know were 0 to it. */
const CostColumn = z.strictObject({
  total: z.number(),
  unserved: z.number().default(0),
  late: z.number(),
  waiting: z.number(),
  travel: z.number(),
  duty: z.number().default(0),
  overtime: z.number(),
  use: z.number(),
  change: z.number(),
  promise: z.number(),
  overqualification: z.number().default(0),
  area: z.number().default(0),
  balance: z.number().default(0),
}) satisfies z.ZodType<Cost>;

const Lp = z.strictObject({
  rounds: z.array(
    z.strictObject({
      status: z.enum(['optimal', 'infeasible', 'stopped']),
      // Plans of earlier engines do not say; there was one method.
      method: z.enum(['simplex', 'shortest_paths']).default('simplex'),
      objective: z.number(),
      shifts: z.int(),
      jobs: z.int(),
      arcs: z.int(),
      allArcs: z.int(),
      pricingRounds: z.int(),
      certified: z.boolean(),
      crewPrices: z.array(z.strictObject({ shift: z.int(), price: z.number() })),
    }),
  ),
}) satisfies z.ZodType<LpReport>;

/** One zone of a plan that was made in parts: whose it was, and what it takes to make it again. */
const PlanPart = z.strictObject({
  /** Indices of the whole problem. */
  shifts: z.array(z.int()),
  jobs: z.array(z.int()),
  iterations: z.int(),
  pace: Pace,
  /** The planner, for people. */
  madeBy: z.string(),
});

/** What plans before format 2 do not say of themselves has the value that says so. */
const EnginePlan = z.strictObject({
  shifts: z.array(
    z.strictObject({
      shift: z.int(),
      stops: z.array(
        z.strictObject({ job: z.int(), travel: Whole, metres: Length, arrival: Whole, start: Whole, end: Whole, late: Whole }),
      ),
      breaks: z.array(z.strictObject({ id: z.string(), start: Whole, end: Whole })),
      breaksSkipped: z.array(z.string()),
      travel: Whole,
      metres: Length,
      work: Whole,
      idle: Whole,
      overtime: Whole,
      endsAt: Whole,
    }),
  ),
  unassigned: z.array(z.strictObject({ job: z.int(), reason: Reason })),
  seed: z.number(),
  iterations: z.int(),
  engine: z.string(),
  pace: Pace.default({ rounds: 0, filled: 0, steps: [] }),
  changes: z.int().default(0),
  forcedChanges: z.int().default(0),
  maxChanges: z.int().nullable().default(null),
  costInForce: CostColumn.nullable().default(null),
});

export type PlanPartResult = z.infer<typeof PlanPart>;

/** What the `result` column holds: the engine's answer in indices, and whose indices they are. */
const PlanResult = z.strictObject({
  /** 2: with pace and changes. */
  format: z.union([z.literal(1), z.literal(2)]),
  epochUnixSeconds: z.int(),
  estimatedPairs: z.int(),
  plan: EnginePlan,
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
  readonly notAsked: readonly NotAsked[];
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
  const cost = CostColumn.safeParse(record.cost);
  const lp = Lp.safeParse(record.lp);
  if (!result.success || !cost.success || !lp.success) {
    throw new Problem(409, 'plan-damaged', 'This plan was made by another version of the program; make a new plan.', {
      cause: result.error ?? cost.error ?? lp.error,
    });
  }
  const { plan, format, ...rest } = result.data;
  return { ...rest, changesCounted: format > 1, plan: { ...plan, cost: cost.data, bound: record.bound, lp: lp.data } };
}
