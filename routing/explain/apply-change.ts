import type { InForce, Interval, Job, Problem, Shift } from '../problem.ts';
import { seconds } from '../units.ts';
import type { Change } from './explanation.ts';

/**
 * The problem with the change made for this job (an index); the given one stays as it is. `accept_price`, `instead_of` and
 * `more_changes` change the plan or what it is allowed, not the problem, which then comes back as it was.
 * Throws RangeError for a job or a shift that the problem does not have.
 */
export function applyChange(problem: Problem, job: number, change: Change): Problem {
  const task = problem.jobs[job];
  if (task === undefined) throw new RangeError(`no job ${job}`);
  const withShift = (shift: number, change: (old: Shift) => Partial<Shift>): Problem => {
    const old = problem.shifts[shift];
    if (old === undefined) throw new RangeError(`no shift ${shift}`);
    return { ...problem, shifts: problem.shifts.with(shift, { ...old, ...change(old) }) };
  };
  const withJob = (changed: Partial<Job>): Problem => ({ ...problem, jobs: problem.jobs.with(job, { ...task, ...changed }) });
  switch (change.kind) {
    case 'accept_price':
    case 'instead_of':
    case 'more_changes':
      return problem;
    case 'overtime':
      return withShift(change.shift, ({ overtime }) => ({ overtime: seconds(overtime + change.seconds) }));
    case 'begin_earlier':
      return withShift(change.shift, ({ from }) => ({ from: seconds(from - change.seconds) }));
    case 'skills':
      return withShift(change.shift, (shift) => ({
        skills: [...shift.skills, ...change.skills],
        ...levelsFor(shift, task, change.skills),
      }));
    case 'skill_level':
      return withShift(change.shift, (shift) => levelsFor(shift, task, change.skills));
    case 'plant':
      return withShift(change.shift, ({ plant }) => ({ plant: [...plant, ...change.plant] }));
    case 'area':
      return withShift(change.shift, ({ areas }) => (areas === undefined ? {} : { areas: [...areas, change.area] }));
    case 'stock':
      return withShift(change.shift, ({ capacity = [] }) => ({
        capacity: capacity.map((room, d) => (d === change.dimension ? room + change.more : room)),
      }));
    case 'no_break':
      return withShift(change.shift, ({ breaks }) => ({ breaks: breaks.filter(({ id }) => id !== change.breakId) }));
    case 'most_jobs':
      return withShift(change.shift, ({ maxJobs }) => (maxJobs === undefined ? {} : { maxJobs: maxJobs + change.more }));
    case 'most_travel':
      return withShift(change.shift, ({ maxTravel }) =>
        maxTravel === undefined ? {} : { maxTravel: seconds(maxTravel + change.seconds) },
      );
    case 'most_duration':
      return withShift(change.shift, ({ maxDuration }) =>
        maxDuration === undefined ? {} : { maxDuration: seconds(maxDuration + change.seconds) },
      );
    case 'window_until':
      return withJob({ windows: withLast(task.windows, change.until) });
    case 'window_from':
      return withJob({
        release: seconds(Math.min(task.release, change.from)),
        windows: withFirst(task.windows, change.from),
      });
    case 'due':
      return withJob({ due: change.due });
    case 'unlock':
      return withJob({ inForce: unlocked(task.inForce, change.what) });
    case 'ask_again':
      return withJob({ declinedBy: (task.declinedBy ?? []).filter((shift) => shift !== change.shift) });
    case 'unlink':
      return { ...problem, links: (problem.links ?? []).filter(({ first, second }) => !joins(first, second, job, change.from)) };
    default:
      return change satisfies never;
  }
}

const joins = (first: number, second: number, a: number, b: number): boolean =>
  (first === a && second === b) || (first === b && second === a);

/** The levels of a crew that has these skills at least as the job needs them. */
function levelsFor({ skillLevels = {} }: Shift, job: Job, skills: readonly string[]): Partial<Shift> {
  const raised = skills.map((skill): [string, number] => [
    skill,
    Math.max(skillLevels[skill] ?? 1, job.skillLevels?.[skill] ?? 1),
  ]);
  return { skillLevels: { ...skillLevels, ...Object.fromEntries(raised) } };
}

/** The window that closes last, closing then; no window stays none: any time. */
function withLast(windows: readonly Interval[], until: Interval['until']): Interval[] {
  const last = Math.max(...windows.map((window) => window.until));
  const at = windows.findIndex((window) => window.until === last);
  return windows.map((window, i) => (i === at ? { from: window.from, until: seconds(Math.max(until, window.until)) } : window));
}

/** The window that opens first, opening then. */
function withFirst(windows: readonly Interval[], from: Interval['from']): Interval[] {
  const first = Math.min(...windows.map((window) => window.from));
  const at = windows.findIndex((window) => window.from === first);
  return windows.map((window, i) => (i === at ? { from: seconds(Math.min(from, window.from)), until: window.until } : window));
}

function unlocked(held: InForce | null, what: 'crew' | 'time' | 'order'): InForce | null {
  if (held === null) return null;
  switch (what) {
    case 'crew':
      return { ...held, lockCrew: false };
    case 'time':
      return { ...held, lockTime: false };
    case 'order':
      return { ...held, lockOrder: false };
    default:
      return what satisfies never;
  }
}
