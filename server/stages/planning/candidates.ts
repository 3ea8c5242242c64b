import { compile, pairOf } from '../../../routing/compile.ts';
import { constraints } from '../../../routing/constraints/all.ts';
import type { Draft } from '../../../routing/draft.ts';
import { draftFromPlanInForce } from '../../../routing/in-force.ts';
import { placeOn } from '../../../routing/insert.ts';
import type { Instance } from '../../../routing/instance.ts';
import type { Reason } from '../../../routing/plan.ts';
import type { CachedRoads } from '../../../routing/roads/cached.ts';
import { seconds } from '../../../routing/units.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { Problem } from '../../platform/problem.ts';
import { covers, type Reach } from '../../platform/reach.ts';
import { getJob } from '../../stores/jobs/store.ts';
import type { Job, JobId } from '../../stores/jobs/contract.ts';
import { readSnapshot, type Snapshot } from '../../stores/plans/snapshot.ts';
import { completeProblem, outlineProblem, type ProblemOutline, slotKey } from './build-problem.ts';
import type { Candidate, JobCandidates } from './contract.ts';
import { serviceDayOf, startOfServiceDay } from './make-plan.ts';
import { sayReason } from './plan-view.ts';
import { projectStarts } from './project-starts.ts';
import type { PlanningPolicy } from './planning-policy.ts';

export interface CandidateDeps {
  readonly tools: ChangeTools;
  readonly roads: CachedRoads;
  readonly policy: () => Promise<PlanningPolicy>;
}

/**
 * Who could take one slot of a job now: every crew of the day, able ones first by what the job would cost there, the
 * others with the rule that forbids it. Measured against the plan in force, as the crews stand, without the job.
 * @throws Problem 404 `no-such-job`, 409 `job-not-open`, 400 `no-such-slot`.
 */
export async function listCandidates(
  deps: CandidateDeps,
  reach: Reach,
  ask: { readonly jobId: JobId; readonly slot: number; readonly serviceDay: string | undefined },
  signal: AbortSignal,
): Promise<JobCandidates> {
  const { db, clock } = deps.tools;
  const policy = await deps.policy();
  const now = clock.now();
  const serviceDay = ask.serviceDay ?? serviceDayOf(now, policy.zone);
  const job = await getJob(db, ask.jobId);
  if (!covers(reach, job)) throw new Problem(404, 'no-such-job', `There is no job with the id ${ask.jobId}.`);
  if (ask.slot >= job.slots.length) {
    throw new Problem(400, 'no-such-slot', `The job has ${job.slots.length} slot(s); they count from 0.`, {
      fields: [{ path: 'slot', message: `must be below ${job.slots.length}` }],
    });
  }
  const snapshot = await projectStarts(await readSnapshot(db, serviceDay, now), policy, deps.roads, signal);
  if (!snapshot.jobs.some(({ id }) => id === job.id)) {
    throw new Problem(409, 'job-not-open', `Job ${job.number} is ${job.state}: no crew can take it now.`);
  }

  const key = slotKey(job.id, ask.slot);
  const outline = outlineProblem(
    onlyInForce(snapshot, job.id),
    { ...policy, mostJobs: Infinity },
    startOfServiceDay(serviceDay, policy.zone),
    new Set([key]),
  );
  const { jobs, slots } = withTarget(outline, snapshot, { key, job });
  if (!jobs.some(({ id }) => id === key)) {
    throw new Problem(409, 'job-not-open', `Job ${job.number} is with a crew of another day.`);
  }
  const matrix = await deps.roads.matrix(outline.places, signal);
  const { problem, starts } = completeProblem({ ...outline, jobs, slots, links: [] }, matrix, policy);
  const instance = compile(problem);
  const draft = draftFromPlanInForce(instance);
  const target = jobs.findIndex(({ id }) => id === key);
  const j = instance.jobIndex.indexOf(target);
  const holders = snapshot.assignments.filter((a) => a.jobId === job.id);
  const holder = holders.find((a) => a.slot === ask.slot);

  const candidates = problem.shifts.flatMap((shift, index): Candidate[] => {
    const seen = snapshot.shifts[index];
    const start = starts[index];
    if (seen === undefined || start === undefined) return [];
    if (reach.organisationId !== null && reach.organisationId !== seen.organisationId) return [];
    const s = instance.shiftIndex.indexOf(index);
    const way = shift.startNode * matrix.size + (jobs[target]?.node ?? 0);
    const reachable = (matrix.seconds[way] ?? -1) >= 0;
    return [
      {
        shiftId: shift.id,
        crewName: seen.crewName,
        current: holder?.shiftId === shift.id,
        travelSeconds: reachable ? (matrix.seconds[way] ?? null) : null,
        travelMetres: reachable ? (matrix.metres[way] ?? null) : null,
        travelSource: matrix.source,
        startSource: start.source,
        startAgeSeconds: start.ageSeconds,
        freeAt: instant(problem.epochUnixSeconds, instance.freeAfterFixed[s] ?? 0),
        ...(holders.some((a) => a.slot !== ask.slot && a.shiftId === shift.id)
          ? { fit: null, blocked: HAS_OTHER_SLOT }
          : fitOf(draft, s, j, { shifts: starts, slots })),
      },
    ];
  });
  return {
    jobId: job.id,
    slot: ask.slot,
    serviceDay,
    at: now.toISOString(),
    roadsVersion: matrix.version,
    candidates: candidates.sort(byUse),
  };
}

