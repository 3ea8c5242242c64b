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
  problem.shifts.forEach((shift, s) => {
    const path = `shifts[${s}]`;
    whole(`${path}.startNode`, shift.startNode, 0, travel.size - 1);
    if (shift.endNode !== null) whole(`${path}.endNode`, shift.endNode, 0, travel.size - 1);
    interval(path, shift);
    whole(`${path}.overtime`, shift.overtime, 0, MOST_SECONDS);
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
    job.declinedBy?.forEach((shift, i) => whole(`${path}.declinedBy[${i}]`, shift, 0, problem.shifts.length - 1));
    const held = job.inForce;
    if (held === null) return;
    whole(`${path}.inForce.shift`, held.shift, 0, problem.shifts.length - 1);
    whole(`${path}.inForce.position`, held.position, 0, MOST_SECONDS);
    time(`${path}.inForce.start`, held.start);
    if (held.promised !== null) interval(`${path}.inForce.promised`, held.promised);
  });
}
