import type { Interval, Job, Problem } from '../problem.ts';
import { lateCost } from '../schedule.ts';
import { type Seconds, seconds } from '../units.ts';
import type { Change } from './explanation.ts';
import { cheapestOf, type Day, type Drive, drivesOf, mostOnBoard, type OwnTrial, tryWith } from './trial.ts';

/** Changes with which the job fits into the day, at its cheapest place. Not verified yet. */
export interface Fit {
  readonly changes: readonly Change[];
  readonly trial: OwnTrial;
  readonly drive: Drive;
}

/** When what a job is linked to lets it start; see `tryWith`. */
export type SpanIn = (problem: Problem, day: Day) => Interval | null | 'never';

/** More than any day needs (seconds, stock), and the values to which that may still be added. */
const PLENTY_OF_SECONDS = 864_000;
const PLENTY_OF_STOCK = 100_000_000;
const MOST_TO_ADD_TO = 100_000_000;
const PLENTY_OF_CHANGES = 1_000_000;
const END_OF_TIME = seconds(1_000_000_000);

/** What of the problem nothing but a change can do about: every rule between this crew and the job that is broken. */
export function neededBetween(problem: Problem, shift: number, job: number): Change[] {
  const crew = problem.shifts[shift]!;
  const task = problem.jobs[job]!;
  const held = task.inForce;
  const changes: Change[] = [];
  if (held !== null && held.shift !== shift) {
    if (held.lockCrew) changes.push({ kind: 'unlock', what: 'crew' });
    if (held.lockOrder) changes.push({ kind: 'unlock', what: 'order' });
  }
  const skills = sortedOnce(task.skills.filter((skill) => !crew.skills.includes(skill)));
  if (skills.length > 0) changes.push({ kind: 'skills', shift, skills });
  const low = Object.entries(task.skillLevels ?? {})
    .filter(([skill, least]) => crew.skills.includes(skill) && (crew.skillLevels?.[skill] ?? 1) < least)
    .map(([skill]) => skill);
  if (low.length > 0) changes.push({ kind: 'skill_level', shift, skills: low.sort() });
  const plant = sortedOnce(task.plant.filter((item) => !crew.plant.includes(item)));
  if (plant.length > 0) changes.push({ kind: 'plant', shift, plant });
  const { area } = task;
  const outside = area !== undefined && crew.areas !== undefined && !crew.areas.includes(area);
  if (outside && (crew.outsideAreaPrice ?? null) === null) changes.push({ kind: 'area', shift, area });
  if (task.declinedBy?.includes(shift) === true && held?.shift !== shift) changes.push({ kind: 'ask_again', shift });
  return changes;
}

const sortedOnce = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Every change of time, room or limit that might make room for the job, as large as it can be useful. */
function largestChanges({ problem, shift, job, stops, mostChanges }: Day, linkedTo: readonly number[]): Change[] {
  const crew = problem.shifts[shift]!;
  const task = problem.jobs[job]!;
  const { now } = problem;
  const changes: Change[] = [];
  if (crew.overtime <= MOST_TO_ADD_TO) changes.push({ kind: 'overtime', shift, seconds: seconds(PLENTY_OF_SECONDS) });
  const closes = lastClosing(task);
  if (closes !== null) changes.push({ kind: 'window_until', until: END_OF_TIME });
  if (firstOpening(task) > now) changes.push({ kind: 'window_from', from: now });
  if (crew.from > now) changes.push({ kind: 'begin_earlier', shift, seconds: seconds(crew.from - now) });
  for (const { id } of crew.breaks) changes.push({ kind: 'no_break', shift, breakId: id });
  crew.capacity?.forEach((room, dimension) => {
    // Fixed stops may have more on board than there is room for: that forbids only that anything else be done.
    const most = [...stops, job].reduce((sum, index) => sum + stockOf(problem.jobs[index]!, dimension), 0);
    if (most > room && room <= MOST_TO_ADD_TO) changes.push({ kind: 'stock', shift, dimension, more: PLENTY_OF_STOCK });
  });
  if (crew.maxJobs !== undefined && crew.maxJobs < stops.length + 1) {
    changes.push({ kind: 'most_jobs', shift, more: stops.length + 1 - crew.maxJobs });
  }
  if ((crew.maxTravel ?? Infinity) <= MOST_TO_ADD_TO) {
    changes.push({ kind: 'most_travel', shift, seconds: seconds(PLENTY_OF_SECONDS) });
  }
  if ((crew.maxDuration ?? Infinity) <= MOST_TO_ADD_TO) {
    changes.push({ kind: 'most_duration', shift, seconds: seconds(PLENTY_OF_SECONDS) });
  }
  if (task.inForce?.lockTime === true) changes.push({ kind: 'unlock', what: 'time' });
  if (task.inForce?.lockOrder === true && task.inForce.shift === shift) changes.push({ kind: 'unlock', what: 'order' });
  for (const from of linkedTo) changes.push({ kind: 'unlink', from });
  if (mostChanges < Infinity) changes.push({ kind: 'more_changes', more: PLENTY_OF_CHANGES });
  return changes;
}

