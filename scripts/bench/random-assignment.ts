import { type AssignmentProblem, NO_ARC } from '../../routing/assignment/assignment.ts';

/** How a random assignment is made. */
export interface Shape {
  readonly crews: number;
  readonly jobs: number;
  /** Arcs a job: the nearest crews that have its skill; Infinity = all of those. */
  readonly nearest: number;
  /** Places a crew. */
  readonly capacity: number;
}

const SKILLS = 8;
const KILOMETRES_ACROSS = 20;
const SECONDS_A_KILOMETRE = 156;
/** Priorities as in a backlog: mostly low, few high; times an hour of driving. */
const PRIORITIES = [1, 1, 1, 2, 2, 4, 8];

/** Mulberry32: a well-mixed 32-bit generator, so that seeds near each other do not look alike. */
function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Crews and jobs in a square town with six busy quarters, half of them in a quarter. A crew has about half of the skills,
 * a job needs one. An arc costs the seconds of the drive, waiting the job's priority in hours.
 */
export function randomAssignment({ crews, jobs, nearest, capacity }: Shape, seed: number): AssignmentProblem {
  const random = chance(seed);
  const anywhere = (): [number, number] => [random() * KILOMETRES_ACROSS, random() * KILOMETRES_ACROSS];
  const quarters = Array.from({ length: 6 }, anywhere);
  const place = (): [number, number] => {
    if (random() < 0.5) return anywhere();
    const [x, y] = quarters[Math.floor(random() * quarters.length)]!;
    return [x + (random() - 0.5) * 4, y + (random() - 0.5) * 4];
  };
  const crew = Array.from({ length: crews }, () => ({
    at: place(),
    skills: Array.from({ length: SKILLS }, () => random() < 0.5),
  }));
  const cost = new Float64Array(jobs * crews).fill(NO_ARC);
  const waiting = new Float64Array(jobs);
  for (let i = 0; i < jobs; i++) {
    const [x, y] = place();
    const skill = Math.floor(random() * SKILLS);
    waiting[i] = PRIORITIES[Math.floor(random() * PRIORITIES.length)]! * 3600;
    const able = crew.flatMap(({ at, skills }, j) =>
      skills[skill] ? [{ j, seconds: Math.round(Math.hypot(at[0] - x, at[1] - y) * SECONDS_A_KILOMETRE) }] : [],
    );
    able.sort((a, b) => a.seconds - b.seconds || a.j - b.j);
    for (const { j, seconds } of able.slice(0, Math.min(nearest, able.length))) cost[i * crews + j] = seconds;
  }
  return { jobs, crews, cost, waiting, capacity: new Int32Array(crews).fill(capacity) };
}
