import { z } from 'zod';
import type { Problem } from '../problem.ts';
import type { Seconds } from '../units.ts';

/**
 * A problem as JSON, read strictly: what another version wrote must not be misread. The matrices are base64 of little-endian
 * 32-bit integers: a million numbers as JSON would take 100 ms to read. Nothing in it says who or what a job is: ids are the
 * caller's, places are rows of the matrix.
 */
const Whole = z.int().transform((n): Seconds => n as Seconds);
const Cells = z.string().transform((text): Int32Array => fromBase64(text));
const Interval = z.strictObject({ from: Whole, until: Whole });
const Texts = z.array(z.string());
const Levels = z.record(z.string(), z.int());
const Stock = z.array(z.int());
const Break = z.strictObject({ id: z.string(), window: Interval, length: Whole });
const InForce = z.strictObject({
  shift: z.int(),
  position: z.int(),
  start: Whole,
  fixed: z.boolean(),
  started: z.boolean().exactOptional(),
  lockCrew: z.boolean(),
  lockTime: z.boolean(),
  lockOrder: z.boolean(),
  promised: Interval.nullable(),
});
const Rates = z.strictObject({
  travelPerSecond: z.int().exactOptional(),
  perKilometre: z.int().exactOptional(),
  dutyPerHour: z.int().exactOptional(),
  use: z.int().exactOptional(),
});
const Shift = z.strictObject({
  id: z.string(),
  startNode: z.int(),
  endNode: z.int().nullable(),
  from: Whole,
  until: Whole,
  overtime: Whole,
  breaks: z.array(Break),
  skills: Texts,
  plant: Texts,
  windows: z.array(Interval).exactOptional(),
  skillLevels: Levels.exactOptional(),
  capacity: Stock.exactOptional(),
  travelPercent: z.number().exactOptional(),
  servicePercent: z.number().exactOptional(),
  areas: Texts.exactOptional(),
  outsideAreaPrice: z.int().nullable().exactOptional(),
  rates: Rates.exactOptional(),
  maxJobs: z.int().exactOptional(),
  maxTravel: Whole.exactOptional(),
  maxDuration: Whole.exactOptional(),
  fairWork: Whole.exactOptional(),
});
const Job = z.strictObject({
  id: z.string(),
  node: z.int(),
  service: Whole,
  release: Whole,
  windows: z.array(Interval),
  due: Whole.nullable(),
  latePerSecond: z.int(),
  severeAfter: Whole.exactOptional(),
  severePerSecond: z.int().exactOptional(),
  waiting: z.int(),
  waitingPerHour: z.int().exactOptional(),
  skills: Texts,
  plant: Texts,
  skillLevels: Levels.exactOptional(),
  preferredLevels: Levels.exactOptional(),
  area: z.string().exactOptional(),
  uses: Stock.exactOptional(),
  collects: Stock.exactOptional(),
  declinedBy: z.array(z.int()).exactOptional(),
  inForce: InForce.nullable(),
});
const Link = z.strictObject({
  first: z.int(),
  second: z.int(),
  leastLag: Whole,
  mostLag: Whole.nullable(),
  sameShift: z.boolean().exactOptional(),
});
const Travel = z.strictObject({
  size: z.int(),
  seconds: Cells,
  metres: Cells,
  source: z.enum(['osrm', 'estimate']),
  speedByTime: z.array(z.strictObject({ from: Whole, percent: z.number() })).exactOptional(),
});
const Weights = z.strictObject({
  travelPerSecond: z.int(),
  overtimePerSecond: z.int(),
  changeOfCrew: z.int(),
  moveOfStartPerSecond: z.int(),
  startTolerance: Whole,
  brokenPromise: z.int(),
  useOfShift: z.int(),
  overqualificationPerLevel: z.int().exactOptional(),
  balancePerSecond: z.int().exactOptional(),
  worstLatePerSecond: z.int().exactOptional(),
});
/** The problem's JSON, and out of it the problem. */
export const ProblemValue = z.strictObject({
  epochUnixSeconds: z.int(),
  now: Whole,
  shifts: z.array(Shift),
  jobs: z.array(Job),
  travel: Travel,
  weights: Weights,
  links: z.array(Link).exactOptional(),
}) satisfies z.ZodType<Problem>;

/** A field of the problem that the document does not know would be lost without a word: the compiler says so here. */
type Unknown<Value, Document> = Exclude<keyof Value, keyof Document>;
type Complete = [
  Unknown<Problem, z.infer<typeof ProblemValue>>,
  Unknown<Problem['shifts'][number], z.infer<typeof Shift>>,
  Unknown<NonNullable<Problem['shifts'][number]['rates']>, z.infer<typeof Rates>>,
  Unknown<Problem['jobs'][number], z.infer<typeof Job>>,
  Unknown<NonNullable<Problem['jobs'][number]['inForce']>, z.infer<typeof InForce>>,
  Unknown<NonNullable<Problem['links']>[number], z.infer<typeof Link>>,
  Unknown<Problem['travel'], z.infer<typeof Travel>>,
  Unknown<Problem['weights'], z.infer<typeof Weights>>,
] extends never[]
  ? true
  : false;
true satisfies Complete;

/** The problem as plain JSON values. */
export function problemValue({ travel, ...rest }: Problem): object {
  return { ...rest, travel: { ...travel, seconds: toBase64(travel.seconds), metres: toBase64(travel.metres) } };
}

function toBase64(cells: Int32Array): string {
  return Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength).toString('base64');
}

function fromBase64(text: string): Int32Array {
  const bytes = Buffer.from(text, 'base64');
  // A Buffer may begin anywhere in its pool; a copy is aligned.
  return new Int32Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.byteLength / 4));
}
