import type { Db } from '../../../db/knex.ts';
import type { LonLat } from '../../../routing/units.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import { setTimer } from '../../platform/timers.ts';
import {
  Crew,
  CrewId,
  CrewShift,
  DispatcherShift,
  DispatcherShiftMember,
  ShiftId,
  type ShiftBreak,
  type ShiftMember,
} from './contract.ts';

/** A shift to be made; its members are there from its start to its end. */
export interface NewShift {
  readonly crewId: string;
  readonly organisationId: string;
  /** Local date on which it starts: 2026-01-27. */
  readonly serviceDay: string;
  readonly from: Date;
  readonly until: Date;
  readonly startPlace: LonLat;
  readonly endPlace: LonLat | null;
  readonly skills: readonly string[];
  readonly plant: readonly string[];
  readonly breaks: readonly ShiftBreak[];
  readonly overtimeAllowedSeconds: number;
  readonly members: readonly { readonly kind: ShiftMember['kind']; readonly resourceId: string }[];
}

const SELECT_SHIFTS = `
  select s.id, s.crew_id as "crewId", s.organisation_id as "organisationId", s.service_day as "serviceDay",
  lower(s.during) as "from", upper(s.during) as until,
  json_build_object('lon', st_x(s.start_place), 'lat', st_y(s.start_place)) as "startPlace",
  case when s.end_place is not null then json_build_object('lon', st_x(s.end_place), 'lat', st_y(s.end_place)) end as "endPlace",
  s.skills, s.plant, s.breaks, s.overtime_allowed_seconds as "overtimeAllowedSeconds", s.state, s.started_at as "startedAt",
  s.ended_at as "endedAt", s.order_version as "orderVersion", s.order_acknowledged as "orderAcknowledged", s.version,
  s.planning_version as "planningVersion" from crew_shift s`;

type Raw = Readonly<Record<string, unknown>>;

const iso = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
const readShift = (row: Raw): CrewShift =>
  CrewShift.parse(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, iso(value)])));

async function selectShifts(tx: Db, statement: string, bindings: readonly unknown[]): Promise<CrewShift[]> {
  const { rows } = await tx.raw<{ rows: Raw[] }>(statement, [...bindings] as string[]);
  return rows.map(readShift);
}

/** All crews, by number. `organisationId` null: of the whole city. */
export async function listCrews(tx: Db, organisationId: string | null): Promise<Crew[]> {
  const rows = await tx('crew')
    .where(organisationId === null ? {} : { organisation_id: organisationId })
    .orderBy('number')
    .select<Raw[]>(
      'id',
      'number',
      'code',
      'name',
      'organisation_id as organisationId',
      'depot_id as depotId',
      'active',
      'version',
    );
  return rows.map((row) => Crew.parse(row));
}

/** The shifts that start on a service day (local date), by crew number. `organisationId` null: of the whole city. */
export function listShifts(tx: Db, serviceDay: string, organisationId: string | null = null): Promise<CrewShift[]> {
  return selectShifts(
    tx,
    `${SELECT_SHIFTS} join crew c on c.id = s.crew_id where s.service_day = ? and (?::uuid is null or s.organisation_id = ?::uuid)
     order by c.number, lower(s.during)`,
    [serviceDay, organisationId, organisationId],
  );
}

/** Those that a plan of this day may use: not ended, and not over at `now` (allowed overtime does not count). By crew number. */
export function listShiftsForPlanning(tx: Db, serviceDay: string, now: Date): Promise<CrewShift[]> {
  return selectShifts(
    tx,
    `${SELECT_SHIFTS} join crew c on c.id = s.crew_id where s.service_day = ? and s.state <> 'ended' and upper(s.during) > ?
     order by c.number, lower(s.during)`,
    [serviceDay, now],
  );
}

export async function findShift(tx: Db, id: string): Promise<CrewShift | undefined> {
  return (await selectShifts(tx, `${SELECT_SHIFTS} where s.id = ?`, [id]))[0];
}

/** @throws Problem 404 `no-such-shift`. */
export async function getShift(tx: Db, id: string): Promise<CrewShift> {
  return orNone(await findShift(tx, id));
}

/** Locks the row until the transaction ends. @throws Problem 404 `no-such-shift`. */
export async function getShiftForUpdate(tx: Db, id: string): Promise<CrewShift> {
  return orNone((await selectShifts(tx, `${SELECT_SHIFTS} where s.id = ? for update of s`, [id]))[0]);
}

