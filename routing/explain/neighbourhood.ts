import { type Draft, fixedCount } from '../draft.ts';
import { FAR, type Instance, NONE } from '../instance.ts';
import type { Nearness } from '../search/nearness.ts';
import type { Part } from '../search/part.ts';

/**
 * The shifts that an override concerns, with those round them, as the part of the day that may move: every other stop stays.
 * Nearest are those of which a movable stop, or where the crew is free, lies nearest to the job or to a movable stop of the
 * shifts concerned, by the shorter of the two ways; of shifts at the same distance the first.
 * @param concerned shifts of the instance that are in it whatever happens
 * @param most shifts in all
 */
export function neighbourhood(draft: Draft, job: number, concerned: readonly number[], most: number): Part {
  const { instance, shifts, shiftOf } = draft;
  const { jobCount, shiftCount } = instance;
  const own = new Uint8Array(shiftCount);
  for (const s of concerned) own[s] = 1;
  const movable = (s: number): readonly number[] => shifts[s]!.sequence.slice(fixedCount(instance, s));
  const round = [job, ...concerned.flatMap(movable)];
  const others = [...shifts.keys()].filter((s) => own[s] === 0);
  const byWay = others.map((s) => {
    const places = [instance.fromPlace[jobCount + s]!, ...movable(s)];
    return { shift: s, way: Math.min(...round.flatMap((i) => places.map((place) => wayBetween(instance, i, place)))) };
  });
  byWay.sort((a, b) => a.way - b.way || a.shift - b.shift);
  for (const { shift } of byWay.slice(0, Math.max(0, most - (shifts.length - others.length)))) own[shift] = 1;
  const ownJobs = Uint8Array.from(shiftOf, (s, j) => (instance.fixed[j] === 0 && (s === NONE || own[s] === 1) ? 1 : 0));
  return { own, ownJobs, jobs: Int32Array.from(ownJobs.keys()).filter((j) => ownJobs[j] === 1) };
}

const wayBetween = ({ ways, placeCount }: Instance, i: number, place: number): number =>
  Math.min(ways[0]!.seconds[i * placeCount + place]!, ways[0]!.secondsBack[i * placeCount + place]!);

/** What lies near what within a part: a search that works on it looks at nothing else, and at all of it. */
export function nearnessWithin(instance: Instance, near: Nearness, { own, jobs }: Part): Nearness {
  const width = Math.max(0, jobs.length - 1);
  const list = new Int32Array(instance.jobCount * width);
  const counts = new Int32Array(instance.jobCount);
  for (const j of jobs) {
    const others = Array.from(jobs, (i) => ({ i, way: wayBetween(instance, j, i) })).filter(
      ({ i, way }) => i !== j && way !== FAR,
    );
    others.sort((a, b) => a.way - b.way || a.i - b.i);
    others.forEach(({ i }, k) => (list[j * width + k] = i));
    counts[j] = others.length;
  }
  const shifts = near.shifts.map((able, j) => (instance.groupOf[j] === NONE ? able.filter((s) => own[s] === 1) : able));
  return { width, jobs: list, counts, shifts };
}
