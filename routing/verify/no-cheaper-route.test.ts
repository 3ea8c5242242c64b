import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import type { Cut } from '../certificate.ts';
import type { Problem } from '../problem.ts';
import { anyDearWish, anyFullDay, certificateOf } from './certificates.fixtures.ts';
import { completionsOf } from './completions.ts';
import { Neighbourhoods } from './neighbourhoods.ts';
import { noCheaperRoute } from './no-cheaper-route.ts';
import { endCost, givenOf, NO_ROAD, type RouteSpace, routeSpaceOf } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/** One relaxed route, stop by stop: the start at each candidate, whether the break was still to come, and the cost so far. */
interface Driven {
  readonly route: readonly number[];
  readonly starts: readonly number[];
  readonly pending: readonly boolean[];
  readonly costs: readonly number[];
  /** With the way home; Infinity when it cannot end there. */
  readonly total: number;
}

/** Every relaxed route without a repeated job, driven plainly; the break is taken at every place where it can be. */
function everyRoute(space: RouteSpace, gains: Float64Array, cuts: readonly Cut[]): Driven[] {
  const n = space.jobs.length;
  const found: Driven[] = [];
  const extend = (before: Driven, free: number): void => {
    for (let b = 0; b < n; b++) {
      if (before.route.includes(b)) continue;
      const a = before.route.at(-1);
      const way = a === undefined ? space.firstSeconds[b]! : space.seconds[a * n + b]! - space.service[a]!;
      if ((a === undefined ? way : space.seconds[a * n + b]!) === NO_ROAD) continue;
      const route = [...before.route, b];
      if (space.stock.some(({ uses, room }) => route.reduce((sum, k) => sum + uses[k]!, 0) > room)) continue;
      const { rest } = space;
      const wasPending = rest !== null && (before.pending.at(-1) ?? true);
      const ways: { at: number; pending: boolean }[] = [];
      if (!wasPending || free + way <= rest.until) ways.push({ at: free + way, pending: wasPending });
      if (wasPending) {
        if (Math.max(free + way, rest.from) <= rest.until)
          ways.push({ at: Math.max(free + way, rest.from) + rest.length, pending: false });
        if (Math.max(free, rest.from) <= rest.until)
          ways.push({ at: Math.max(free, rest.from) + rest.length + way, pending: false });
      }
      for (const { at, pending } of ways) {
        const start = startOf(space.stops[b]!, at);
        if (start === NEVER || start + space.service[b]! > (pending ? Math.min(rest!.until, space.limit) : space.limit)) continue;
        const charged = cuts.reduce((sum, cut) => {
          const inCut = (list: readonly number[]): number => list.filter((k) => cut.jobs.includes(space.jobs[k]!)).length;
          return sum + (inCut(route) === 2 && inCut(before.route) === 1 ? cut.price : 0);
        }, 0);
        const leg = a === undefined ? space.firstCost[b]! : space.cost[a * n + b]!;
        const cost = (before.costs.at(-1) ?? space.base) + leg + gains[b]! + risingCost(space.stops[b]!, start) + charged;
        const driven: Driven = {
          route,
          starts: [...before.starts, start],
          pending: [...before.pending, pending],
          costs: [...before.costs, cost],
          total: cost + endCost(space, b, start, pending),
        };
        found.push(driven);
        extend(driven, start + space.service[b]!);
      }
    }
  };
  extend({ route: [], starts: [], pending: [], costs: [], total: 0 }, space.freeAt);
  return found;
}

/** The least that labels prove, by taking each cheaper route that they find as the new claim. */
function leastByLabels(
  problem: Problem,
  space: RouteSpace,
  prices: Float64Array,
  cuts: readonly Cut[],
  from: number,
  near: number,
): number {
  let least = from;
  for (;;) {
    const neighbourhoods = new Neighbourhoods(problem.jobs.length, near);
    neighbourhoods.begin(space);
    const answer = noCheaperRoute(space, prices, cuts, least, neighbourhoods, 1_000_000);
    if (answer.proven) return least;
    if (answer.route === null) throw new Error('too many labels');
    expect(answer.cost).to.be.lessThan(least);
    least = answer.cost;
  }
}

const problems = fc.oneof({ weight: 3, arbitrary: anyFullDay }, { weight: 1, arbitrary: anyRichProblem({ shifts: 2, jobs: 4 }) });

describe('noCheaperRoute', function () {
  this.timeout(120_000);

  it('proves the cheapest route of its space and nothing more, however little it remembers at first', () => {
    let routes = 0;
    fc.assert(
      fc.property(problems, anyDearWish, fc.constantFrom(0, 1, 2, 10), (problem, wish, near) => {
        const given = givenOf(problem);
        const { jobPrices, cuts } = certificateOf(
          problem,
          wish,
          problem.shifts.map(() => 0),
        );
        problem.shifts.forEach((_, s) => {
          const space = routeSpaceOf(given, s);
          const prices = Float64Array.from(space.jobs, (j) => jobPrices[j]!);
          const gains = space.extra.map((extra, a) => extra - prices[a]!);
          const all = everyRoute(space, gains, cuts);
          const cheapest = all.reduce((least, { total }) => Math.min(least, total), 1_000_000);
          if (cheapest < 0) routes++;
          expect(leastByLabels(problem, space, prices, cuts, 1_000_000, near)).to.equal(cheapest);
        });
      }),
      { numRuns: 300 },
    );
    expect(routes).to.be.greaterThan(150);
  });

  it('has tables that are never above what any rest of a day costs, nor above those of a later stretch', () => {
    let quick = 0;
    fc.assert(
      fc.property(problems, anyDearWish, (problem, wish) => {
        const given = givenOf(problem);
        const { jobPrices } = certificateOf(
          problem,
          wish,
          problem.shifts.map(() => 0),
        );
        problem.shifts.forEach((_, s) => {
          const space = routeSpaceOf(given, s);
          const n = space.jobs.length;
          const gains = space.extra.map((extra, a) => extra - jobPrices[space.jobs[a]!]!);
          const { best, second, next, width, stretches } = completionsOf(space, gains);
          let falls = 0;
          for (let at = 1; at < best.length; at++) if (at % stretches !== 0 && best[at]! < best[at - 1]!) falls++;
          expect(falls).to.equal(0);
          for (const { route, starts, pending, costs, total } of everyRoute(space, gains, [])) {
            if (total === Infinity) continue;
            route.forEach((a, k) => {
              const entry = ((pending[k]! ? n : 0) + a) * stretches + Math.floor((starts[k]! - space.freeAt) / width);
              const withoutBefore = k > 0 && next[entry] === route[k - 1] ? second[entry]! : best[entry]!;
              expect(withoutBefore).to.be.at.most(total - costs[k]!);
              if (k > 0 && starts[k]! - starts[k - 1]! < width) quick++;
            });
          }
        });
      }),
      { numRuns: 300 },
    );
    expect(quick).to.be.greaterThan(1_000);
  });
});
