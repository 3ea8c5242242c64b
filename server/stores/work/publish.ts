import type { Change } from '../../platform/events.ts';
import { instant } from '../../platform/instant.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { isActive } from '../assignments/contract.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { isEnded } from '../jobs/transitions.ts';
import { dispatch, newAssignment } from './assignment-commands.ts';
import type { LeftAlone, PlanStop, PublishOutcome, SystemCommand } from './contract.ts';
import { aboutAssignment, addAssignment, changeAssignment, LockedTooLittle, openDesk, type Desk } from './desk.ts';
import { dropFreezeTimers, setFreezeTimers, type FreezeTimer } from './freeze-timers.ts';
import { mergeOrder, setOrder, stopsOf } from './order.ts';
import { revoke } from './revoke.ts';
import { requireReach } from './scope.ts';

type Publish = Extract<SystemCommand, { type: 'plan.publish' }>;
type Because = LeftAlone['because'];

/** What became of one stop of the plan. */
type Placed = { readonly stop: PlanStop; readonly id: string; readonly kind: 'assigned' | 'moved' | 'unchanged' };

/**
 * Puts a plan into force: takes over exactly what is as the plan saw it and still movable, lists the rest, and moves
 * only `planned`. What lies inside the freeze horizon goes to the crews at once, the rest gets its timer.
 * `outcome` is complete once the desk has been written (`shifts` needs the new order versions).
 * @throws Problem 403, 404 `no-such-plan`, 409 `plan-not-draft`.
 */
export async function publish(
  change: Change,
  scope: Scope,
  command: Publish,
): Promise<{ desk: Desk; outcome: () => PublishOutcome }> {
  await takePlan(change, command.planId);
  const desk = await openAll(change, command);
  requireReach(change, scope, desk.shifts.values());
  requireReach(change, scope, desk.jobs.values());

  const leftAlone: LeftAlone[] = [];
  const placed: Placed[] = [];
  const present = activeBySlot(desk);
  const refused = refusals(desk, command, present);
  const before = new Map([...desk.shifts.keys()].map((id) => [id, stopsOf(desk, id).map((a) => a.id)]));
  let unassigned = 0;
  for (const id of command.leftOut) {
    const a = desk.assignments.get(id);
    if (a === undefined) continue;
    const because = refused.get(slotKey(a)) ?? null;
    if (because === null) {
      await revoke(desk, a, 'cancel', 'replanned', null, true);
      unassigned++;
    } else leftAlone.push({ jobId: a.jobId, slot: a.slot, because });
  }
  for (const stop of command.stops) {
    const a = present.get(slotKey(stop));
    const because = refused.get(slotKey(stop)) ?? null;
    if (because === null)
      placed.push(a === undefined ? assign(desk, command.planId, stop) : moveTo(desk, command.planId, stop, a));
    else leftAlone.push({ jobId: stop.jobId, slot: stop.slot, because });
  }
  orderShifts(desk, placed, before);
  const dispatched = await freeze(desk, command, placed);
  change.emit({
    type: 'plan.published',
    at: change.now,
    planId: command.planId,
    body: { stops: command.stops.length, leftAlone: leftAlone.length, unassigned, dispatched },
  });
  const count = (kind: Placed['kind']): number => placed.filter((p) => p.kind === kind).length;
  return {
    desk,
    outcome: () => ({
      planId: command.planId,
      assigned: count('assigned'),
      moved: count('moved'),
      unassigned,
      unchanged: count('unchanged'),
      dispatched,
      leftAlone,
      shifts: [...desk.orders.keys()].flatMap((id) => {
        const shift = desk.shifts.get(id);
        return shift ? [{ shiftId: shift.id, orderVersion: shift.orderVersion }] : [];
      }),
    }),
  };
}

/** The draft becomes the plan in force of its day; a caller that has moved it already in this very change may do so. */
async function takePlan(change: Change, planId: string): Promise<void> {
  const { tx, now } = change;
  const plan = await tx('plan')
    .where({ id: planId })
    .forUpdate()
    .first<{ state: string; service_day: string; published_at: Date | null } | undefined>('state', 'service_day', 'published_at');
  if (!plan) throw new Problem(404, 'no-such-plan', `There is no plan with the id ${planId}.`);
  const taken = plan.state === 'published' && plan.published_at?.getTime() === now.getTime();
  if (plan.state !== 'draft' && !taken) {
    throw new Problem(409, 'plan-not-draft', `This plan is ${plan.state}; only a draft can be published.`, {
      present: { planId, state: plan.state },
    });
  }
  await tx('plan')
    .where({ service_day: plan.service_day, state: 'published' })
    .whereNot({ id: planId })
    .update({ state: 'superseded' });
  await tx('plan').where({ id: planId }).update({ state: 'published', published_at: now });
}

