import type { Interval, Problem } from './problem.ts';

/** The problem itself is malformed: a mistake of the caller, not a plan without solution. */
export class InvalidProblem extends Error {
  override readonly name = 'InvalidProblem';
  readonly path: string;
  readonly detail: string;
  constructor(path: string, detail: string) {
    super(`${path}: ${detail}`);
    this.path = path;
    this.detail = detail;
  }
}

/** Seconds stay inside an Int32, costs inside a double's exact integers. */
const MOST_SECONDS = 1_000_000_000;
const MOST_PRICE = 1_000_000_000;
const MOST_RATE = 1_000_000;
/** Jobs and ends of shifts: two matrices of so many places square take 1.2 GB, and a search that large is not in time anyway. */
const MOST_PLACES = 12_000;

function whole(path: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidProblem(path, `${value} is not a whole number from ${least} to ${most}`);
  }
}

function time(path: string, value: number): void {
  whole(path, value, -MOST_SECONDS, MOST_SECONDS);
}

function interval(path: string, value: Interval): void {
  time(`${path}.from`, value.from);
  time(`${path}.until`, value.until);
  if (value.until < value.from) throw new InvalidProblem(path, 'ends before it starts');
}

/** Throws InvalidProblem with the path of the first field that the engine could not compute with. */
export function validateProblem(problem: Problem): void {
  const { travel, weights } = problem;
  time('now', problem.now);
  whole('travel.size', travel.size, 0, 65_535);
  for (const [name, cells] of [
    ['seconds', travel.seconds],
    ['metres', travel.metres],
  ] as const) {
    if (cells.length !== travel.size * travel.size) {
      throw new InvalidProblem(`travel.${name}`, `${cells.length} cells where ${travel.size} x ${travel.size} are needed`);
    }
  }
  whole('weights.startTolerance', weights.startTolerance, 0, MOST_SECONDS);
  for (const name of ['travelPerSecond', 'overtimePerSecond', 'moveOfStartPerSecond'] as const) {
    whole(`weights.${name}`, weights[name], 0, MOST_RATE);
  }
  for (const name of ['changeOfCrew', 'brokenPromise', 'useOfShift'] as const) {
    whole(`weights.${name}`, weights[name], 0, MOST_PRICE);
  }
  maybe('weights.overqualificationPerLevel', weights.overqualificationPerLevel, 0, MOST_PRICE);
  maybe('weights.balancePerSecond', weights.balancePerSecond, 0, MOST_RATE);
  maybe('weights.worstLatePerSecond', weights.worstLatePerSecond, 0, MOST_RATE);
  travel.speedByTime?.forEach(({ from, percent }, i, all) => {
    time(`travel.speedByTime[${i}].from`, from);
    whole(`travel.speedByTime[${i}].percent`, percent, 1, 1_000);
    const before = all[i - 1];
    if (before !== undefined && before.from >= from) {
      throw new InvalidProblem(`travel.speedByTime[${i}].from`, `not after the piece before it`);
    }
  });
  if (problem.jobs.length + 2 * problem.shifts.length > MOST_PLACES) {
    throw new InvalidProblem(
      'jobs',
      `${problem.jobs.length} jobs and ${problem.shifts.length} shifts are too many for one problem: at most ${MOST_PLACES} places; divide it by areas`,
    );
  }
  problem.shifts.forEach((shift, s) => {
    const path = `shifts[${s}]`;
    whole(`${path}.startNode`, shift.startNode, 0, travel.size - 1);
    if (shift.endNode !== null) whole(`${path}.endNode`, shift.endNode, 0, travel.size - 1);
    interval(path, shift);
    whole(`${path}.overtime`, shift.overtime, 0, MOST_SECONDS);
    maybe(`${path}.travelPercent`, shift.travelPercent, 1, 10_000);
    maybe(`${path}.servicePercent`, shift.servicePercent, 0, 10_000);
    maybe(`${path}.outsideAreaPrice`, shift.outsideAreaPrice ?? undefined, 0, MOST_PRICE);
    maybe(`${path}.rates.travelPerSecond`, shift.rates?.travelPerSecond, 0, MOST_RATE);
    maybe(`${path}.rates.perKilometre`, shift.rates?.perKilometre, 0, MOST_RATE);
    maybe(`${path}.rates.dutyPerHour`, shift.rates?.dutyPerHour, 0, MOST_RATE * 3_600);
    maybe(`${path}.rates.use`, shift.rates?.use, 0, MOST_PRICE);
    maybe(`${path}.maxJobs`, shift.maxJobs, 0, MOST_SECONDS);
    maybe(`${path}.maxTravel`, shift.maxTravel, 0, MOST_SECONDS);
    maybe(`${path}.maxDuration`, shift.maxDuration, 0, MOST_SECONDS);
    maybe(`${path}.fairWork`, shift.fairWork, 0, MOST_SECONDS);
    amounts(`${path}.capacity`, shift.capacity);
    levels(`${path}.skillLevels`, shift.skillLevels, null);
    shift.windows?.forEach((w, i, all) => {
      interval(`${path}.windows[${i}]`, w);
      const before = all[i - 1];
      if (before !== undefined && before.until > w.from) {
        throw new InvalidProblem(`${path}.windows[${i}]`, 'begins before the one before it has ended');
      }
    });
    shift.breaks.forEach((b, i) => {
      interval(`${path}.breaks[${i}].window`, b.window);
      whole(`${path}.breaks[${i}].length`, b.length, 0, MOST_SECONDS);
      if (shift.breaks.findIndex(({ id }) => id === b.id) !== i)
        throw new InvalidProblem(`${path}.breaks[${i}].id`, `"${b.id}" twice`);
    });
  });
  problem.jobs.forEach((job, j) => {
    const path = `jobs[${j}]`;
    whole(`${path}.node`, job.node, 0, travel.size - 1);
    whole(`${path}.service`, job.service, 0, MOST_SECONDS);
    time(`${path}.release`, job.release);
    job.windows.forEach((w, i) => interval(`${path}.windows[${i}]`, w));
    if (job.due !== null) time(`${path}.due`, job.due);
    whole(`${path}.latePerSecond`, job.latePerSecond, 0, MOST_RATE);
    whole(`${path}.waiting`, job.waiting, 0, MOST_PRICE);
    if (job.waitingPerHour !== undefined) whole(`${path}.waitingPerHour`, job.waitingPerHour, 0, MOST_RATE);
    maybe(`${path}.severeAfter`, job.severeAfter, 0, MOST_SECONDS);
    maybe(`${path}.severePerSecond`, job.severePerSecond, 0, MOST_RATE);
    amounts(`${path}.uses`, job.uses);
    amounts(`${path}.collects`, job.collects);
    levels(`${path}.skillLevels`, job.skillLevels, job.skills);
    levels(`${path}.preferredLevels`, job.preferredLevels, null);
    job.declinedBy?.forEach((shift, i) => whole(`${path}.declinedBy[${i}]`, shift, 0, problem.shifts.length - 1));
    const held = job.inForce;
    if (held === null) return;
    whole(`${path}.inForce.shift`, held.shift, 0, problem.shifts.length - 1);
    whole(`${path}.inForce.position`, held.position, 0, MOST_SECONDS);
    time(`${path}.inForce.start`, held.start);
    if (held.promised !== null) interval(`${path}.inForce.promised`, held.promised);
  });
  validateLinks(problem);
}

