import type { Change } from '../../platform/events.ts';
import type { CaseId } from '../../stores/cases/contract.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import { listOpenJobsNear, lockSquares } from '../../stores/jobs/near.ts';
import { applyTriage, type TriageDecision, type TriagedCase } from '../../stores/work/triage.ts';
import { dueAndPriority, jobFor, type Service } from './catalogue.ts';
import { clusterIndex, clusterSquares, REACH_IN_RADII } from './cluster.ts';
import { openNear } from './near.ts';
import type { LocatedOnRoad } from './place.ts';

/** A received case that the catalogue gives work for, at a place on a road. */
export interface TriageCase {
  readonly caseId: CaseId;
  readonly service: Service;
  readonly located: LocatedOnRoad;
  readonly reportedAt: Date;
  /** What the reporter said of the open work near by; null: policy decides. */
  readonly near: 'same' | 'another' | null;
}

/**
 * Gives each case its job, by the catalogue and the policy's clusters: the open job of the same thing, or a new one.
 * Reports of one place wait for each other (`lockSquares`), so that two at the same instant never make two jobs.
 * @param bulk many from a file: the whole city's jobs are kept to ourselves.
 */
export async function triage(
  change: Change,
  city: CityConfig,
  cases: readonly TriageCase[],
  bulk: boolean,
): Promise<Map<CaseId, TriagedCase>> {
  const [, south, , north] = city.bounds;
  const latitude = (south + north) / 2;
  const ordered = cases
    .flatMap((one) => {
      const { jobType, cluster } = one.service;
      // Who says it is another problem is believed, however near it lies.
      const service = { ...one.service, cluster: one.near === 'another' ? null : cluster };
      return jobType === null ? [] : [{ ...one, service, jobType }];
    })
    .sort((a, b) => a.reportedAt.getTime() - b.reportedAt.getTime() || (a.caseId < b.caseId ? -1 : 1));
  const clustered = ordered.flatMap(({ service, ...one }) => (service.cluster ? [{ ...one, cluster: service.cluster }] : []));
  await lockSquares(
    change.tx,
    bulk
      ? 'all'
      : clustered.flatMap(({ jobType, located, cluster }) =>
          clusterSquares(located.place, cluster.radiusMetres, latitude).map((square) => `${jobType.code} ${square}`),
        ),
  );
  const index = clusterIndex(Math.max(1, ...clustered.map(({ cluster }) => cluster.radiusMetres)), latitude);
  const open = await listOpenJobsNear(
    change.tx,
    clustered.map(({ jobType, located, cluster }) => ({
      jobType: jobType.code,
      place: located.place,
      metres: cluster.radiusMetres * REACH_IN_RADII + city.policy.maxMetresFromRoad,
    })),
  );
  for (const job of open) index.add(job);
  const known = new Set(open.map(({ jobId }) => jobId));

  const decisions = ordered.map(({ caseId, service, located, reportedAt, near, jobType }): TriageDecision => {
    const ownJob = jobFor(jobType, located, dueAndPriority(service, reportedAt));
    const candidate = { place: located.place, reportedAt, jobType: jobType.code, emergency: jobType.emergency };
    const wanted = { roadPoint: located.roadPoint, jobType: jobType.code, emergency: jobType.emergency };
    const same = near === 'same' && service.cluster ? openNear(wanted, open, service.cluster.radiusMetres)[0] : undefined;
    const found = same?.jobId ?? (service.cluster && index.find(candidate, service.cluster));
    if (found !== null) {
      index.join(found, candidate);
      return { caseId, to: known.has(found) ? { jobId: found } : { key: found }, ownJob };
    }
    // Its own id stands for the job until that has one.
    index.add({ ...candidate, jobId: caseId, reports: [candidate] });
    return { caseId, to: { key: caseId }, ownJob };
  });
  return applyTriage(change, decisions);
}
