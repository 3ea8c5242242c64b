import { parentPort } from 'node:worker_threads';
import { compile } from '../compile.ts';
import type { Instance } from '../instance.ts';
import { Clock } from '../search/clock.ts';
import { Collector, frameOf } from '../search/collect.ts';
import type { Standing } from '../search/meeting.ts';
import { nearness, type Nearness } from '../search/nearness.ts';
import { isDivided } from '../search/part.ts';
import type { Search } from '../search/search.ts';
import { makeStart } from '../search/start.ts';
import { beginLeg, isRecombined, legsOf, type Limits, walk } from '../search/team.ts';
import { reportOf, searchFrom } from '../solve.ts';
import { InvalidProblem } from '../validate-problem.ts';
import type { PlanAnswer, PlanOrder, PlanRequest, SharedStart } from './messages.ts';

/** The thread's side: one search of one plan at a time, as told. Started by start-planner.ts only. */
const port = parentPort;
if (port === null) throw new Error('planner-thread.ts runs in a worker thread; start it with startPlanner()');

const answer = (message: PlanAnswer): void => port.postMessage(message);

const MILLIS_BETWEEN_NEWS = 100;

/** What the thread is at. */
interface Work {
  readonly id: number;
  readonly index: number;
  readonly request: PlanRequest;
  readonly instance: Instance;
  readonly near: Nearness | null;
  readonly marks: number[];
  start: SharedStart | null;
  search: Search | null;
}

let work: Work | null = null;

const sharedNow = (): number => performance.timeOrigin + performance.now();

port.on('message', (order: PlanOrder) => {
  try {
    obey(order);
  } catch (error) {
    const { id } = order;
    work = null;
    if (error instanceof InvalidProblem) return answer({ kind: 'invalid', id, path: error.path, detail: error.detail });
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    answer({ kind: 'failed', id, message, stack: stack ?? '' });
  }
});

function obey(order: PlanOrder): void {
  if (order.kind === 'plan') return begin(order.id, order.request, order.index);
  // An order of a task that was given up.
  if (work?.id !== order.id) return;
  if (given(work)) return giveUp(work);
  switch (order.kind) {
    case 'start':
      return search(work, order.start);
    case 'go on':
      return leg(work, order.leg, order.standing);
    case 'report':
      return report(work, order);
    default:
      order satisfies never;
  }
}

const given = ({ request }: Work): boolean => Atomics.load(request.flags, 0) !== 0;

function giveUp({ id }: Work): void {
  work = null;
  answer({ kind: 'stopped', id });
}

/** All threads read the problem; the first one makes the start, the others wait for it. */
function begin(id: number, request: PlanRequest, index: number): void {
  const { problem, stop, pace, maxChanges, startFrom, flags } = request;
  const instance = compile(problem);
  work = { id, index, request, instance, near: index === 0 ? null : nearness(instance), marks: [], start: null, search: null };
  if (index !== 0) return;
  const clock = new Clock(stop, request.askedAt - performance.timeOrigin);
  const told = (): boolean => Atomics.load(flags, 0) !== 0 || Atomics.load(flags, 1) !== 0;
  const { near, ...made } = makeStart(instance, {
    pace,
    maxChanges,
    startFrom,
    assigned: () => clock.assignmentIsOver() || told(),
    filled: () => clock.fillingIsOver() || told(),
  });
  if (given(work)) return giveUp(work);
  work = { ...work, near };
  answer({ kind: 'better', id, cost: made.solution.cost });
  clock.timeReport(() => reportOf(instance, made, made.solution, [], { seed: request.seed, maxChanges, recombined: [] }));
  const { begins, ends } = clock.searching();
  const divided = isDivided(instance, request.searches, maxChanges);
  const start = { ...made, begins: begins + performance.timeOrigin, ends: ends + performance.timeOrigin, divided };
  answer({ kind: 'started', id, start, frame: request.recombine ? frameOf(instance) : null });
  search(work, start);
}

function search(at: Work, start: SharedStart): void {
  const { request, index, instance, near } = at;
  if (near === null) throw new Error('a search without neighbours');
  at.start = start;
  at.search = searchFrom(instance, { ...start, near }, request.seed, index);
  if (request.recombine && frameOf(instance) !== null) at.search.collector = new Collector(instance);
  leg(at, 0, { best: start.solution, current: start.divided ? start.solution : null });
}

function leg(at: Work, number: number, standing: Standing): void {
  const { id, index, request, marks, search: searching, start } = at;
  const legs = legsOf(start?.divided ?? false);
  const stretch = legs[number];
  if (searching === null || start === null || stretch === undefined) throw new Error(`no leg ${number}`);
  beginLeg(searching, standing, number, index, request.searches);
  const { flags, stop, pace } = request;
  let told = { cost: searching.bestCost, at: sharedNow() };
  const endNow = (): boolean => {
    // The thread hears no message while it searches: the flags in shared memory are how it is told to end.
    // On a part of the day its best says nothing about the whole.
    if (standing.current === null && searching.bestCost < told.cost) {
      const now = sharedNow();
      if (now - told.at >= MILLIS_BETWEEN_NEWS) {
        told = { cost: searching.bestCost, at: now };
        answer({ kind: 'better', id, cost: told.cost });
      }
    }
    return Atomics.load(flags, 0) !== 0 || Atomics.load(flags, 1) !== 0;
  };
  const limits: Limits = {
    stop,
    pace,
    begins: start.begins - performance.timeOrigin,
    ends: start.ends - performance.timeOrigin,
    endNow,
  };
  const going = walk(searching, index, stretch, limits, marks);
  if (given(at)) return giveUp(at);
  answer({
    kind: 'met',
    id,
    index,
    leg: number,
    brought: searching.bring(),
    marks: [...marks, searching.iterations],
    going,
    routes: isRecombined(legs[number + 1]) ? (searching.collector?.packed() ?? null) : null,
  });
}

function report(at: Work, { id, best, pace }: Extract<PlanOrder, { kind: 'report' }>): void {
  const { request, instance, start } = at;
  if (start === null) throw new Error('nothing to report');
  const { seed, maxChanges } = request;
  work = null;
  const { steps, recombined = [] } = pace;
  answer({ kind: 'plan', id, plan: reportOf(instance, start, best, steps, { seed, maxChanges, recombined }) });
}
