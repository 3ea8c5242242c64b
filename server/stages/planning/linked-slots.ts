import type { Job, Link, Shift } from '../../../routing/problem.ts';
import { seconds } from '../../../routing/units.ts';

/** A slot of a job that several crews do at once. */
interface SlotAtOnce {
  /** Index in the problem. */
  readonly index: number;
  readonly job: Job;
  /** Its crew is on site already. */
  readonly begun: boolean;
}

/**
 * Ties the slots of each job to each other. `of` says of each engine's job whose slot it is, and whether its crew is on site.
 */
export function tieSlots(
  jobs: readonly Job[],
  shifts: readonly Shift[],
  of: readonly { readonly jobId: string; readonly begun: boolean }[],
): { jobs: readonly Job[]; links: readonly Link[] } {
  const byJob = new Map<string, SlotAtOnce[]>();
  jobs.forEach((job, index) => {
    const { jobId = '', begun = false } = of[index] ?? {};
    byJob.set(jobId, [...(byJob.get(jobId) ?? []), { index, job, begun }]);
  });
  const together = [...byJob.values()].filter((slots) => slots.length > 1);
  if (together.length === 0) return { jobs, links: [] };
  const changed = new Map(
    together.flatMap((slots) => slots.map(({ index, job }) => [index, notToThoseSent(job, slots)] as const)),
  );
  return {
    jobs: jobs.map((job, index) => changed.get(index) ?? job),
    links: together.flatMap((slots) => linksAtOnce(slots, shifts)),
  };
}

const AT_ONCE = { leastLag: seconds(0), mostLag: seconds(0) };

/**
 * What ties the slots of one job: crews that are still to be planned start in the same second. To one that has been sent
 * already the others come when it is there, or as soon after as they can; to one that works already, whenever they can: facts
 * wait for nobody. Two that a person has given different times are left as that person wants them, and what a person
 * has locked is not given up because nobody there is can do the rest.
 */
function linksAtOnce(slots: readonly SlotAtOnce[], shifts: readonly Shift[]): Link[] {
  if (slots.some(({ begun }) => begun)) return [];
  const open = slots.filter(({ job }) => job.inForce?.fixed !== true);
  const locked = open.filter(({ job }) => isLocked(job));
  const movable = locked.length === 0 ? open : open.filter((one) => locked.includes(one) || canBeDone(one.job, shifts, locked));
  const anchor = movable.find(({ job }) => timeOf(job) !== null) ?? movable[0];
  if (anchor === undefined) return [];
  const toAnchor = movable
    .filter((other) => other !== anchor && !differ(timeOf(other.job), timeOf(anchor.job)))
    .map(({ index }): Link => ({ first: anchor.index, second: index, ...AT_ONCE }));
  const toSent = slots
    .filter(({ job }) => job.inForce?.fixed === true)
    .map(({ index }): Link => ({ first: index, second: anchor.index, leastLag: seconds(0), mostLag: null }));
  return [...toAnchor, ...toSent];
}

const isLocked = ({ inForce }: Job): boolean => inForce !== null && (inForce.lockCrew || inForce.lockTime || inForce.lockOrder);

/** By a crew with the skills and the plant that has not declined it and does not have another slot already. */
const canBeDone = (job: Job, shifts: readonly Shift[], locked: readonly SlotAtOnce[]): boolean =>
  shifts.some(
    ({ skills, plant }, index) =>
      job.skills.every((skill) => skills.includes(skill)) &&
      job.plant.every((kind) => plant.includes(kind)) &&
      job.declinedBy?.includes(index) !== true &&
      !locked.some((other) => other.job.inForce?.shift === index),
  );

/** The start that a person has locked. */
const timeOf = ({ inForce }: Job): number | null => (inForce?.lockTime === true ? inForce.start : null);

const differ = (one: number | null, other: number | null): boolean => one !== null && other !== null && one !== other;

/** The slot, never to be given to a crew that has been sent to another slot of the job: one crew is not two. */
function notToThoseSent(job: Job, others: readonly SlotAtOnce[]): Job {
  const sent = others.flatMap(({ job: { inForce } }) => (inForce?.fixed === true ? [inForce.shift] : []));
  if (sent.length === 0 || job.inForce?.fixed === true) return job;
  return { ...job, declinedBy: [...new Set([...(job.declinedBy ?? []), ...sent])].sort((a, b) => a - b) };
}