const stockOf = ({ uses, collects }: Job, dimension: number): number => (uses?.[dimension] ?? 0) + (collects?.[dimension] ?? 0);

const lastClosing = ({ windows }: Job): number | null =>
  windows.length === 0 ? null : Math.max(...windows.map((window) => window.until));

/** The first moment that the job itself lets it start. */
const firstOpening = ({ windows, release }: Job): number =>
  windows.length === 0 ? release : Math.max(release, Math.min(...windows.map((window) => window.from)));

/** Stops that may be left out for another job: those that nobody has fixed or locked, and that no job waits for. */
function replaceable({ problem, stops }: Day): number[] {
  const linked = new Set((problem.links ?? []).flatMap(({ first, second }) => [first, second]));
  return [...stops.keys()].filter((k) => {
    const held = problem.jobs[stops[k]!]!.inForce;
    const locked = held !== null && (held.fixed || held.lockCrew || held.lockTime || held.lockOrder);
    return !locked && !linked.has(stops[k]!);
  });
}

/** With nothing but `needed` changed: the job's cheapest place, or none. */
export function asNeeded(day: Day, needed: readonly Change[], spanIn: SpanIn): Fit[] {
  const trial = tryWith(day, needed, spanIn);
  const drive = trial === null ? null : cheapestOf(drivesOf(trial));
  return trial === null || drive === null ? [] : [{ changes: needed, trial, drive }];
}

/**
 * With `needed` changed, and at most one change more: every such change with which the job fits into the day, each as small as
 * it can be. `linkedTo`: jobs it need not be unlinked from, but may be.
 */
export function withOneMore(day: Day, needed: readonly Change[], linkedTo: readonly number[], spanIn: SpanIn): Fit[] {
  const fits: Fit[] = [];
  const trial = tryWith(day, needed, spanIn);
  const drives = trial === null ? [] : drivesOf(trial);
  const best = cheapestOf(drives);
  if (trial !== null && best !== null) {
    fits.push({ changes: needed.length === 0 ? [{ kind: 'accept_price' }] : needed, trial, drive: best });
    if (best.price <= 0) return fits;
    if (needed.length === 0) fits.push(...dueLater(trial, drives, spanIn));
  }
  if (trial !== null && (best === null || needed.length === 0)) fits.push(...insteadOf(trial, needed, best));
  if (best !== null) return fits;
  for (const change of largestChanges(day, linkedTo)) {
    const changes = [...needed, change];
    if (!works(day, changes, spanIn)) continue;
    const fit = smallest(day, changes, [needed.length], spanIn);
    if (fit !== null) fits.push(fit);
  }
  return fits;
}

/**
 * Several changes where one is not enough: all that might help are made, then one after the other is taken back where it
 * is not missed. Empty when the job does not fit even with all of them.
 */
