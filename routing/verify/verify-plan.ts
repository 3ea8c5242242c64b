import type { Certificate } from '../certificate.ts';
import { checkPlan } from '../check-plan.ts';
import { costOfPlan } from '../check/check-cost.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { InvalidProblem, validateProblem } from '../validate-problem.ts';
import { checkForm, LARGEST } from './certificate-form.ts';
import { leastByArrivals } from './least-by-arrivals.ts';
import { Neighbourhoods } from './neighbourhoods.ts';
import { noCheaperRoute } from './no-cheaper-route.ts';
import { emptyCostOf, type Given, givenOf, type RouteSpace, routeSpaceOf } from './route-space.ts';
import type { Refusal, Verdict } from './verdict.ts';

export interface VerifyOptions {
  /** Partial routes looked at for one class of shifts before it is given up as not proven. */
  readonly mostLabels?: number;
  /** Of milliseconds; only `Verdict.seconds` comes from it. */
  readonly clock?: () => number;
}

/** About 700 MB of partial routes at 300 jobs. */
const MOST_LABELS = 6_000_000;

/**
 * Judges a plan and the certificate of its bound, from nothing but the problem: every rule and figure of the plan again
 * (`check-plan.ts`), then every statement of the certificate (`certificate.ts`): its form, and for every class of equal shifts
 * that no route costs less after prices than it says. Shares no code with what makes plans and bounds. Whatever it does not count
 * of a real day makes routes cheaper, so it can fail to prove a true bound, and never accepts a wrong one.
 *
 * The bound is one on all plans that take breaks and fixed stops by the rules of `schedule.ts`, as every plan here does.
 */
export function verifyPlan(
  problem: Problem,
  plan: Plan,
  certificate: Certificate | null,
  { mostLabels = MOST_LABELS, clock = () => performance.now() }: VerifyOptions = {},
): Verdict {
  const began = clock();
  const checked = { shifts: problem.shifts.length, jobs: problem.jobs.length, stops: 0, routeClasses: 0, labels: 0 };
  const refusals: Refusal[] = [];
  let cost = 0;
  try {
    validateProblem(problem);
    checked.stops = plan.shifts.reduce((sum, { stops }) => sum + stops.length, 0);
    cost = costOfPlan(problem, plan).total;
    for (const violation of checkPlan(problem, plan, { changesInForce: plan.forcedChanges })) {
      refusals.push({ code: 'plan_wrong', violation });
    }
    if (plan.bound !== null && certificate === null) refusals.push({ code: 'bound_without_certificate', bound: plan.bound });
    if (plan.bound !== null && certificate !== null && plan.bound !== certificate.bound) {
      refusals.push({ code: 'bound_of_plan_differs', plan: plan.bound, certificate: certificate.bound });
    }
    if (certificate !== null) {
      const given = givenOf(problem);
      const form = checkForm(problem, given, certificate);
      refusals.push(...form);
      if (form.length === 0) {
        if (certificate.bound > cost) refusals.push({ code: 'bound_above_cost', bound: certificate.bound, cost });
        const proof = checkRoutes(given, certificate, mostLabels);
        refusals.push(...proof.refusals);
        checked.routeClasses = proof.classes;
        checked.labels = proof.labels;
      }
    }
  } catch (error) {
    if (!(error instanceof InvalidProblem)) throw error;
    refusals.push({ code: 'problem_malformed', path: error.path, detail: error.detail });
  }
  const accepted = refusals.length === 0;
  const bound = accepted && certificate !== null ? certificate.bound : null;
  return {
    accepted,
    cost,
    bound,
    gapPercent: bound === null ? null : gapPercent(cost, bound),
    kind: bound === null ? null : (certificate?.kind ?? null),
    relaxed: bound === null ? [] : (certificate?.relaxed ?? []),
    checked,
    refusals,
    seconds: (clock() - began) / 1_000,
  };
}

/** How much cheaper than `cost` any plan can be at most, in percent of it. */
export const gapPercent = (cost: number, bound: number): number => (cost === bound ? 0 : ((cost - bound) / Math.abs(cost)) * 100);