/** All of these that exist, locked until the transaction ends, in the order of their ids. For `stores/work`. */
export function lockShifts(tx: Db, ids: readonly string[]): Promise<CrewShift[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return selectShifts(tx, `${SELECT_SHIFTS} where s.id = any(?::uuid[]) order by s.id for no key update of s`, [[...ids]]);
}

function orNone(shift: CrewShift | undefined): CrewShift {
  if (!shift) throw new Problem(404, 'no-such-shift', 'There is no such shift among those you may see.');
  return shift;
}

/** How early before its start and how late after its end and overtime a device is taken to be in a shift. */
const AROUND_SECONDS = 2 * 3600;

/**
 * The shift a device is in at a time, by way of the vehicle it is bound to: the shift that holds that time, else the
 * one still on duty (overtime), else the nearest within two hours (a crew that signs on early). Undefined when none.
 */
export async function findCurrentShiftOfDevice(tx: Db, deviceId: string, at: Date): Promise<CrewShift | undefined> {
  const found = await selectShifts(
    tx,
    `${SELECT_SHIFTS} join shift_member m on m.shift_id = s.id and m.kind = 'vehicle'
     join device_binding b on b.vehicle_id = m.resource_id and b.device_id = ? and b.during @> ?::timestamptz
     where tstzrange(lower(m.during) - make_interval(secs => ?),
             upper(m.during) + make_interval(secs => s.overtime_allowed_seconds + ?)) @> ?::timestamptz
     order by m.during @> ?::timestamptz desc, s.state = 'on_duty' desc, s.state = 'ended',
       greatest(lower(m.during) - ?::timestamptz, ?::timestamptz - upper(m.during)), s.id
     limit 1`,
    [deviceId, at, AROUND_SECONDS, AROUND_SECONDS, at, at, at, at],
  );
  return found[0];
}

/** The first shift of the device's vehicle that begins after a time. Undefined when none is planned. */
export async function findNextShiftOfDevice(tx: Db, deviceId: string, after: Date): Promise<CrewShift | undefined> {
  const found = await selectShifts(
    tx,
    `${SELECT_SHIFTS} join shift_member m on m.shift_id = s.id and m.kind = 'vehicle'
     join device_binding b on b.vehicle_id = m.resource_id and b.device_id = ? and b.during @> ?::timestamptz
     where s.state = 'scheduled' and lower(m.during) > ?::timestamptz
     order by lower(m.during), s.id limit 1`,
    [deviceId, after, after],
  );
  return found[0];
}

/** The code of the vehicle a device is in at a time, or null. */
export async function findVehicleCodeOfDevice(tx: Db, deviceId: string, at: Date): Promise<string | null> {
  const row = await tx('device_binding as b')
    .join('vehicle as v', 'v.id', 'b.vehicle_id')
    .where('b.device_id', deviceId)
    .whereRaw('b.during @> ?::timestamptz', [at])
    .first<{ code: string } | undefined>('v.code');
  return row?.code ?? null;
}

/** Whether the device is, or was during the shift, bound to a vehicle of it. */
export async function deviceBelongsToShift(tx: Db, deviceId: string, shiftId: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `select 1 from shift_member m
       join crew_shift s on s.id = m.shift_id
       join device_binding b on b.vehicle_id = m.resource_id and b.device_id = ?
        and b.during && tstzrange(lower(m.during) - make_interval(secs => ?),
              upper(m.during) + make_interval(secs => s.overtime_allowed_seconds + ?))
      where m.shift_id = ? and m.kind = 'vehicle' limit 1`,
    [deviceId, AROUND_SECONDS, AROUND_SECONDS, shiftId],
  );
  return rows.length > 0;
}

/** Who and what is in these shifts, by shift, kind and start. */
export async function listMembers(tx: Db, shiftIds: readonly string[]): Promise<DispatcherShiftMember[]> {
  const { rows } = await tx.raw<{ rows: Raw[] }>(
    `select m.id, m.shift_id as "shiftId", m.kind, m.resource_id as "resourceId", lower(m.during) as "from",
       upper(m.during) as until, coalesce(v.code, i.code, p.code, '') as code
     from shift_member m
     left join vehicle v on m.kind = 'vehicle' and v.id = m.resource_id
     left join plant_item i on m.kind = 'plant' and i.id = m.resource_id
     left join person p on m.kind = 'person' and p.id = m.resource_id
     where m.shift_id = any(?::uuid[])
     order by m.shift_id, m.kind, lower(m.during), code`,
    [[...shiftIds]],
  );
  return rows.map((row) => DispatcherShiftMember.parse({ ...row, from: iso(row['from']), until: iso(row['until']) }));
}

