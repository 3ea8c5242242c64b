import type { Job, Link, Problem, Shift } from '../problem.ts';
import { seconds } from '../units.ts';
import type { HomeCareInstance } from './home-care.ts';

/** Distances have three decimals: a second of the problem is a thousandth of the file's unit. */
export const SECONDS_PER_UNIT = 1000;

/** A service of a patient, as the job of the same place in the problem's list. */
export interface HomeCareJob {
  /** Index of the patient, and which of its services. */
  readonly patient: number;
  readonly service: number;
}

/** The jobs in the problem's order: the services of the first patient, of the second, ... */
export function homeCareJobs(instance: HomeCareInstance): HomeCareJob[] {
  return instance.patients.flatMap(({ services }, patient) => services.map((_, service) => ({ patient, service })));
}

/**
 * The instance as a problem that costs 3,000 times as much: distance, tardiness of each service and the greatest tardiness,
 * in thousandths. A caregiver is a shift without end, two services of a patient are linked. Every service must be given:
 * leaving one out costs more than any lateness that a sensible plan has.
 */
export function homeCareProblem(instance: HomeCareInstance): Problem {
  const { patients, caregivers, distances } = instance;
  const size = distances.length;
  const time = (value: number) => seconds(value * SECONDS_PER_UNIT);
  const cells = new Int32Array(new SharedArrayBuffer(4 * size * size));
  distances.forEach((row, from) => row.forEach((length, to) => (cells[from * size + to] = time(length))));
  const longestLeg = cells.reduce((most, length) => Math.max(most, length), 0);
  const jobs = homeCareJobs(instance);
  const width = String(Math.max(jobs.length, caregivers.length)).length;
  const numbered = (what: string, index: number): string => `${what}-${String(index + 1).padStart(width, '0')}`;
  // One caregiver after another could do everything by then.
  let end = longestLeg + Math.max(0, ...patients.map(({ windowStart }) => time(windowStart)));
  for (const { services, lag } of patients) {
    end += time(lag?.most ?? 0);
    for (const { duration } of services) end += time(duration) + longestLeg;
  }
  const latest = Math.max(0, ...patients.map(({ windowEnd }) => time(windowEnd)));
  const links: Link[] = [];
  jobs.forEach(({ patient, service }, index) => {
    const lag = patients[patient]?.lag ?? null;
    if (service === 0 && lag !== null)
      links.push({ first: index, second: index + 1, leastLag: time(lag.least), mostLag: time(lag.most) });
  });
  return {
    epochUnixSeconds: 0,
    now: seconds(0),
    shifts: caregivers.map(({ abilities }, index): Shift => ({
      id: numbered('caregiver', index),
      startNode: 0,
      endNode: 0,
      from: seconds(0),
      until: seconds(end),
      overtime: seconds(0),
      breaks: [],
      skills: [...abilities].sort(),
      plant: [],
    })),
    jobs: jobs.flatMap(({ patient, service }, index): Job[] => {
      const of = patients[patient];
      const what = of?.services[service];
      if (of === undefined || what === undefined) return [];
      return [
        {
          id: numbered('service', index),
          node: patient + 1,
          service: time(what.duration),
          release: time(of.windowStart),
          windows: [],
          due: time(of.windowEnd),
          latePerSecond: 1,
          waiting: 10 * latest,
          skills: [what.service],
          plant: [],
          inForce: null,
        },
      ];
    }),
    travel: { size, seconds: cells, metres: cells, source: 'estimate' },
    weights: {
      travelPerSecond: 1,
      overtimePerSecond: 0,
      changeOfCrew: 0,
      moveOfStartPerSecond: 0,
      startTolerance: seconds(0),
      brokenPromise: 0,
      useOfShift: 0,
      worstLatePerSecond: 1,
    },
    links,
  };
}
