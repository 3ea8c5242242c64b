import type { Job, Problem, Shift } from '../problem.ts';
import { seconds } from '../units.ts';

/** Costs are hundredths of a second of driving, so that late minutes of little weight are whole numbers too. */
const SCALE = 100;
const SIDE_KILOMETRES = 20;
const DOWNTOWNS = 6;
const SKILLS = 8;
const KILOMETRES_AN_HOUR = 30;
const DETOUR = 1.3;
const DAY_SECONDS = 8 * 3600;
const PRIORITIES = [1, 1, 1, 2, 2, 4, 8];

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A day without roads or reports, the same for everybody who has the seed: half of all places lie round six centres, crews start
 * where they are, end anywhere and have each of eight skills or not; cases need one, take 15 to 90 minutes and have a due
 * time by priority; what is left out costs its priority in hours. The instances on which bounds of this kind were first measured.
 */
export function crewsAndCases(crews: number, cases: number, seed: number): Problem {
  const chance = chanceOf(seed);
  const below = (most: number): number => Math.trunc(chance() * most);
  const centres = Array.from({ length: DOWNTOWNS }, (): Point => {
    const x = chance() * SIDE_KILOMETRES;
    return { x, y: chance() * SIDE_KILOMETRES };
  });
  const point = (): Point => {
    if (chance() < 0.5) {
      const centre = centres[below(DOWNTOWNS)]!;
      const x = centre.x + (chance() - 0.5) * 4;
      return { x, y: centre.y + (chance() - 0.5) * 4 };
    }
    const x = chance() * SIDE_KILOMETRES;
    return { x, y: chance() * SIDE_KILOMETRES };
  };
  const points: Point[] = [];
  const shifts = Array.from({ length: crews }, (_, index): Shift => {
    const skills: string[] = [];
    for (let skill = 0; skill < SKILLS; skill++) if (chance() < 0.5) skills.push(`skill-${skill}`);
    if (skills.length === 0) skills.push('skill-0');
    points.push(point());
    chance();
    return {
      id: `crew-${String(index + 1).padStart(4, '0')}`,
      startNode: points.length - 1,
      endNode: null,
      from: seconds(0),
      until: seconds(DAY_SECONDS),
      overtime: seconds(0),
      breaks: [],
      skills,
      plant: [],
    };
  });
  const jobs = Array.from({ length: cases }, (_, index): Job => {
    points.push(point());
    const skill = below(SKILLS);
    const minutes = 15 + Math.round(chance() * 75);
    const priority = PRIORITIES[below(PRIORITIES.length)]!;
    return {
      id: `case-${String(index + 1).padStart(5, '0')}`,
      node: points.length - 1,
      service: seconds(minutes * 60),
      release: seconds(0),
      windows: [],
      due: seconds(priority >= 4 ? 7200 : priority === 2 ? 14_400 : 28_800),
      latePerSecond: (SCALE / 5) * priority,
      waiting: (priority + 1) * 3600 * SCALE,
      skills: [`skill-${skill}`],
      plant: [],
      inForce: null,
    };
  });
  const size = points.length;
  const cells = new Int32Array(new SharedArrayBuffer(4 * size * size));
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      if (a === b) continue;
      const kilometres = Math.hypot(points[a]!.x - points[b]!.x, points[a]!.y - points[b]!.y) * DETOUR;
      cells[a * size + b] = Math.round((kilometres / KILOMETRES_AN_HOUR) * 3600) + 60;
    }
  }
  return {
    epochUnixSeconds: 0,
    now: seconds(0),
    shifts,
    jobs,
    travel: { size, seconds: cells, metres: cells, source: 'estimate' },
    weights: {
      travelPerSecond: SCALE,
      overtimePerSecond: 0,
      changeOfCrew: 0,
      moveOfStartPerSecond: 0,
      startTolerance: seconds(0),
      brokenPromise: 0,
      useOfShift: 0,
    },
  };
}

/** Mulberry32, a generator of chance in the public domain (T. Ettinger): numbers from 0 to below 1. */
function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
