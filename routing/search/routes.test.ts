import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { compile } from '../compile.ts';
import { aJob, aProblem, aShift, inForce } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import { advance, beginAfterFixed, changeCost, isChanged, newCursor } from '../schedule.ts';
import { seconds } from '../units.ts';
import { Routes } from './routes.ts';
import {
  absentJobs,
  anyKindOfProblem,
  anyPlainProblem,
  drivenCost,
  partsOf,
  scatter,
  seen,
  tryLink,
  wholeSequence,
} from './search.fixtures.ts';

const SIZE = { jobs: 9, shifts: 3 };
/** Job or stop, shift, place, and whether a whole stretch goes. */
const anyMoves = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(3)), { minLength: 1, maxLength: 12 });
type Move = readonly [number, number, number, number];

/** Takes some stops out, or puts one in. False when the routes have become impossible and must be taken back. */
function make(routes: Routes, [which, where, place, how]: Move): boolean {
  const { instance } = routes;
  const absent = absentJobs(routes);
  if (instance.shiftCount === 0) return true;
  const s = where % instance.shiftCount;
  const movable = routes.sequence(s);
  if (how === 0 || movable.length === 0) {
    if (absent.length > 0) tryLink(routes, absent[which % absent.length]!, s, place);
    return true;
  }
  const from = which % movable.length;
  const to = how === 1 ? from : Math.min(movable.length - 1, from + (place % 3));
  const removed = new Int32Array(instance.jobCount);
  expect(routes.unlink(movable[from]!, movable[to]!, s, removed, 0)).to.equal(to - from + 1);
  expect([...removed.subarray(0, to - from + 1)]).to.deep.equal(movable.slice(from, to + 1));
  return routes.redrive(s);
}

/** Cost, changes and lists as they follow from the sequences alone. */
function expectTrue(routes: Routes): void {
  const { instance } = routes;
  let cost = 0;
  let changed = 0;
  const out: number[] = [];
  const cursor = newCursor();
  const active: number[] = [];
  for (let s = 0; s < instance.shiftCount; s++) {
    const movable = routes.sequence(s);
    if (movable.length > 0) active.push(s);
    expect(routes.routeCost[s], `cost of shift ${s}`).to.equal(drivenCost(routes, s));
    cost += routes.routeCost[s]!;
    let gain = 0;
    beginAfterFixed(instance, s, cursor);
    for (const j of movable) {
      expect(routes.route[j]).to.equal(s);
      expect(advance(instance, s, cursor, j)).to.equal(true);
      expect(routes.depart[j], `departure from ${j}`).to.equal(cursor.time);
      changed += isChanged(instance, s, j, cursor.start);
      gain += changeCost(instance, s, j, cursor.start);
    }
    expect(routes.gain[s]).to.equal(gain);
  }
  for (let j = 0; j < instance.jobCount; j++) {
    if (instance.fixed[j] === 1) {
      if (!instance.fixedStops.some((stops) => stops.includes(j))) cost += instance.price[j]!;
    } else if (routes.route[j] === NONE) {
      out.push(j);
      cost += instance.price[j]!;
      if (instance.forceShift[j] !== NONE) changed++;
    }
  }
  expect(routes.cost).to.equal(cost);
  expect(routes.changed).to.equal(changed);
  expect(absentJobs(routes)).to.deep.equal(out);
  expect(seen(routes)['activeShifts']).to.deep.equal(active);
}

