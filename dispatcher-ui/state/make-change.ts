import type { Coded, FittingChangeView } from '../../server/stages/explaining/contract.ts';
import type { JobChange } from '../../server/stores/jobs/contract.ts';
import type { AssignmentCommand, JobCommand, WorkAnswer } from '../../server/stores/work/contract.ts';
import { ApiProblem, newActionId, sendAction } from './api.ts';
import { refused } from './desk-actions.ts';
import { holders, type DeskAssignment, type DeskJob } from './desk-job.ts';
import type { Desk } from './desk.ts';
import { rememberWhole, takeBack, type Part } from './whole-change.ts';

/** A change that a desk makes for a job. */
export interface ChangeToMake {
  readonly job: DeskJob;
  readonly slot: number;
  readonly fitting: FittingChangeView;
  /** Why, for the crew's history and the ledger. */
  readonly why: string;
}

/** One thing to say to the server, and what of it can be taken back. */
interface Saying {
  readonly path: string;
  readonly command: JobCommand | AssignmentCommand | { readonly type: 'shift.change' };
  readonly actionId: string;
  readonly part: Part;
}

/** How far it has come: whoever could not reach the server goes on from here, with the same actions. */
interface Run {
  at: number;
  readonly made: Part[];
  saying: Saying | null;
}

/** What stands in the way by now, as a word of `words/`. */
class InTheWay extends Error {
  readonly word: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(word: string, params: Readonly<Record<string, string | number>>) {
    super(word);
    this.word = word;
    this.params = params;
  }
}

/**
 * Makes the changes, and gives the job to the crew that it then fits: at the place in its order that was priced, as far as that
 * is still there, and if it fits as things are now. All of it or nothing: what was made is taken back when the rest cannot be, and
 * one undo takes back the whole. Says how it went. @returns whether it was done.
 */
export async function makeChange(
  desk: Desk,
  wanted: ChangeToMake,
  run: Run = { at: 0, made: [], saying: null },
): Promise<boolean> {
  const steps = stepsOf(desk, wanted);
  try {
    for (; run.at < steps.length; run.at++, run.saying = null) {
      // Said again, it is the same action with the same words.
      run.saying ??= (await steps[run.at]?.()) ?? null;
      if (run.saying === null) continue;
      const { path, command, actionId, part } = run.saying;
      const answer = await sendAction<Partial<WorkAnswer>>(path, { command }, actionId);
      run.made.push(part);
      await desk.readJobs((answer.jobs ?? []).map(({ id }) => id)).catch(() => undefined);
    }
  } catch (error) {
    if (error instanceof ApiProblem && error.passing) {
      refused(desk, error, () => void makeChange(desk, wanted, run));
      return false;
    }
    await takeBackMade(desk, run.made);
    if (error instanceof InTheWay) {
      desk.tell({ tone: 'warning', word: error.word, params: { ...error.params }, detail: null, undo: null, retry: null });
    } else refused(desk, error, () => undefined);
    return false;
  }
  const last = run.made.at(-1);
  if (last?.part !== 'action') return false;
  rememberWhole(desk, last.actionId, run.made.slice(0, -1));
  const params = { number: wanted.job.number, crew: nameOf(desk, wanted.fitting.shiftId) };
  desk.tell({ tone: 'ok', word: 'did.assigned', params, detail: null, undo: last.actionId, retry: null });
  return true;
}

/** What cannot be taken back stays, and can be seen where it is: the failure that led here is what is told. */
async function takeBackMade(desk: Desk, made: readonly Part[]): Promise<void> {
  if (made.length === 0) return;
  const jobIds = await takeBack(desk, made).catch(() => []);
  if (jobIds.length > 0) await desk.readJobs([...new Set(jobIds)]).catch(() => undefined);
}

type Step = () => Promise<Saying | null>;

/** In the order in which they hold: what makes room, what the job asks for, and the crew at last. */
function stepsOf(desk: Desk, wanted: ChangeToMake): Step[] {
  const { changes } = wanted.fitting;
  const of = (code: string): Coded[] => changes.filter((one) => one.code === code);
  return [
    ...of('overtime').map((change) => () => allowOvertime(desk, change)),
    ...of('instead_of').map((change) => () => Promise.resolve(takeOffOther(desk, wanted, change))),
    () => Promise.resolve(unlock(desk, wanted, of('unlock'))),
    () => Promise.resolve(changeJob(desk, wanted)),
    () => give(desk, wanted),
  ];
}