/** Every job and shift of the plan, with the shifts that have the plan's assignments now: moving takes them off there. */
async function openAll(change: Change, command: Publish): Promise<Desk> {
  const ids = [...command.leftOut, ...command.stops.flatMap((s) => (s.assignmentId === null ? [] : [s.assignmentId]))];
  const { rows } = await change.tx.raw<{ rows: { job_id: string; shift_id: string }[] }>(
    'select distinct job_id, shift_id from assignment where id = any(?::uuid[])',
    [ids],
  );
  const desk = await openDesk(change, {
    jobIds: [...command.stops.map((s) => s.jobId), ...rows.map((r) => r.job_id)],
    shiftIds: [...command.stops.map((s) => s.shiftId), ...rows.map((r) => r.shift_id)],
    wholeShifts: true,
  });
  for (const id of ids) {
    const a = desk.assignments.get(id);
    if (a && isActive(a) && !desk.shifts.has(a.shiftId)) throw new LockedTooLittle('work went to another shift meanwhile');
  }
  return desk;
}

const slotKey = (s: Pick<PlanStop, 'jobId' | 'slot'>): string => `${s.jobId}/${s.slot}`;

const activeBySlot = (desk: Desk): Map<string, AssignmentRecord> =>
  new Map([...desk.assignments.values()].filter(isActive).map((a) => [slotKey(a), a]));

/** Whether the job or the shift is no longer as the plan saw it, or has ended. */
function whyChanged(desk: Desk, saw: Publish['saw'], jobId: string, shiftId: string): Because | null {
  const job = desk.jobs.get(jobId);
  const shift = desk.shifts.get(shiftId);
  if (!job || job.planningVersion !== saw.jobs[jobId]) return 'job_changed';
  if (job.decided !== null || isEnded(job.state)) return 'job_not_ready';
  if (!shift || shift.state === 'ended') return 'shift_ended';
  return shift.planningVersion === saw.shifts[shiftId] ? null : 'shift_changed';
}

/**
 * What is left alone, and why, by slot. Crews that do a job at once are planned for one time: where one of them is left alone,
 * so are the others.
 */
function refusals(desk: Desk, command: Publish, present: ReadonlyMap<string, AssignmentRecord>): Map<string, Because> {
  const refused = new Map<string, Because>();
  const broken = new Set<string>();
  const entries: Pick<PlanStop, 'jobId' | 'slot'>[] = [];
  const note = (entry: Pick<PlanStop, 'jobId' | 'slot'>, because: Because | null, asPlanned: boolean): void => {
    entries.push(entry);
    if (because !== null) refused.set(slotKey(entry), because);
    if (because !== null || !asPlanned) broken.add(entry.jobId);
  };
  for (const id of command.leftOut) {
    const a = desk.assignments.get(id);
    if (a !== undefined) note(a, whyNotTakenOff(desk, command, a), true);
  }
  for (const stop of command.stops) {
    const a = present.get(slotKey(stop));
    // Sent since the plan was made: it stays at the time that its crew was told.
    const asPlanned = a === undefined || a.state === 'planned' || a.plannedStart === instant(stop.plannedStart);
    note(stop, whyLeftAlone(desk, command, stop, a), asPlanned);
  }
  for (const entry of entries) {
    const key = slotKey(entry);
    const sent = present.get(key);
    if (!broken.has(entry.jobId) || refused.has(key) || (sent !== undefined && sent.state !== 'planned')) continue;
    refused.set(key, 'other_crew_left_alone');
  }
  return refused;
}

function whyNotTakenOff(desk: Desk, command: Publish, a: AssignmentRecord): Because | null {
  if (!isActive(a) || a.state !== 'planned') return 'not_movable';
  return a.lockCrew ? 'locked' : whyChanged(desk, command.saw, a.jobId, a.shiftId);
}

function whyLeftAlone(desk: Desk, command: Publish, stop: PlanStop, a: AssignmentRecord | undefined): Because | null {
  const changed = whyChanged(desk, command.saw, stop.jobId, stop.shiftId);
  if (changed !== null) return changed;
  const job = desk.jobs.get(stop.jobId)!;
  if (stop.slot >= job.slots.length) return 'job_changed';
  if (a === undefined) {
    // It saw an assignment that is gone: recalled, declined, done. What became of it is for the next plan.
    if (stop.assignmentId !== null) return 'not_movable';
    return crewHasJob(desk, stop, null) ? 'slot_taken' : null;
  }
  if (a.id !== stop.assignmentId) return 'slot_taken';
  const elsewhere = a.shiftId !== stop.shiftId;
  if (a.state !== 'planned') return elsewhere ? 'not_movable' : null;
  if (elsewhere && crewHasJob(desk, stop, a.id)) return 'slot_taken';
  // Where it is taken from must be as the plan saw it, too.
  if (elsewhere && whyChanged(desk, command.saw, stop.jobId, a.shiftId) === 'shift_changed') return 'shift_changed';
  if (elsewhere && (a.lockCrew || a.lockOrder)) return 'locked';
  return a.lockTime && a.plannedStart !== null && a.plannedStart !== instant(stop.plannedStart) ? 'locked' : null;
}

