import { type Certificate, RELAXABLE } from '../certificate.ts';
import { costOfLeavingOut, sumOf } from '../check/check-cost.ts';
import type { Problem } from '../problem.ts';
import type { Given } from './route-space.ts';
import type { Refusal } from './verdict.ts';

/** Sums of so many such numbers stay whole: 30,000 of them are below 2^53. */
export const LARGEST = 2 ** 38;

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) <= LARGEST;

/**
 * All that can be said of a certificate without looking at a route: its version, lengths, whole numbers, prices within their
 * range, cuts of three different jobs, and that the bound is the sum of its parts. Each thing that is wrong, once.
 */
export function checkForm(problem: Problem, given: Given, certificate: Certificate): Refusal[] {
  const refusals: Refusal[] = [];
  const { version, kind, bound, jobPrices, cuts, shiftLeast, relaxed } = certificate as Unread;
  if (version !== 1) return [{ code: 'version_unknown', version }];
  if (kind !== 'routes' && kind !== 'arrivals') refusals.push({ code: 'kind_unknown', kind });
  let place = -1;
  (Array.isArray(relaxed) ? relaxed : [relaxed]).forEach((rule: unknown, i) => {
    const at = (RELAXABLE as readonly unknown[]).indexOf(rule);
    if (at <= place) refusals.push({ code: 'relaxed_rule_wrong', rule, place: i });
    place = Math.max(place, at);
  });
  const prices = wholes('jobPrices', jobPrices, problem.jobs.length, refusals);
  const least = wholes('shiftLeast', shiftLeast, problem.shifts.length, refusals);
  prices?.forEach((price, job) => {
    if (given.stops[job] === null) {
      if (price !== 0) refusals.push({ code: 'price_of_fixed_job', job, price });
      return;
    }
    const most = sumOf(costOfLeavingOut(problem, problem.jobs[job]!));
    if (price > most) refusals.push({ code: 'price_above_leaving_out', job, price, most });
  });
  const ofCuts = checkCuts(given, cuts, refusals);
  if (!isWhole(bound)) refusals.push({ code: 'not_a_whole_number', field: 'bound', value: bound });
  else if (prices !== null && least !== null && ofCuts !== null) {
    const sum = given.constant + total(prices) - ofCuts + total(least);
    if (sum !== bound) refusals.push({ code: 'bound_not_the_sum', bound, sum });
  }
  return refusals;
}

/** It came from outside: the types are what it should be. */
type Unread = { readonly [Field in keyof Certificate]: unknown };

const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);

function wholes(field: 'jobPrices' | 'shiftLeast', list: unknown, wanted: number, refusals: Refusal[]): readonly number[] | null {
  if (!Array.isArray(list) || list.length !== wanted) {
    refusals.push({ code: 'length_wrong', field, length: Array.isArray(list) ? list.length : 0, wanted });
    return null;
  }
  const wrong = list.findIndex((value) => !isWhole(value));
  if (wrong === -1) return list as number[];
  refusals.push({ code: 'not_a_whole_number', field: `${field}[${wrong}]`, value: list[wrong] as unknown });
  return null;
}

/** The sum of the cuts' prices; null when one is wrong. */
function checkCuts(given: Given, cuts: unknown, refusals: Refusal[]): number | null {
  if (!Array.isArray(cuts)) {
    refusals.push({ code: 'cut_jobs_wrong', cut: 0, jobs: [cuts] });
    return null;
  }
  let sum: number | null = 0;
  cuts.forEach((entry: unknown, cut) => {
    const { jobs, price } = (entry ?? {}) as { readonly jobs?: unknown; readonly price?: unknown };
    const list: readonly unknown[] = Array.isArray(jobs) ? jobs : [jobs];
    const sound =
      list.length === 3 &&
      list.every(
        (job, i) => Number.isInteger(job) && (given.stops[job as number] ?? null) !== null && (i === 0 || list[i - 1]! < job!),
      );
    if (!sound) refusals.push({ code: 'cut_jobs_wrong', cut, jobs: list });
    const whole = isWhole(price);
    if (!whole) refusals.push({ code: 'not_a_whole_number', field: `cuts[${cut}].price`, value: price });
    else if (price < 0) refusals.push({ code: 'cut_price_negative', cut, price });
    sum = sum === null || !sound || !whole || price < 0 ? null : sum + price;
  });
  return sum;
}
