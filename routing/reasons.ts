import { pairOf } from './compile.ts';
import { constraints } from './constraints/all.ts';
import { type Draft, fixedCount, mayTake } from './draft.ts';
import { cheapestPlace } from './insertion.ts';
import { type Instance, NONE } from './instance.ts';
import type { Reason } from './plan.ts';
import { costOfSequence } from './schedule.ts';

/**
 * Why job j is in no shift of the draft.
 * A locked job: its locks do not fit. A job that some crew could do were its day otherwise empty: not today, with the
 * cheapest way to do it all the same, by adding it or by pushing out one movable stop, and what the plan would then cost
 * more. Otherwise the rule at which the crew that got furthest failed.
 * A linked job that some crew could do: the job of its group that none can do; when all could be done, and this one alone
 * would even pay, the one that it is linked to.
 */
export function reasonFor(draft: Draft, j: number): Reason {
  const { instance } = draft;
  const job = instance.problem.jobs[instance.jobIndex[j]!];
  if (instance.locked[j] === 1) return { code: 'locks_do_not_fit', shift: job?.inForce?.shift ?? NONE };
  const own = ruleAgainstAll(draft, j);
  if (own !== null) return own;
  const others = (instance.groups[instance.groupOf[j]!] ?? []).filter((k) => k !== j);
  const undoable = others.find((k) => draft.shiftOf[k] === NONE && instance.locked[k] === 0 && ruleAgainstAll(draft, k) !== null);
  if (undoable !== undefined) return { code: 'linked_job_does_not_fit', job: instance.jobIndex[undoable]! };
  const alone = notToday(draft, j);
  const partner = partnerOf(instance, j);
  if (partner === null || alone.cheapestShift === null || alone.extraCost > 0) return alone;
  return { code: 'linked_job_does_not_fit', job: instance.jobIndex[partner]! };
}

/** The first job that j is linked to, or null. */
function partnerOf(instance: Instance, j: number): number | null {
  for (const { first, second } of instance.groupLinks[instance.groupOf[j]!] ?? []) {
    if (first === j) return second;
    if (second === j) return first;
  }
  return null;
}

/** The rule at which the crew that got furthest failed; null when some crew could do job j were its day otherwise empty. */
function ruleAgainstAll({ instance }: Draft, j: number): Reason | null {
  let furthest = -1;
  let reason: Reason = { code: 'no_crew_on_shift' };
  for (let s = 0; s < instance.shiftCount; s++) {
    const pair = pairOf(instance, s, j);
    let reached = 0;
    let no: Reason | null = null;
    for (const rule of constraints) {
      no = rule.blocks(pair);
      if (no !== null) break;
      reached++;
    }
    if (no === null) return null;
    if (reached > furthest || (reached === furthest && shortfall(no) < shortfall(reason))) {
      furthest = reached;
      reason = no;
    }
  }
  return reason;
}

/** How far a "no" is from a "yes", to name the nearest crew's. */
function shortfall(reason: Reason): number {
  switch (reason.code) {
    case 'no_crew_with_skills':
    case 'no_crew_with_level':
    case 'no_crew_with_plant':
      return reason.missing.length;
    case 'longer_than_any_shift':
      return reason.neededSeconds - reason.mostSeconds;
    case 'no_crew_on_shift':
    case 'declined':
    case 'unreachable':
    case 'windows_do_not_fit':
    case 'breaks_do_not_fit':
    case 'locks_do_not_fit':
    case 'outside_every_area':
    case 'more_stock_than_any_crew':
    case 'linked_job_does_not_fit':
    case 'no_change_left':
    case 'not_today':
      return 0;
    default:
      return reason satisfies never;
  }
}

/** In so many shifts it is looked at what adding the job would cost, and in so many what could be pushed out: those nearest to it. */
const SHIFTS_TO_ADD = 12;
const SHIFTS_TO_PUSH = 4;

function notToday(draft: Draft, j: number): Extract<Reason, { code: 'not_today' }> {
  const { instance, shifts } = draft;
  const near = nearestShifts(draft, j);
  // The nearest first: a low bound rules most other places out by their way. Where none of them works, all are asked.
  const place =
    cheapestPlace(draft, j, Infinity, near.slice(0, SHIFTS_TO_ADD)) ??
    cheapestPlace(draft, j, Infinity, near.slice(SHIFTS_TO_ADD));
  let shift = place?.shift ?? NONE;
  let extra = place?.cost ?? Infinity;
  for (const s of near.slice(0, SHIFTS_TO_PUSH)) {
    const { sequence, total } = shifts[s]!;
    for (let k = fixedCount(instance, s); k < sequence.length; k++) {
      const out = sequence[k]!;
      if (instance.locked[out] === 1) continue;
      const cost = costOfSequence(instance, s, sequence.with(k, j)) - total + instance.price[out]!;
      if (cost < extra) {
        extra = cost;
        shift = s;
      }
    }
  }
  // A search stopped early may have left a place that pays; its extra cost is then said to be 0, not negative.
  const extraCost = shift === NONE ? 0 : Math.max(0, extra - instance.price[j]!);
  return { code: 'not_today', cheapestShift: shift === NONE ? null : instance.shiftIndex[shift]!, extraCost };
}

/** The shifts that may take job j, by the way there and back from where it begins or from its nearest movable stop. */
function nearestShifts({ instance, shifts }: Draft, j: number): number[] {
  const { shiftCount, placeCount } = instance;
  const near: { shift: number; way: number }[] = [];
  for (let s = 0; s < shiftCount; s++) {
    if (!mayTake(instance, s, j)) continue;
    const { seconds, secondsBack } = instance.ways[instance.travelClass[s]!]!;
    const { sequence } = shifts[s]!;
    let way = 2 * secondsBack[j * placeCount + instance.fromPlace[instance.jobCount + s]!]!;
    for (let k = fixedCount(instance, s); k < sequence.length; k++) {
      const cell = j * placeCount + sequence[k]!;
      way = Math.min(way, seconds[cell]! + secondsBack[cell]!);
    }
    near.push({ shift: s, way });
  }
  near.sort((a, b) => a.way - b.way || a.shift - b.shift);
  return near.map(({ shift }) => shift);
}