/** Shifts as a desk sees them, in the order given. */
export async function viewShifts(tx: Db, shifts: readonly CrewShift[]): Promise<DispatcherShift[]> {
  const members = await listMembers(
    tx,
    shifts.map(({ id }) => id),
  );
  const crews = new Map((await listCrews(tx, null)).map((crew) => [crew.id, crew]));
  return shifts.map((shift) => {
    const crew = crews.get(shift.crewId)!;
    return DispatcherShift.parse({
      ...shift,
      crewNumber: crew.number,
      crewCode: crew.code,
      crewName: crew.name,
      members: members.filter(({ shiftId }) => shiftId === shift.id),
    });
  });
}

/**
 * Makes the shift, its members and its end timer.
 * @throws Problem 409 `resource-in-two-shifts` when the crew or one of the members is in another shift then.
 */
export async function insertShift(change: Change, shift: NewShift): Promise<ShiftId> {
  const { tx } = change;
  const id = ShiftId.parse(change.ids.next(change.now));
  const during = tx.raw("tstzrange(?, ?, '[)')", [shift.from, shift.until]);
  const point = (at: LonLat | null) => (at === null ? null : tx.raw('st_setsrid(st_makepoint(?, ?), 4326)', [at.lon, at.lat]));
  await refusingDoubleUse(async () => {
    await tx('crew_shift').insert({
      id,
      crew_id: shift.crewId,
      organisation_id: shift.organisationId,
      service_day: shift.serviceDay,
      during,
      start_place: point(shift.startPlace),
      end_place: point(shift.endPlace),
      skills: shift.skills,
      plant: shift.plant,
      breaks: JSON.stringify(shift.breaks),
      overtime_allowed_seconds: shift.overtimeAllowedSeconds,
    });
    if (shift.members.length > 0) {
      await tx('shift_member').insert(
        shift.members.map(({ kind, resourceId }) => ({
          id: change.ids.next(change.now),
          shift_id: id,
          kind,
          resource_id: resourceId,
          during,
        })),
      );
    }
  });
  await setEndTimer(change, { id, until: shift.until.toISOString(), overtimeAllowedSeconds: shift.overtimeAllowedSeconds });
  change.emit({
    type: 'shift.created',
    shiftId: id,
    organisationId: shift.organisationId,
    body: {
      crewId: shift.crewId,
      serviceDay: shift.serviceDay,
      from: shift.from.toISOString(),
      until: shift.until.toISOString(),
    },
  });
  return id;
}

/** The shift's end timer, due when its allowed overtime is over. */
export async function setEndTimer(
  change: Change,
  shift: Pick<CrewShift, 'id' | 'until' | 'overtimeAllowedSeconds'>,
  dueAt: Date = new Date(Date.parse(shift.until) + shift.overtimeAllowedSeconds * 1000),
): Promise<void> {
  await setTimer(change, { kind: 'shift_end', subjectId: shift.id, dueAt });
}

/** Writes what was decided about a locked shift, with the next version; returns the shift as it is then. */
export async function updateShift(
  change: Change,
  shift: CrewShift,
  decided: Partial<CrewShift>,
  planning: boolean,
): Promise<CrewShift> {
  const { tx } = change;
  const after = CrewShift.parse({
    ...shift,
    ...decided,
    version: shift.version + 1,
    planningVersion: shift.planningVersion + (planning ? 1 : 0),
  });
  await refusingDoubleUse(() =>
    tx('crew_shift')
      .where({ id: shift.id })
      .update({
        during: tx.raw("tstzrange(?, ?, '[)')", [after.from, after.until]),
        end_place: after.endPlace && tx.raw('st_setsrid(st_makepoint(?, ?), 4326)', [after.endPlace.lon, after.endPlace.lat]),
        skills: after.skills,
        plant: after.plant,
        breaks: JSON.stringify(after.breaks),
        overtime_allowed_seconds: after.overtimeAllowedSeconds,
        state: after.state,
        started_at: after.startedAt,
        ended_at: after.endedAt,
        version: after.version,
        planning_version: after.planningVersion,
      }),
  );
  return after;
}