function saying(path: string, command: JobCommand | AssignmentCommand): Saying {
  const actionId = newActionId();
  return { path, command, actionId, part: { part: 'action', actionId } };
}

async function allowOvertime(desk: Desk, { params }: Coded): Promise<Saying> {
  const { serviceDay } = desk.store.getState();
  const shifts = serviceDay === null ? [] : await desk.reads.shifts(serviceDay);
  const shift = shifts.find(({ id }) => id === params['shiftId']);
  if (shift === undefined || typeof params['seconds'] !== 'number') throw new InTheWay('did.noSuchShift', {});
  const before = shift.overtimeAllowedSeconds;
  const after = before + params['seconds'];
  const command = { type: 'shift.change', shiftId: shift.id, version: shift.version, overtimeAllowedSeconds: after } as const;
  const part = { part: 'overtime', shiftId: shift.id, before, after } as const;
  return { path: '/api/shifts/commands', command, actionId: newActionId(), part };
}

/** The other job waits from then on. A crew that was told of it keeps it: calling it back is a decision of its own. */
function takeOffOther(desk: Desk, { job, why }: ChangeToMake, { params }: Coded): Saying {
  const other = desk.store.getState().jobs.get(String(params['jobId']));
  const held = other === undefined ? undefined : holderOf(other, Number(params['slot'] ?? 0));
  if (other === undefined || held === undefined || held.state !== 'planned') {
    throw new InTheWay('did.otherNotFree', { number: job.number, other: other?.number ?? '–' });
  }
  return saying('/api/assignments/commands', {
    type: 'assignment.unassign',
    assignmentId: held.id,
    version: held.version,
    why,
  });
}

function unlock(desk: Desk, wanted: ChangeToMake, changes: readonly Coded[]): Saying | null {
  const held = holderOf(presentOf(desk, wanted.job), wanted.slot);
  // Somebody has taken it off since: there is nothing to unlock any more.
  if (changes.length === 0 || held === undefined) return null;
  const locks = Object.fromEntries(changes.map(({ params }) => [String(params['what']), false]));
  return saying('/api/assignments/commands', {
    type: 'assignment.lock',
    assignmentId: held.id,
    version: held.version,
    why: wanted.why,
    ...locks,
  });
}

function changeJob(desk: Desk, { job, fitting }: ChangeToMake): Saying | null {
  const change = jobChange(job, fitting.changes);
  if (Object.keys(change).length === 0) return null;
  const { version } = presentOf(desk, job);
  return saying('/api/jobs/commands', { type: 'job.change', jobId: job.id, version, change });
}

/** With the version that it has now; only if the crew can take it as things are now. */
async function give(desk: Desk, { job, slot, fitting, why }: ChangeToMake): Promise<Saying> {
  const { shiftId } = fitting;
  const { candidates } = await desk.reads.candidates(job.id, slot);
  const candidate = candidates.find((one) => one.shiftId === shiftId);
  // The plan was made a while ago: what has been sent to the crew since may stand in the way.
  if (candidate === undefined || (candidate.fit === null && !candidate.current)) {
    throw new InTheWay('did.noLongerFits', { number: job.number, crew: candidate?.crewName ?? nameOf(desk, shiftId) });
  }
  const present = presentOf(desk, job);
  const held = holderOf(present, slot);
  const before = stopAt(desk, shiftId, fitting.position);
  const place = {
    shiftId: shiftId as Extract<AssignmentCommand, { type: 'assignment.assign' }>['shiftId'],
    lockCrew: true,
    why,
    ...(before === undefined || before === held?.id ? {} : { before }),
  };
  return saying(
    '/api/assignments/commands',
    held === undefined
      ? { type: 'assignment.assign', jobId: present.id, version: present.version, slot, ...place }
      : { type: 'assignment.move', assignmentId: held.id, version: held.version, ...place },
  );
}

const presentOf = (desk: Desk, job: DeskJob): DeskJob => desk.store.getState().jobs.get(job.id) ?? job;
const holderOf = (job: DeskJob, slot: number): DeskAssignment | undefined => holders(job).find((a) => a.slot === slot);
const nameOf = (desk: Desk, shiftId: string): string => desk.store.getState().shifts.get(shiftId)?.crewName ?? '–';

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