/** One crew, one slot of a job. */
const crewHasJob = (desk: Desk, stop: PlanStop, except: string | null): boolean =>
  desk.jobs.get(stop.jobId)!.slots.length > 1 &&
  [...desk.assignments.values()].some(
    (a) => a.jobId === stop.jobId && a.shiftId === stop.shiftId && a.id !== except && isActive(a),
  );

const timesOf = (stop: PlanStop) => ({
  plannedArrival: instant(stop.plannedArrival),
  plannedStart: instant(stop.plannedStart),
  plannedEnd: instant(stop.plannedEnd),
});

function assign(desk: Desk, planId: string, stop: PlanStop): Placed {
  const a: AssignmentRecord = {
    ...newAssignment(desk, desk.jobs.get(stop.jobId)!, stop.slot, { id: stop.shiftId }),
    ...timesOf(stop),
    position: stop.position,
    planId,
  };
  addAssignment(desk, a);
  desk.change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.planned',
    planId,
    body: { slot: a.slot, by: 'plan', plannedStart: a.plannedStart, version: a.version },
  });
  return { stop, id: a.id, kind: 'assigned' };
}

function moveTo(desk: Desk, planId: string, stop: PlanStop, a: AssignmentRecord): Placed {
  const times = timesOf(stop);
  const same = a.shiftId === stop.shiftId && a.plannedStart === times.plannedStart && a.plannedArrival === times.plannedArrival;
  if (a.state !== 'planned' || (same && a.plannedEnd === times.plannedEnd)) return { stop, id: a.id, kind: 'unchanged' };
  const after = changeAssignment(desk, a.id, { ...times, shiftId: stop.shiftId, planId });
  desk.change.emit({
    ...aboutAssignment(desk, after),
    type: 'assignment.moved',
    planId,
    body: { slot: a.slot, by: 'plan', fromShiftId: a.shiftId, plannedStart: after.plannedStart, version: after.version },
  });
  return { stop, id: a.id, kind: 'moved' };
}

/** The order of every shift: the plan's, with what the plan left alone in its place. */
function orderShifts(desk: Desk, placed: readonly Placed[], before: ReadonlyMap<string, readonly string[]>): void {
  const wanted = new Map<string, Map<string, number>>();
  for (const { stop, id } of placed) {
    const places = wanted.get(stop.shiftId) ?? new Map<string, number>();
    wanted.set(stop.shiftId, places.set(id, stop.position));
  }
  for (const shiftId of desk.shifts.keys()) {
    const stops = stopsOf(desk, shiftId);
    const order = mergeOrder(stops, wanted.get(shiftId) ?? new Map());
    setOrder(desk, order);
    const was = before.get(shiftId) ?? [];
    if (order.length !== was.length || order.some((id, i) => id !== was[i])) desk.orders.set(shiftId, true);
  }
}

/** Sends what the crew must leave for within the horizon; the rest is looked at again when its time comes. */
async function freeze(desk: Desk, command: Publish, placed: readonly Placed[]): Promise<number> {
  const horizon = desk.change.now.getTime() + command.freezeSeconds * 1000;
  const departures = departuresOf(desk, placed);
  const later: FreezeTimer[] = [];
  const now: AssignmentRecord[] = [];
  for (const { id } of placed) {
    const a = desk.assignments.get(id)!;
    if (a.state !== 'planned') continue;
    const departure = departures.get(id)!;
    if (departure <= horizon) now.push(a);
    else later.push({ assignmentId: id, dueAt: new Date(departure - command.freezeSeconds * 1000) });
  }
  for (const a of now) dispatch(desk, a, 'publish');
  await dropFreezeTimers(
    desk.change,
    now.map((a) => a.id),
  );
  await setFreezeTimers(desk.change, later);
  return now.length;
}

/** When the crew leaves for each stop: as the plan says, else at the end of the stop before, else at the start of its shift. */
function departuresOf(desk: Desk, placed: readonly Placed[]): Map<string, number> {
  const departures = new Map<string, number>();
  const stated = new Map(placed.map((p) => [p.id, p.stop.plannedDeparture]));
  for (const shift of desk.shifts.values()) {
    let free = Date.parse(shift.from);
    for (const a of stopsOf(desk, shift.id)) {
      const told = stated.get(a.id);
      departures.set(a.id, told === undefined ? free : Date.parse(told));
      free = a.plannedEnd === null ? free : Date.parse(a.plannedEnd);
    }
  }
  return departures;
}
