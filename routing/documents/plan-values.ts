import { z } from 'zod';
import type { Certificate } from '../certificate.ts';
import type { Cost, LpReport, Pace as EnginePace, Plan } from '../plan.ts';
import { metres, seconds, type Metres, type Seconds } from '../units.ts';

/** A plan as JSON, read strictly; what older engines did not write has the value that says so. */

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

export const PaceValue = z.strictObject({
  rounds: z.int(),
  filled: z.int(),
  steps: z.array(z.array(z.int()).readonly()).readonly(),
  recombined: z
    .array(z.strictObject({ meeting: z.int(), cost: z.number(), sequences: z.array(z.array(z.int()).readonly()).readonly() }))
    .readonly()
    .exactOptional(),
}) satisfies z.ZodType<EnginePace>;
/** A field of the pace that is not kept would make the plan another one when it is rebuilt: the compiler says so here. */
type PaceIsKept = [Exclude<keyof EnginePace, keyof z.infer<typeof PaceValue>>] extends [never] ? true : false;
true satisfies PaceIsKept;

/** Terms that an older engine did not know were 0 to it. */
export const CostValue = z.strictObject({
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

export const LpValue = z.strictObject({
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

/** What plans before format 2 do not say of themselves has the value that says so. */
export const PlanAnswer = z.strictObject({
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
  pace: PaceValue.default({ rounds: 0, filled: 0, steps: [] }),
  changes: z.int().default(0),
  forcedChanges: z.int().default(0),
  maxChanges: z.int().nullable().default(null),
  costInForce: CostValue.nullable().default(null),
});

/** A plan in one piece. */
export const PlanValue = PlanAnswer.extend({
  cost: CostValue,
  bound: z.number().nullable(),
  lp: LpValue,
}) satisfies z.ZodType<Plan>;

/** A certificate in its form alone: what its numbers and names are worth is for the verifier to say. */
export const CertificateValue = z
  .strictObject({
    version: z.number(),
    kind: z.string(),
    bound: z.number(),
    jobPrices: z.array(z.number()),
    cuts: z.array(z.strictObject({ jobs: z.array(z.number()), price: z.number() })),
    shiftLeast: z.array(z.number()),
    relaxed: z.array(z.string()),
  })
  .transform((value) => value as unknown as Certificate);