/**
 * The work with the slot in question open. Nobody is looked for in its other slots: those that are held stay as they are, and
 * it is begun with them or later. Crews that meet elsewhere keep the times they have agreed.
 */
function withTarget(
  outline: ProblemOutline,
  snapshot: Snapshot,
  { key, job }: { readonly key: string; readonly job: Pick<Job, 'id' | 'serviceSeconds'> },
): Pick<ProblemOutline, 'jobs' | 'slots'> {
  const agreed = new Set(snapshot.assignments.flatMap((a) => (a.plannedStart === null ? [] : [slotKey(a.jobId, a.slot)])));
  const meet = new Set(outline.links.flatMap(({ first, second }) => [first, second]));
  const all = outline.jobs.flatMap((one, index) => {
    const slot = outline.slots[index];
    return slot === undefined || (slot.jobId === job.id && one.id !== key && one.inForce === null) ? [] : [{ one, slot, index }];
  });
  const others = all.flatMap(({ one, slot }) =>
    slot.jobId === job.id && one.id !== key && agreed.has(one.id) && one.inForce !== null ? [one.inForce.start] : [],
  );
  return {
    slots: all.map(({ slot }) => slot),
    jobs: all.map(({ one, index }) => {
      if (one.id === key) {
        const release = seconds(Math.max(one.release, ...others));
        return { ...one, inForce: null, service: seconds(job.serviceSeconds), release };
      }
      const keeps = meet.has(index) && agreed.has(one.id) && one.inForce !== null && !one.inForce.fixed;
      return keeps && one.inForce !== null ? { ...one, inForce: { ...one.inForce, lockTime: true } } : one;
    }),
  };
}

/** The city without the work that no crew has, but for the one job: its places need no travel times here. */
function onlyInForce(snapshot: Snapshot, jobId: string): Snapshot {
  const held = new Set<string>(snapshot.assignments.map((a) => a.jobId));
  return { ...snapshot, jobs: snapshot.jobs.filter((job) => job.id === jobId || held.has(job.id)) };
}

const instant = (epochUnixSeconds: number, s: number): string => new Date((epochUnixSeconds + s) * 1000).toISOString();

/** One crew, one slot of a job. */
const HAS_OTHER_SLOT = { code: 'has_other_slot', params: {} };
const NO_ROOM = { code: 'no_room', params: {} };

function fitOf(draft: Draft, s: number, j: number, ids: Parameters<typeof sayReason>[1]): Pick<Candidate, 'fit' | 'blocked'> {
  const { instance } = draft;
  const no = ruleAgainst(instance, s, j);
  if (no !== null) return { fit: null, blocked: { ...sayReason(no, ids) } };
  const place = placeOn(draft, s, j);
  if (place === null) return { fit: null, blocked: NO_ROOM };
  return {
    blocked: null,
    fit: {
      position: place.position,
      start: instant(instance.problem.epochUnixSeconds, place.start),
      lateSeconds: place.late,
      othersLateSeconds: place.slips.reduce((sum, slip) => sum + slip.lateAfter - slip.lateBefore, 0),
      extraTravelSeconds: place.extraTravel,
      extraCost: place.extraCost,
    },
  };
}

function ruleAgainst(instance: Instance, s: number, j: number): Reason | null {
  const pair = pairOf(instance, s, j);
  for (const rule of constraints) {
    const no = rule.blocks(pair);
    if (no !== null) return no;
  }
  return null;
}

/** Able first, cheapest first; then the others, nearest first. */
function byUse(a: Candidate, b: Candidate): number {
  if (a.fit !== null && b.fit !== null) return a.fit.extraCost - b.fit.extraCost || (a.shiftId < b.shiftId ? -1 : 1);
  if (a.fit !== null || b.fit !== null) return a.fit !== null ? -1 : 1;
  return (a.travelSeconds ?? Infinity) - (b.travelSeconds ?? Infinity) || (a.shiftId < b.shiftId ? -1 : 1);
}