export function withSeveral(day: Day, needed: readonly Change[], linkedTo: readonly number[], spanIn: SpanIn): Fit[] {
  const more = largestChanges(day, linkedTo);
  let changes: readonly Change[] = [...needed, ...more];
  if (!works(day, changes, spanIn)) {
    changes = [...changes, ...replaceable(day).map((k): Change => ({ kind: 'instead_of', job: day.stops[k]! }))];
    if (!works(day, changes, spanIn)) return [];
  }
  // Those that are named last are the hardest to bear, and go first.
  for (let i = changes.length - 1; i >= needed.length; i--) {
    const fewer = changes.toSpliced(i, 1);
    if (works(day, fewer, spanIn)) changes = fewer;
  }
  // Smaller amounts move breaks, and then one of the others may not be missed any more.
  for (;;) {
    const open = [...changes.keys()].slice(needed.length);
    const fit = smallest(day, changes, open, spanIn);
    if (fit === null) return [];
    const spare = open.findLast((i) => works(day, fit.changes.toSpliced(i, 1), spanIn));
    if (spare === undefined) return [fit];
    changes = fit.changes.toSpliced(spare, 1);
  }
}

function works(day: Day, changes: readonly Change[], spanIn: SpanIn): boolean {
  const trial = tryWith(day, changes, spanIn);
  return trial !== null && drivesOf(trial).length > 0;
}

/** The same changes, those at these places as small as the others allow. null should they not be enough. */
function smallest(day: Day, changes: readonly Change[], places: readonly number[], spanIn: SpanIn): Fit | null {
  let least = changes;
  for (const i of places) least = least.with(i, leastOf(day, least, i, spanIn));
  const trial = tryWith(day, least, spanIn);
  const drive = trial === null ? null : cheapestOf(drivesOf(trial));
  return trial === null || drive === null ? null : { changes: least, trial, drive };
}

/** The change at place i, as small as can be. */
function leastOf(day: Day, changes: readonly Change[], i: number, spanIn: SpanIn): Change {
  const change = changes[i]!;
  const crew = day.problem.shifts[day.shift]!;
  const needs = (of: (drive: Drive, trial: OwnTrial) => number): number => {
    const trial = tryWith(day, changes, spanIn);
    const amounts = trial === null ? [] : drivesOf(trial).map((drive) => of(drive, trial));
    return Math.max(0, Math.min(...amounts));
  };
  switch (change.kind) {
    case 'overtime':
      return { ...change, seconds: wholeMinutes(needs((drive) => drive.endsAt - crew.until - crew.overtime)) };
    case 'most_travel':
      return { ...change, seconds: wholeMinutes(needs((drive) => drive.travel - (crew.maxTravel ?? 0))) };
    case 'most_duration': {
      // No figure of a drive is the length of its day, but none is longer than from now to its end.
      const longest = needs((drive) => drive.endsAt - Math.max(crew.from, day.problem.now) - (crew.maxDuration ?? 0));
      const at = (step: number): Change => ({ ...change, seconds: seconds(60 * step) });
      return at(leastStep(Math.ceil(longest / 60), (step) => works(day, changes.with(i, at(step)), spanIn)));
    }
    case 'most_jobs':
      return { ...change, more: needs((drive) => drive.sequence.length - (crew.maxJobs ?? 0)) };
    case 'more_changes':
      return { ...change, more: needs((drive) => drive.changes - day.mostChanges) };
    case 'stock': {
      const room = crew.capacity?.[change.dimension] ?? 0;
      return { ...change, more: needs((drive, trial) => mostOnBoard(trial, drive, change.dimension) - room) };
    }
    case 'window_until': {
      const closes = lastClosing(day.problem.jobs[day.job]!) ?? 0;
      const late = needs((drive) => drive.start - closes);
      // A break is put off behind the job where a window closes sooner: the job may then start sooner, too.
      const first = minuteFrom(day.problem, closes + 1);
      const at = (step: number): Change => ({ ...change, until: seconds(first + 60 * (step - 1)) });
      const most = Math.ceil((closes + late - first) / 60) + 1;
      return at(leastStep(most, (step) => works(day, changes.with(i, at(step)), spanIn)));
    }
    case 'window_from': {
      const opens = firstOpening(day.problem.jobs[day.job]!);
      const steps = Math.ceil((opens - change.from) / 60);
      const at = (step: number): Change => ({
        kind: 'window_from',
        from: seconds(Math.max(change.from, minuteFrom(day.problem, opens) - 60 * step)),
      });
      return at(leastStep(steps + 1, (step) => works(day, changes.with(i, at(step)), spanIn)));
    }
    case 'begin_earlier': {
      const at = (step: number): Change => ({ ...change, seconds: seconds(Math.min(change.seconds, 60 * step)) });
      return at(leastStep(Math.ceil(change.seconds / 60), (step) => works(day, changes.with(i, at(step)), spanIn)));
    }
    case 'accept_price':
    case 'due':
    case 'skills':
    case 'skill_level':
    case 'plant':
    case 'area':
    case 'no_break':
    case 'unlock':
    case 'ask_again':
    case 'unlink':
    case 'instead_of':
      return change;
    default:
      return change satisfies never;
  }
}