/** Shifts that may drive the same routes at the same cost: nobody has named them, and nothing but the id differs. */
function classesOf(problem: Problem): number[][] {
  const named = new Set<number>();
  for (const { inForce, declinedBy } of problem.jobs) {
    if (inForce !== null) named.add(inForce.shift);
    for (const s of declinedBy ?? []) named.add(s);
  }
  const classes = new Map<string, number[]>();
  problem.shifts.forEach(({ id: _, ...shift }, s) => {
    const key = named.has(s) ? `named ${s}` : JSON.stringify(shift);
    classes.set(key, [...(classes.get(key) ?? []), s]);
  });
  return [...classes.values()];
}

interface Proof {
  readonly refusals: readonly Refusal[];
  readonly classes: number;
  readonly labels: number;
}

/** That no shift has a route below what the certificate says. Only the first culprit is named: each takes time. */
function checkRoutes(given: Given, certificate: Certificate, mostLabels: number): Proof {
  const { problem } = given;
  const classes = classesOf(problem);
  const neighbourhoods = new Neighbourhoods(problem.jobs.length);
  let labels = 0;
  const refused = (refusal: Refusal): Proof => ({ refusals: [refusal], classes: classes.length, labels });
  for (const alike of classes) {
    const shift = alike.reduce((most, s) => (certificate.shiftLeast[s]! > certificate.shiftLeast[most]! ? s : most), alike[0]!);
    const least = certificate.shiftLeast[shift]!;
    const empty = emptyCostOf(given, shift);
    if (empty < least) return refused({ code: 'cheaper_route', shift, least, route: [], cost: empty });
    const space = routeSpaceOf(given, shift);
    if (!addsExactly(space)) return refused({ code: 'not_proven', shift, least, why: 'too_large' });
    const prices = Float64Array.from(space.jobs, (j) => certificate.jobPrices[j]!);
    // Often enough, and quick: then no route need be built.
    if (leastByArrivals(space, prices) >= least) continue;
    if (certificate.kind === 'arrivals') return refused({ code: 'not_proven', shift, least, why: 'arrivals_cheaper' });
    neighbourhoods.begin(space);
    const answer = noCheaperRoute(space, prices, certificate.cuts, least, neighbourhoods, mostLabels);
    labels += answer.labels;
    if (answer.proven) continue;
    if (answer.route === null) return refused({ code: 'not_proven', shift, least, why: 'too_many_labels' });
    return refused({ code: 'cheaper_route', shift, least, route: answer.route, cost: answer.cost });
  }
  return { refusals: [], classes: classes.length, labels };
}

/**
 * Is every sum along a route a whole number that a double holds exactly? All its parts are whole and none is negative but the
 * prices, so it is enough that the largest of each, as often as there are jobs, stay below 2^53.
 */
function addsExactly(space: RouteSpace): boolean {
  const { limit, begins } = space;
  const span = Math.max(0, limit - Math.min(begins, space.freeAt));
  let stop = 0;
  for (const { releasedAt, due, latePerSecond, severePerSecond, waitingPerHour, held } of space.stops) {
    const waiting = waitingPerHour * Math.max(0, limit - releasedAt);
    const late = due === Infinity ? 0 : Math.max(0, limit - due) * (latePerSecond + severePerSecond);
    const moved = held === null ? 0 : (Math.abs(held.start) + Math.abs(limit)) * held.movePerSecond + held.brokenPromise;
    if (waiting > MOST_EXACT) return false;
    stop = Math.max(stop, waiting / 3600 + late + moved);
  }
  const step = stop + largest(space.cost) + largest(space.firstCost) + largest(space.extra) + LARGEST;
  const end = span * space.overtimePerSecond + span * space.dutyPerHour + largest(space.homeCost);
  return space.base + (space.jobs.length + 1) * step + end < MOST_EXACT;
}

/** Of numbers that are not negative; 0 of none. */
function largest(list: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < list.length; i++) if (list[i]! > top) top = list[i]!;
  return top;
}

const MOST_EXACT = Number.MAX_SAFE_INTEGER;
