import type { Job, Problem } from '../../routing/problem.ts';
import type { LoadedCase } from './bench-case.ts';

/** A problem as the runners in `peers/` read it: what the peers have words for, in our whole numbers. */
export interface PeerRequest {
  /** Seconds between nodes, row = from. */
  readonly matrix: Int32Array;
  readonly size: number;
  readonly mustServe: boolean;
  readonly jobs: readonly {
    readonly node: number;
    readonly service: number;
    readonly windows: readonly (readonly [number, number])[];
    readonly uses: readonly number[];
    readonly skills: readonly number[];
    /** What leaving it out costs. */
    readonly price: number;
    /** The same from 0 to 100. */
    readonly priority: number;
  }[];
  readonly shifts: readonly {
    readonly start: number;
    readonly end: number | null;
    readonly from: number;
    readonly until: number;
    readonly capacity: readonly number[];
    readonly skills: readonly number[];
    readonly breaks: readonly { readonly window: readonly [number, number]; readonly length: number }[];
    /** Most seconds from leaving to being home; null = any. */
    readonly longest: number | null;
  }[];
}

/**
 * How soft rules become the hard ones that VROOM has. `due-hard`: due times end the windows, shifts end without overtime.
 * `due-until-severe`: windows end where lateness becomes dearer by the second, or at the due time where it never does.
 * `due-at-price`: a window ends where being late costs as much as not being done, and overtime is free.
 */
type Translation = 'as-is' | 'due-hard' | 'due-until-severe' | 'due-at-price';

/** Priorities go from 0 to so much in VROOM. */
const MOST_PRIORITY = 100;
/** Where nothing leads: a day. */
const NO_ROAD_SECONDS = 86_400;

/** Our problem in the peers' words. Skills and plant are both skills there. */
export function requestOf(
  { problem, mustServe }: Pick<LoadedCase, 'problem' | 'mustServe'>,
  translation: Translation = 'as-is',
): PeerRequest {
  const { shifts, jobs, travel } = problem;
  const numbers = new Map<string, number>();
  const numbered = (kind: string, names: readonly string[]): number[] =>
    names.map((name) => {
      const key = `${kind} ${name}`;
      const known = numbers.get(key) ?? numbers.size + 1;
      numbers.set(key, known);
      return known;
    });
  const dimensions = Math.max(0, ...jobs.map(({ uses }) => uses?.length ?? 0));
  const stock = (amounts: readonly number[] | undefined, otherwise: number): number[] =>
    Array.from({ length: dimensions }, (_, dimension) => amounts?.[dimension] ?? otherwise);
  const dearest = Math.max(1, ...jobs.map(({ waiting }) => waiting));
  const plenty = jobs.reduce((sum, { uses }) => sum + Math.max(0, ...(uses ?? [0])), 0);
  const end = Math.max(0, ...shifts.map(({ until, overtime }) => until + overtime));
  return {
    matrix: travel.seconds.map((cell) => (cell < 0 ? NO_ROAD_SECONDS : cell)),
    size: travel.size,
    mustServe,
    jobs: jobs.map((job) => ({
      node: job.node,
      service: job.service,
      windows: windowsOf(job, translation, problem.now, end),
      uses: stock(job.uses, 0),
      skills: [...numbered('skill', job.skills), ...numbered('plant', job.plant)],
      price: job.waiting,
      priority: mustServe ? 0 : Math.max(1, Math.round((MOST_PRIORITY * job.waiting) / dearest)),
    })),
    shifts: shifts.map((shift) => ({
      start: shift.startNode,
      end: shift.endNode,
      from: Math.max(problem.now, shift.from),
      until: shift.until + (translation === 'due-at-price' ? shift.overtime : 0),
      capacity: stock(shift.capacity, plenty),
      skills: [...numbered('skill', shift.skills), ...numbered('plant', shift.plant)],
      breaks: shift.breaks.map(({ window, length }) => ({ window: [window.from, window.until], length })),
      longest: shift.maxDuration ?? null,
    })),
  };
}

/** When work may start: the job's windows cut at its release and, by the translation, at its due time. */
function windowsOf(job: Job, translation: Translation, now: Problem['now'], end: number): [number, number][] {
  const least = Math.max(now, job.release);
  let most = Infinity;
  if (job.due !== null && translation === 'due-hard') most = job.due;
  if (job.due !== null && translation === 'due-until-severe') most = job.due + (job.severeAfter ?? 0);
  if (job.due !== null && translation === 'due-at-price' && job.latePerSecond > 0) most = job.due + Math.floor(secondsWorth(job));
  const open = job.windows.length > 0 ? job.windows : [{ from: least, until: Math.max(least, end) }];
  const cut = open.map(({ from, until }): [number, number] => [Math.max(from, least), Math.min(until, most)]);
  const possible = cut.filter(([from, until]) => from <= until);
  // A due time that is over already, or before its window: being late is all that can be done.
  return possible.length > 0
    ? possible
    : open.map(({ from, until }): [number, number] => [Math.max(from, least), Math.max(until, least)]);
}

/** Seconds of lateness that cost as much as leaving the job out. */
function secondsWorth({ waiting, latePerSecond, severeAfter, severePerSecond }: Job): number {
  const mild = waiting / latePerSecond;
  if (severeAfter === undefined || mild <= severeAfter) return mild;
  return (waiting + severeAfter * (severePerSecond ?? 0)) / (latePerSecond + (severePerSecond ?? 0));
}
