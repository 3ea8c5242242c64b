import { Problem } from '../../platform/problem.ts';
import type { CityConfig, JobType } from '../../stores/city/contract.ts';
import type { NewJob } from '../../stores/work/contract.ts';
import type { ClusterPolicy } from './cluster.ts';
import type { LocatedOnRoad } from './place.ts';

/** One kind of report and what the city does about it. */
export interface Service {
  readonly code: string;
  readonly label: string;
  /** Code of the organisation that answers for it. */
  readonly organisation: string;
  /** Null: recorded and answered, no crew drives out. */
  readonly jobType: JobType | null;
  /** Null: every report becomes its own job. */
  readonly cluster: ClusterPolicy | null;
}

export interface Catalogue {
  /** By its code, its label or a name a source uses for it; capitals and spaces around do not matter. */
  find(word: string): Service | undefined;
  /** Codes in the folder's order. */
  readonly codes: readonly string[];
}

/** What nobody drives out for comes last. */
const PRIORITY_WITHOUT_WORK = 4;

export function catalogueOf(city: Pick<CityConfig, 'requestTypes' | 'jobTypes' | 'policy'>): Catalogue {
  const { clusters } = city.policy;
  const services = new Map<string, Service>();
  for (const type of city.requestTypes) {
    const jobType = city.jobTypes.find(({ code }) => code === type.jobType) ?? null;
    const own = jobType === null ? null : clusters.byJobType[jobType.code];
    const rule = jobType === null ? null : own === undefined ? clusters.default : own;
    const service: Service = {
      code: type.code,
      label: type.label,
      organisation: type.organisation,
      jobType,
      cluster: rule && { radiusMetres: rule.metres, windowSeconds: rule.hours * 3600 },
    };
    // A code wins over another type's alias: codes are what our own screens send.
    for (const word of [type.label, ...type.aliases]) if (!services.has(plain(word))) services.set(plain(word), service);
    services.set(plain(type.code), service);
  }
  return { find: (word) => services.get(plain(word)), codes: city.requestTypes.map(({ code }) => code) };
}

const plain = (word: string): string => word.trim().toLowerCase();

/** @throws Problem 400 `unknown-service` naming those there are. */
export function serviceFor(catalogue: Catalogue, word: string): Service {
  const service = catalogue.find(word);
  if (service) return service;
  throw new Problem(400, 'unknown-service', `The city has no service type "${word}". It has: ${catalogue.codes.join(', ')}.`, {
    fields: [{ path: 'serviceType', message: 'is not in the service catalogue' }],
  });
}

/** By when the catalogue wants it done, and how urgent it is. */
export function dueAndPriority(service: Service, reportedAt: Date): { dueAt: Date | null; priority: number } {
  if (service.jobType === null) return { dueAt: null, priority: PRIORITY_WITHOUT_WORK };
  return { dueAt: new Date(reportedAt.getTime() + service.jobType.dueHours * 3_600_000), priority: service.jobType.priority };
}

/** The job that the catalogue makes of one report by itself. */
export function jobFor(jobType: JobType, located: LocatedOnRoad, due: { dueAt: Date | null; priority: number }): NewJob {
  return {
    jobType: jobType.code,
    title: jobType.label,
    place: located.place,
    roadPoint: located.roadPoint,
    placeText: located.placeText,
    serviceSeconds: jobType.minutes * 60,
    slots: jobType.slots.map(({ skills, plant }) => ({ skills: [...skills], plant: [...plant] })),
    windows: [],
    dueAt: due.dueAt?.toISOString() ?? null,
    priority: due.priority,
    emergency: jobType.emergency,
    proof: [...jobType.proof],
    draft: false,
  };
}
