import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import type { JobState } from '../../stores/jobs/contract.ts';
import type { OpenJob } from '../../stores/jobs/near.ts';
import type { OpenWorkState } from './contract.ts';

/** Where and what somebody is about to report. */
export interface NearWanted {
  readonly roadPoint: LonLat;
  readonly jobType: string;
  readonly emergency: boolean;
}

/**
 * The open jobs a reporter is asked about, nearest first. Measured between road points only: who asks from many places
 * could otherwise find out where a reporter stood. Time does not count as in clustering: somebody looks at it and
 * says whether it is the same. A report of an emergency never waits in an ordinary job.
 */
export function openNear<J extends Pick<OpenJob, 'jobType' | 'emergency' | 'roadPoint'>>(
  wanted: NearWanted,
  jobs: readonly J[],
  radiusMetres: number,
): J[] {
  return jobs
    .filter((job) => job.jobType === wanted.jobType && (job.emergency || !wanted.emergency))
    .map((job) => ({ job, metres: greatCircleMetres(job.roadPoint, wanted.roadPoint) }))
    .filter(({ metres }) => metres <= radiusMetres)
    .sort((a, b) => a.metres - b.metres)
    .map(({ job }) => job);
}

/** What strangers are told of an open job's state; null: it is not open (any more). */
export function openWorkState(state: JobState): OpenWorkState | null {
  switch (state) {
    case 'draft':
    case 'ready':
      return 'waiting';
    case 'planned':
    case 'dispatched':
      return 'planned';
    case 'under_way':
      return 'under_way';
    case 'on_hold':
      return 'on_hold';
    case 'completed':
    case 'cannot_complete':
    case 'cancelled':
      return null;
    default:
      return state satisfies never;
  }
}
