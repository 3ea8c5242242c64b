import { afterIterations } from '../../search/stop.ts';
import { solve } from '../../solve.ts';
import type { VroomAnswer } from './answer.ts';
import { readVroom } from './input.ts';
import { VroomRefusal } from './refusal.ts';
import { answerVroom, translate, type VroomTools } from './solve-vroom.ts';
import type { Translation } from './to-problem.ts';

/** For tests: VROOM inputs on a line of four places, 100 seconds and 1,000 metres apart. */
type Json = Record<string, unknown>;

const AT = [0, 1, 2, 3];
export const DURATIONS = AT.map((from) => AT.map((to) => 100 * Math.abs(to - from)));
export const DISTANCES = DURATIONS.map((row) => row.map((seconds) => seconds * 10));

export const aVehicle = (over: Json = {}): Json => ({ id: 1, start_index: 0, end_index: 0, ...over });
export const aVroomJob = (id: number, at: number, over: Json = {}): Json => ({ id, location_index: at, service: 10, ...over });
export const anInput = (over: Json = {}): Json => ({
  vehicles: [aVehicle()],
  jobs: [aVroomJob(1, 1)],
  matrices: { car: { durations: DURATIONS } },
  ...over,
});

/** The engine itself, in this thread, for so many steps. */
export const someTools = (over: Partial<VroomTools> = {}): VroomTools => ({
  solve: (problem, { seed }) => Promise.resolve(solve(problem, { seed, stop: afterIterations(300) })),
  roads: null,
  seed: 1,
  seconds: null,
  mostSeconds: 5,
  mostLocations: 100,
  mostVehicles: 10,
  wallMillis: () => 0,
  ...over,
});

export const translated = async (json: unknown): Promise<Translation> => translate(readVroom(json), someTools());
export const answered = (json: unknown): Promise<VroomAnswer> => answerVroom(json, someTools());

/** What an input is refused with. */
export async function refusalOf(json: unknown, tools: VroomTools = someTools()): Promise<VroomRefusal> {
  try {
    await answerVroom(json, tools);
  } catch (error) {
    if (error instanceof VroomRefusal) return error;
    throw error;
  }
  throw new Error('was not refused');
}
