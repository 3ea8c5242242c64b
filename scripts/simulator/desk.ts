import type { ApiClient } from './api-client.ts';
import { Refused } from './api-client.ts';
import { chanceOf } from './chance.ts';
import type { PlanRequest, PlanView } from '../../server/stores/plans/contract.ts';
import type { PublishOutcome } from '../../server/stores/work/contract.ts';
import { seededIds } from '../../server/platform/ids.ts';

export interface DeskSetting {
  readonly seed: number;
  /** Search iterations a plan: a count, not a time, so that a day repeats itself. */
  readonly iterations: number;
  /** How often somebody moves a job by hand between draft and publishing. */
  readonly moveByHand: number;
  /** Asked with the draft in hand; false: somebody else has begun to plan, and the draft is thrown away. */
  readonly mayPublish?: () => Promise<boolean>;
}

/** What one plan came to, for the report. */
export interface PlanRecord {
  readonly at: string;
  readonly reason: string;
  readonly planId: string;
  readonly cost: number;
  readonly roadsSource: string;
  readonly lpStatus: readonly string[];
  readonly certified: boolean;
  readonly jobs: number;
  readonly assigned: number;
  readonly leftOut: number;
  readonly leftOutReasons: Readonly<Record<string, number>>;
  readonly published: Pick<PublishOutcome, 'assigned' | 'moved' | 'unassigned' | 'dispatched'> & { readonly leftAlone: number };
}

/** Why the last plan left a job out, by job id. */
export type LeftOutReasons = ReadonlyMap<string, { readonly code: string; readonly params: Readonly<Record<string, unknown>> }>;

export interface PlanTiming {
  readonly at: string;
  readonly planSeconds: number;
  readonly publishSeconds: number;
}

const count = (codes: readonly string[]): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const code of [...codes].sort()) out[code] = (out[code] ?? 0) + 1;
  return out;
};

/** Somebody was quicker: published another, or discarded this one. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof Refused)) throw error;
}

/** A dispatcher at the desk: asks for a plan, looks at the draft, sometimes moves a job meanwhile, publishes. */
export function startDesk(api: ApiClient, setting: DeskSetting, now: () => number) {
  const chance = chanceOf(setting.seed, 'desk');
  const ids = seededIds(setting.seed ^ 0x5eed);
  const plans: PlanRecord[] = [];
  const timings: PlanTiming[] = [];
  let leftOut: LeftOutReasons = new Map();
  const counts = { movedByHand: 0, refusedByHand: 0, failedPlans: 0 };
  const envelope = (): { actionId: string } => ({ actionId: ids.next(new Date(now())) });

  async function draft(reason: string): Promise<PlanView | null> {
    const asked = await api.post<PlanRequest>('/api/plans', { reason, seed: setting.seed, iterations: setting.iterations });
    for (;;) {
      const { body: request } = await api.get<PlanRequest>(`/api/plan-requests/${asked.body.id}?waitSeconds=20`);
      if (request.state === 'made' && request.planId !== null)
        return (await api.get<PlanView>(`/api/plans/${request.planId}`)).body;
      if (request.state === 'failed' || request.state === 'cancelled') {
        counts.failedPlans++;
        return null;
      }
    }
  }

  /** Puts a job of the draft elsewhere by hand: the plan must leave it alone when it is published. */
  async function moveOneByHand(plan: PlanView): Promise<void> {
    const movable = plan.stops.filter((stop) => stop.change === 'new' || stop.change === 'other_crew');
    const shifts = [...new Set(plan.stops.map((stop) => stop.shiftId))];
    if (movable.length === 0 || shifts.length < 2) return;
    const stop = chance.pick(movable);
    const shiftId = chance.pick(shifts.filter((id) => id !== stop.shiftId));
    try {
      const { body: job } = await api.get<{
        version: number;
        assignments: readonly { id: string; state: string; version: number }[];
      }>(`/api/jobs/${stop.jobId}`);
      const planned = job.assignments.find((a) => a.state === 'planned');
      const command =
        planned === undefined
          ? { type: 'assignment.assign', jobId: stop.jobId, version: job.version, slot: stop.slot, shiftId }
          : { type: 'assignment.move', assignmentId: planned.id, version: planned.version, shiftId };
      await api.post('/api/assignments/commands', { envelope: envelope(), command });
      counts.movedByHand++;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      counts.refusedByHand++;
    }
  }

  return {
    plans,
    timings,
    counts,
    /** What the last plan left out, and why. */
    leftOut: () => leftOut,
    /** @returns the shifts whose order the published plan changed. */
    async planAndPublish(reason: string): Promise<PublishOutcome['shifts']> {
      const at = new Date(now()).toISOString();
      const started = performance.now();
      const plan = await draft(reason);
      if (plan === null) return [];
      const planned = performance.now();
      if (chance.next() < setting.moveByHand) await moveOneByHand(plan);
      if (setting.mayPublish !== undefined && !(await setting.mayPublish())) {
        await api.post(`/api/plans/${plan.id}/discard`, { envelope: envelope() }).catch(unlessRefused);
        return [];
      }
      const { body: outcome } = await api.post<PublishOutcome>(`/api/plans/${plan.id}/publish`, { envelope: envelope() });
      leftOut = new Map(plan.leftOut.map((left) => [left.jobId, left.reason]));
      timings.push({ at, planSeconds: (planned - started) / 1000, publishSeconds: (performance.now() - planned) / 1000 });
      plans.push({
        at,
        reason,
        planId: plan.id,
        cost: plan.cost.total,
        roadsSource: plan.roadsSource,
        lpStatus: [...new Set(plan.lp.map((round) => round.status))].sort(),
        certified: plan.lp.every((round) => round.certified),
        jobs: plan.summary.jobs,
        assigned: plan.summary.assigned,
        leftOut: plan.summary.leftOut,
        leftOutReasons: count(plan.leftOut.map((left) => left.reason.code)),
        published: {
          assigned: outcome.assigned,
          moved: outcome.moved,
          unassigned: outcome.unassigned,
          dispatched: outcome.dispatched,
          leftAlone: outcome.leftAlone.length,
        },
      });
      return outcome.shifts;
    },
  };
}

export type SimulatedDesk = ReturnType<typeof startDesk>;
