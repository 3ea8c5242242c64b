import type { Coded, FittingChangeView } from '../../server/stages/explaining/contract.ts';
import type { JobChange } from '../../server/stores/jobs/contract.ts';
import { newActionId, sendAction } from './api.ts';
import { act, assign, refused } from './desk-actions.ts';
import type { DeskJob } from './desk-job.ts';
import type { Desk } from './desk.ts';

/**
 * Changes that a desk makes by itself. What a crew can do or brings is not among them: a button must not claim a skill that
 * nobody has. Nor is anything that others must agree to.
 */
const BY_THE_DESK = new Set(['accept_price', 'ask_again', 'overtime', 'due', 'window_until', 'window_from']);

/** All of it can be done at this desk, at once. */
export const canMake = ({ changes }: Pick<FittingChangeView, 'changes'>): boolean =>
  changes.every(({ code }) => BY_THE_DESK.has(code));

/**
 * Makes the change, and gives the job to the crew that it then fits: at the place in its order that was priced, as far as that
 * is still there, and if it fits as things are now. Says how it went. @returns whether all of it was done.
 */
export async function makeChange(
  desk: Desk,
  job: DeskJob,
  slot: number,
  fitting: FittingChangeView,
  why: string,
): Promise<boolean> {
  for (const change of fitting.changes) {
    const { code } = change;
    if (code === 'overtime' && !(await allowOvertime(desk, change))) return false;
  }
  const wanted = jobChange(job, fitting.changes);
  if (Object.keys(wanted).length > 0) {
    const said = { word: 'did.changed', params: { number: job.number } };
    const command = { type: 'job.change', jobId: job.id, version: job.version, change: wanted } as const;
    if (!(await act(desk, command, said))) return false;
  }
  const { jobs, shifts } = desk.store.getState();
  // The plan was made a while ago: what has been sent to the crew since may stand in the way.
  if (!(await stillFits(desk, job, slot, fitting.shiftId))) return false;
  // With the version that it has now.
  const present = jobs.get(job.id) ?? job;
  const name = shifts.get(fitting.shiftId)?.crewName ?? '';
  const before = stopAt(desk, fitting.shiftId, fitting.position);
  return assign(desk, present, slot, { id: fitting.shiftId, name }, { why, ...(before === undefined ? {} : { before }) });
}

/** Whether the crew can take it as things are now; says so when it cannot, or when that is not to be had. */
async function stillFits(desk: Desk, job: DeskJob, slot: number, shiftId: string): Promise<boolean> {
  try {
    const { candidates } = await desk.reads.candidates(job.id, slot);
    const candidate = candidates.find((one) => one.shiftId === shiftId);
    if (candidate !== undefined && candidate.fit !== null) return true;
    const params = { number: job.number, crew: candidate?.crewName ?? '–' };
    desk.tell({ tone: 'warning', word: 'did.noLongerFits', params, detail: null, undo: null, retry: null });
  } catch (error) {
    refused(desk, error, () => undefined);
  }
  return false;
}

async function allowOvertime(desk: Desk, { params }: Coded, actionId = newActionId()): Promise<boolean> {
  const shift = desk.store.getState().shifts.get(String(params['shiftId']));
  if (shift === undefined || typeof params['seconds'] !== 'number') return false;
  const overtimeAllowedSeconds = shift.overtimeAllowedSeconds + params['seconds'];
  try {
    const command = { type: 'shift.change', shiftId: shift.id, version: shift.version, overtimeAllowedSeconds };
    await sendAction('/api/shifts/commands', { command }, actionId);
    return true;
  } catch (error) {
    refused(desk, error, () => void allowOvertime(desk, { code: 'overtime', params }, actionId));
    return false;
  }
}

function jobChange({ windows, releaseAt }: DeskJob, changes: readonly Coded[]): JobChange {
  const change: JobChange = {};
  for (const { code, params } of changes) {
    const at = String(params['at']);
    if (code === 'due') change.dueAt = at;
    if (code === 'window_until' && windows.length > 0) {
      const last = Math.max(...windows.map(({ until }) => Date.parse(until)));
      change.windows = windows.map((one) => (Date.parse(one.until) === last ? { ...one, until: at } : one));
    }
    if (code === 'window_from') {
      const first = Math.min(...windows.map(({ from }) => Date.parse(from)));
      if (windows.length > 0)
        change.windows = windows.map((one) => (Date.parse(one.from) === first ? { ...one, from: at } : one));
      if (Date.parse(at) < Date.parse(releaseAt)) change.releaseAt = at;
    }
  }
  return change;
}

/** The open assignment that the plan in force has at this place of the shift; undefined where there is none any more. */
function stopAt(desk: Desk, shiftId: string, position: number) {
  const { inForce, jobs } = desk.store.getState();
  const stop = inForce?.stops.find((one) => one.shiftId === shiftId && one.position === position);
  if (stop === undefined) return undefined;
  return jobs
    .get(stop.jobId)
    ?.assignments.find((a) => a.shiftId === shiftId && a.slot === stop.slot && a.state === 'planned' && a.requested === null)?.id;
}