describe('the routes of a search', () => {
  it('are, after any changes and undo, as they were to the last bit', () => {
    fc.assert(
      fc.property(anyKindOfProblem(SIZE), fc.nat(), anyMoves, anyMoves, (problem, seed, first, second) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        for (const moves of [first, second]) {
          parts.routes.mark();
          const before = seen(parts.routes);
          for (const move of moves) if (!make(parts.routes, move)) break;
          parts.routes.undo();
          expect(seen(parts.routes)).to.deep.equal(before);
        }
      }),
      { numRuns: 400 },
    );
  });

  for (const [kind, problems] of [
    ['plain', anyPlainProblem(SIZE)],
    ['rich', anyRichProblem(SIZE)],
  ] as const) {
    it(`cost what the schedule says after any changes, some taken back: ${kind} problems`, () => {
      let plain = 0;
      fc.assert(
        fc.property(problems, fc.nat(), fc.array(fc.tuple(fc.boolean(), anyMoves), { maxLength: 4 }), (problem, seed, steps) => {
          const parts = partsOf(problem);
          const { routes } = parts;
          if (parts.instance.plain) plain++;
          scatter(parts, seed);
          expectTrue(routes);
          for (const [keep, moves] of steps) {
            routes.mark();
            let works = true;
            for (const move of moves) works &&= make(routes, move);
            if (!keep || !works) routes.undo();
            expectTrue(routes);
          }
        }),
        { numRuns: 300 },
      );
      if (kind === 'plain') expect(plain).to.be.above(250);
    });
  }

  it('are the same whether they came step by step or at once', () => {
    fc.assert(
      fc.property(anyKindOfProblem(SIZE), fc.nat(), anyMoves, (problem, seed, moves) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        parts.routes.mark();
        if (!moves.every((move) => make(parts.routes, move))) parts.routes.undo();
        const { routes, instance } = parts;
        const sequences = instance.shiftIndex.length === 0 ? [] : Array.from(instance.shiftIndex, (_, s) => routes.sequence(s));
        const fresh = new Routes(instance);
        fresh.setSequences(sequences);
        expect(fresh.cost).to.equal(routes.cost);
        expect(fresh.changed).to.equal(routes.changed);
        expect([...fresh.load]).to.deep.equal([...routes.load]);
        expect([...fresh.routeCost]).to.deep.equal([...routes.routeCost]);
        for (const j of sequences.flat()) {
          const of = (all: Routes) => [all.depart[j], all.latest[j], all.legIn[j], all.next[j], all.prev[j]];
          expect(of(fresh)).to.deep.equal(of(routes));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never give two different days of a shift the same version', () => {
    fc.assert(
      fc.property(anyKindOfProblem(SIZE), fc.array(fc.tuple(fc.boolean(), anyMoves), { maxLength: 6 }), (problem, steps) => {
        const { routes, instance } = partsOf(problem);
        const known = new Map<string, string>();
        const look = (): void => {
          for (let s = 0; s < instance.shiftCount; s++) {
            const name = `${s} ${routes.version[s]}`;
            const day = JSON.stringify([wholeSequence(routes, s), routes.routeCost[s]]);
            expect(known.get(name) ?? day).to.equal(day);
            known.set(name, day);
          }
        };
        look();
        for (const [keep, moves] of steps) {
          routes.mark();
          let works = true;
          for (const move of moves) {
            works &&= make(routes, move);
            if (works) look();
          }
          if (!keep || !works) routes.undo();
          look();
        }
      }),
      { numRuns: 200 },
    );
  });

  it('hold a last arrival at each stop of a plain day after which the rest no longer works', () => {
    fc.assert(
      fc.property(anyPlainProblem(SIZE), fc.nat(), (problem, seed) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        const { routes, instance } = parts;
        fc.pre(instance.plain);
        for (let s = 0; s < instance.shiftCount; s++) {
          const movable = routes.sequence(s);
          movable.forEach((j, k) => {
            const works = (arrival: number): boolean => worksFrom(routes, s, movable.slice(k), arrival);
            const last = routes.latest[j]!;
            expect([works(last), works(last + 1)], `shift ${s}, stop ${k}`).to.deep.equal([true, false]);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('give a linked job that goes out its own start back, and undo what was agreed', () => {
    const jobs = [aJob({ id: 'a', node: 1 }), aJob({ id: 'b', node: 2 })];
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }];
    const { routes, instance } = partsOf(aProblem({ shifts: [aShift({ id: 'x' }), aShift({ id: 'y' })], jobs, links }));
    routes.link(0, instance.jobCount, 0);
    instance.lockedStart[0] = 700;
    expect(routes.redrive(0)).to.equal(true);
    expect(routes.depart[0]).to.equal(1_300);
    routes.mark();
    routes.unlink(0, 0, 0, new Int32Array(2), 0);
    expect(instance.lockedStart[0]).to.equal(instance.givenStart[0]);
    routes.undo();
    expect(instance.lockedStart[0]).to.equal(700);
  });

  it('refuse sequences that cannot be driven', () => {
    const instance = compile(aProblem({ jobs: [aJob({ inForce: inForce({ lockTime: true, start: seconds(50) }), node: 9 })] }));
    expect(() => new Routes(instance).setSequences([[0]])).to.throw('engine fault: shift 0');
  });
});

/** Does the rest of a plain day work for a crew that is at its first stop at `arrival`? */
function worksFrom({ instance }: Routes, s: number, stops: readonly number[], arrival: number): boolean {
  let time = arrival;
  let place = stops[0]!;
  for (const [k, j] of stops.entries()) {
    if (k > 0) time += instance.ways[0]!.seconds[place * instance.placeCount + j]!;
    if (time > instance.latestStart[j]!) return false;
    const opens = instance.windowFirst[j]! < instance.windowFirst[j + 1]! ? instance.windowFrom[instance.windowFirst[j]!]! : 0;
    time = Math.max(time, opens, instance.release[j]!) + instance.service[j]!;
    place = j;
  }
  return (
    time + instance.ways[0]!.seconds[place * instance.placeCount + instance.toPlace[instance.jobCount + s]!]! <=
    instance.limit[s]!
  );
}