const wholeMinutes = (amount: number): Seconds => seconds(60 * Math.ceil(amount / 60));

/** The first whole minute of the clock at or after a moment. */
const minuteFrom = ({ epochUnixSeconds }: Problem, moment: number): Seconds =>
  seconds(60 * Math.ceil((epochUnixSeconds + moment) / 60) - epochUnixSeconds);

/** The least step from 1 on that is enough, when `most` is; by halving, so that of steps that work again below one that does not it may miss some. */
function leastStep(most: number, enough: (step: number) => boolean): number {
  let low = 0;
  let high = Math.max(1, most);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Due later, so that doing the job costs no more than leaving it out: the least of all places. Empty where lateness is not what it costs. */
function dueLater(trial: OwnTrial, drives: readonly Drive[], spanIn: SpanIn): Fit[] {
  const { day, instance, jobs } = trial;
  const { due } = day.problem.jobs[day.job]!;
  if (due === null) return [];
  const worst = day.problem.weights.worstLatePerSecond ?? 0;
  const j = jobs[day.stops.length]!;
  let least = Infinity;
  for (const { price, start, ownLateCost, lateOthers } of drives) {
    if (start <= due) continue;
    const rest = price - ownLateCost - Math.max(lateOthers, start - due) * worst;
    const pays = (until: number): boolean => {
      const late = Math.max(0, start - until);
      return rest + lateCost(instance, j, late) + Math.max(lateOthers, late) * worst <= 0;
    };
    if (!pays(start)) continue;
    const first = minuteFrom(day.problem, due + 1);
    const steps = Math.ceil(Math.max(0, start - first) / 60) + 1;
    least = Math.min(least, first + 60 * (leastStep(steps, (step) => pays(first + 60 * (step - 1))) - 1));
  }
  if (least === Infinity) return [];
  const changes: Change[] = [{ kind: 'due', due: seconds(least) }];
  const later = tryWith(day, changes, spanIn);
  const drive = later === null ? null : cheapestOf(drivesOf(later));
  return later === null || drive === null ? [] : [{ changes, trial: later, drive }];
}

/** The stop that is best left out instead, where that is cheaper than `best`, or the only way. */
function insteadOf(trial: OwnTrial, needed: readonly Change[], best: Drive | null): Fit[] {
  let cheapest: Drive | null = best;
  let out: number | null = null;
  for (const k of replaceable(trial.day)) {
    const drive = cheapestOf(drivesOf(trial, [k]));
    if (drive === null || (cheapest !== null && drive.price >= cheapest.price)) continue;
    cheapest = drive;
    out = k;
  }
  if (cheapest === null || out === null) return [];
  const changes: Change[] = [...needed, { kind: 'instead_of', job: trial.day.stops[out]! }];
  return [{ changes, trial, drive: cheapest }];
}
