import type { Plan } from '../plan.ts';
import { homeCareJobs, SECONDS_PER_UNIT } from './home-care-problem.ts';
import type { HomeCareInstance } from './home-care.ts';

/** The cost of a home-care plan in the file's unit, and all that is wrong with it in plain words. */
export interface HomeCareScore {
  readonly distance: number;
  readonly totalTardiness: number;
  readonly maxTardiness: number;
  /** The mean of the three. */
  readonly cost: number;
  readonly faults: readonly string[];
}

interface Given {
  readonly caregiver: number;
  readonly start: number;
}

/** Times of a plan are thousandths: what is this near is equal. */
const SAME = 0.0005;

/**
 * Recomputes a plan of `homeCareProblem` from the instance alone, believing only who does what and when it starts:
 * each service once, by an able caregiver who has the time to come, not before the window, in step with its other half.
 */
export function scoreHomeCare(instance: HomeCareInstance, plan: Plan): HomeCareScore {
  const { patients, caregivers, distances } = instance;
  const jobs = homeCareJobs(instance);
  const faults: string[] = [];
  const given = new Map<string, Given>();
  let distance = 0;
  for (const { shift, stops } of plan.shifts) {
    let free = 0;
    let at = 0;
    for (const stop of stops) {
      const job = jobs[stop.job];
      const patient = patients[job?.patient ?? -1];
      const what = patient?.services[job?.service ?? -1];
      if (job === undefined || patient === undefined || what === undefined) {
        faults.push(`there is no job ${stop.job}`);
        continue;
      }
      const name = `${what.service} of ${patient.id}`;
      const start = stop.start / SECONDS_PER_UNIT;
      const leg = distances[at]?.[job.patient + 1] ?? Infinity;
      distance += leg;
      if (caregivers[shift]?.abilities.includes(what.service) !== true) faults.push(`caregiver ${shift} cannot give ${name}`);
      if (start < free + leg - SAME) faults.push(`${name} starts at ${start}, its caregiver comes at ${free + leg}`);
      if (start < patient.windowStart - SAME) faults.push(`${name} starts at ${start}, the window at ${patient.windowStart}`);
      if (given.has(keyOf(job))) faults.push(`${name} is given twice`);
      given.set(keyOf(job), { caregiver: shift, start });
      free = start + what.duration;
      at = job.patient + 1;
    }
    if (stops.length > 0) distance += distances[at]?.[0] ?? Infinity;
  }
  let totalTardiness = 0;
  let maxTardiness = 0;
  for (const job of jobs) {
    const patient = patients[job.patient];
    const it = given.get(keyOf(job));
    if (patient === undefined) continue;
    if (it === undefined) {
      faults.push(`service ${job.service + 1} of ${patient.id} is not given`);
      continue;
    }
    const tardiness = Math.max(0, it.start - patient.windowEnd);
    totalTardiness += tardiness;
    maxTardiness = Math.max(maxTardiness, tardiness);
    const other = given.get(keyOf({ ...job, service: 1 }));
    if (patient.lag === null || job.service !== 0 || other === undefined) continue;
    if (other.caregiver === it.caregiver) faults.push(`one caregiver gives both services of ${patient.id}`);
    const lag = other.start - it.start;
    if (lag < patient.lag.least - SAME || lag > patient.lag.most + SAME)
      faults.push(`the services of ${patient.id} are ${lag} apart, not ${patient.lag.least} to ${patient.lag.most}`);
  }
  return { distance, totalTardiness, maxTardiness, cost: (distance + totalTardiness + maxTardiness) / 3, faults };
}

const keyOf = ({ patient, service }: { patient: number; service: number }): string => `${patient}/${service}`;

/** Best known total costs by instance, from the table of best-known.md; rows that are none are passed over. */
export function readBestKnown(markdown: string): Map<string, number> {
  const best = new Map<string, number>();
  const rows = markdown.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const header = rows.find((cells) => cells.includes('total_cost')) ?? [];
  for (const cells of rows) {
    const name = /^(\S+)\.json$/.exec(cells[header.indexOf('instance')] ?? '')?.[1];
    const cost = Number(cells[header.indexOf('total_cost')]);
    if (name !== undefined && Number.isFinite(cost)) best.set(name, cost);
  }
  return best;
}