/** The crew has seen this order of its stops; an older one than it has seen already changes nothing. Returns the newest seen. */
export async function acknowledgeOrder(tx: Db, shiftId: string, orderVersion: number): Promise<number> {
  const { rows } = await tx.raw<{ rows: { seen: number }[] }>(
    `update crew_shift set order_acknowledged = greatest(order_acknowledged, ?) where id = ? returning order_acknowledged as seen`,
    [orderVersion, shiftId],
  );
  return rows[0]!.seen;
}

/** Members who stay to the shift's end stay to its new end; those who left before then keep their part. */
export async function stretchMembers(tx: Db, shiftId: string, oldUntil: string, newUntil: string): Promise<void> {
  await refusingDoubleUse(() =>
    tx.raw(
      `update shift_member set during = tstzrange(lower(during), ?, '[)')
        where shift_id = ? and upper(during) >= ?::timestamptz and lower(during) < ?::timestamptz`,
      [newUntil, shiftId, newUntil < oldUntil ? newUntil : oldUntil, newUntil],
    ),
  );
  // A swap planned for a time that is no longer in the shift does not happen.
  await tx('shift_member').where({ shift_id: shiftId }).whereRaw('lower(during) >= ?::timestamptz', [newUntil]).delete();
}

/** Takes a member out from a time on (from the start of its part: the row goes). Returns whether there was one. */
export async function endMember(tx: Db, shiftId: string, resourceId: string, at: Date): Promise<boolean> {
  const gone = await tx('shift_member')
    .where({ shift_id: shiftId, resource_id: resourceId })
    .whereRaw('lower(during) >= ?::timestamptz', [at])
    .delete();
  const shortened = await tx('shift_member')
    .where({ shift_id: shiftId, resource_id: resourceId })
    .whereRaw('during @> ?::timestamptz', [at])
    .update({ during: tx.raw("tstzrange(lower(during), ?, '[)')", [at]) });
  return gone + shortened > 0;
}

/** @throws Problem 409 `resource-in-two-shifts`. */
export async function addMember(
  change: Change,
  shift: Pick<CrewShift, 'id' | 'until'>,
  member: { kind: ShiftMember['kind']; resourceId: string; from: Date },
): Promise<void> {
  const { tx } = change;
  await refusingDoubleUse(() =>
    tx('shift_member').insert({
      id: change.ids.next(change.now),
      shift_id: shift.id,
      kind: member.kind,
      resource_id: member.resourceId,
      during: tx.raw("tstzrange(?, ?, '[)')", [member.from, shift.until]),
    }),
  );
}

/** Whether a person, vehicle or plant item of that id exists and is in use. */
export async function isActiveResource(tx: Db, kind: ShiftMember['kind'], id: string): Promise<boolean> {
  const table = kind === 'plant' ? 'plant_item' : kind;
  return (await tx(table).where({ id, active: true }).first<{ id: string } | undefined>('id')) !== undefined;
}

/** What the members present at a time bring: skills of the people (null when there are none), plant of vehicles and items. */
export async function broughtAt(tx: Db, shiftId: string, at: Date): Promise<{ skills: string[] | null; plant: string[] }> {
  const { rows } = await tx.raw<{ rows: { skills: string[] | null; plant: string[] | null }[] }>(
    `with present as (select kind, resource_id from shift_member where shift_id = ? and during @> ?::timestamptz)
     select
       (select array_agg(distinct skill order by skill) from present join person p on kind = 'person' and p.id = resource_id,
          unnest(p.skills) skill) as skills,
       (select array_agg(distinct brings order by brings) from (
          select unnest(v.plant) as brings from present join vehicle v on present.kind = 'vehicle' and v.id = resource_id
          union select i.kind from present join plant_item i on present.kind = 'plant' and i.id = resource_id) b) as plant`,
    [shiftId, at],
  );
  return { skills: rows[0]?.skills ?? null, plant: rows[0]?.plant ?? [] };
}

/** Which of these crews have a shift on that day already. */
export async function crewsWithShift(tx: Db, serviceDay: string): Promise<Map<CrewId, ShiftId>> {
  const rows = await tx('crew_shift')
    .where({ service_day: serviceDay })
    .select<{ id: ShiftId; crew_id: CrewId }[]>('id', 'crew_id');
  return new Map(rows.map((row) => [row.crew_id, row.id]));
}

/** The exclusion constraints say "in two shifts at once" with 23P01; the caller is told in words. */
async function refusingDoubleUse(write: () => PromiseLike<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23P01') {
      throw new Problem(
        409,
        'resource-in-two-shifts',
        'This crew, or a person, vehicle or plant item of it, is in another shift at that time.',
        { cause: error },
      );
    }
    throw error;
  }
}