function maybe(path: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined) whole(path, value, least, most);
}

function amounts(path: string, list: readonly number[] | undefined): void {
  list?.forEach((amount, i) => whole(`${path}[${i}]`, amount, 0, MOST_PRICE));
}

function levels(path: string, named: Readonly<Record<string, number>> | undefined, skills: readonly string[] | null): void {
  for (const [skill, level] of Object.entries(named ?? {})) {
    whole(`${path}.${skill}`, level, 0, MOST_RATE);
    if (skills?.includes(skill) === false)
      throw new InvalidProblem(`${path}.${skill}`, 'a level of a skill that is not asked for');
  }
}

/** Links name two jobs each and make no circle, whichever way they point. */
function validateLinks({ links = [], jobs }: Problem): void {
  const root = [...jobs.keys()];
  const rootOf = (j: number): number => (root[j] === j || root[j] === undefined ? j : rootOf(root[j]));
  links.forEach(({ first, second, leastLag, mostLag }, i) => {
    const path = `links[${i}]`;
    whole(`${path}.first`, first, 0, jobs.length - 1);
    whole(`${path}.second`, second, 0, jobs.length - 1);
    time(`${path}.leastLag`, leastLag);
    if (mostLag !== null) time(`${path}.mostLag`, mostLag);
    if (mostLag !== null && mostLag < leastLag) throw new InvalidProblem(`${path}.mostLag`, 'below the least lag');
    const [a, b] = [rootOf(first), rootOf(second)];
    if (a === b) {
      const circle = first === second ? 'to itself' : `in a circle with "${jobs[second]?.id ?? second}"`;
      throw new InvalidProblem(path, `job "${jobs[first]?.id ?? first}" is linked ${circle}`);
    }
    root[b] = a;
  });
}
