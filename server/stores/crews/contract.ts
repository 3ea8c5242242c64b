import { z } from 'zod';
import { Point } from '../cases/contract.ts';

export const CrewId = z.uuid().brand<'CrewId'>();
export type CrewId = z.infer<typeof CrewId>;
export const ShiftId = z.uuid().brand<'ShiftId'>();
export type ShiftId = z.infer<typeof ShiftId>;
export const VehicleId = z.uuid().brand<'VehicleId'>();
export type VehicleId = z.infer<typeof VehicleId>;

export const Crew = z.strictObject({
  id: CrewId,
  number: z.int(),
  code: z.string(),
  name: z.string(),
  organisationId: z.uuid(),
  depotId: z.uuid().nullable(),
  active: z.boolean(),
  version: z.int(),
});
export type Crew = z.infer<typeof Crew>;

export const ShiftBreak = z.strictObject({
  id: z.string(),
  earliest: z.iso.datetime(),
  latest: z.iso.datetime(),
  lengthSeconds: z.int().positive(),
  takenAt: z.iso.datetime().optional(),
});
export type ShiftBreak = z.infer<typeof ShiftBreak>;

export const ShiftState = z.enum(['scheduled', 'on_duty', 'ended']);
export type ShiftState = z.infer<typeof ShiftState>;

/** One crew on one day. */
export const CrewShift = z.strictObject({
  id: ShiftId,
  crewId: CrewId,
  organisationId: z.uuid(),
  serviceDay: z.iso.date(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  startPlace: Point,
  endPlace: Point.nullable(),
  skills: z.array(z.string()),
  plant: z.array(z.string()),
  breaks: z.array(ShiftBreak),
  overtimeAllowedSeconds: z.int().min(0),
  state: ShiftState,
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  orderVersion: z.int(),
  orderAcknowledged: z.int(),
  version: z.int(),
  planningVersion: z.int(),
});
export type CrewShift = z.infer<typeof CrewShift>;

export const MemberKind = z.enum(['person', 'vehicle', 'plant']);

/** Who and what is in a shift, and during which part of it. */
export const ShiftMember = z.strictObject({
  id: z.uuid(),
  shiftId: ShiftId,
  kind: MemberKind,
  resourceId: z.uuid(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type ShiftMember = z.infer<typeof ShiftMember>;

/** A member as a desk sees it: the vehicle's, plant item's or person's code from the city's folder. */
export const DispatcherShiftMember = ShiftMember.extend({ code: z.string() });
export type DispatcherShiftMember = z.infer<typeof DispatcherShiftMember>;

/** The dispatcher's view of a shift. */
export const DispatcherShift = CrewShift.extend({
  crewNumber: z.int(),
  crewCode: z.string(),
  crewName: z.string(),
  members: z.array(DispatcherShiftMember),
});
export type DispatcherShift = z.infer<typeof DispatcherShift>;

/** The crew's view of its own shift: what it may do and until when, not who else is in it. */
export const CrewsOwnShift = CrewShift.omit({ planningVersion: true, organisationId: true }).extend({
  crewNumber: z.int(),
  crewName: z.string(),
});
export type CrewsOwnShift = z.infer<typeof CrewsOwnShift>;

/** A device that asks for its work: GET /api/shifts/mine. */
export const DeviceShift = z.strictObject({
  /** City time of this answer. */
  now: z.iso.datetime(),
  /** The vehicle the device is in; null: it is bound to none any more. */
  vehicleCode: z.string().nullable(),
  /** The shift it is in, from two hours before its start to two hours after its end and overtime; null: none. */
  shift: CrewsOwnShift.nullable(),
  /** The one that begins next. */
  next: z.strictObject({ crewName: z.string(), from: z.iso.datetime(), until: z.iso.datetime() }).nullable(),
});
export type DeviceShift = z.infer<typeof DeviceShift>;

const Instant = z.iso.datetime({ offset: true });
const Words = z.array(z.string().min(1).max(60)).max(50);
const version = z.int().min(1);

/** What a dispatcher changes about a shift; `version` is what the dispatcher saw. Everything left out stays. */
export const ShiftCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('shift.change'),
    shiftId: ShiftId,
    version,
    until: Instant.optional(),
    skills: Words.optional(),
    plant: Words.optional(),
    overtimeAllowedSeconds: z.int().min(0).max(43_200).optional(),
    endPlace: Point.nullable().optional(),
  }),
  /** From `at` on `enters` is in the shift in place of `leaves`; one of the two may be left out. */
  z.strictObject({
    type: z.literal('shift.swap_member'),
    shiftId: ShiftId,
    version,
    kind: MemberKind,
    leaves: z.uuid().optional(),
    enters: z.uuid().optional(),
    at: Instant.optional(),
  }),
]);
export type ShiftCommand = z.infer<typeof ShiftCommand>;

/** What a crew says about its own shift; a dispatcher may enter it on the crew's behalf. */
export type ShiftReport =
  { readonly type: 'sign_on' } | { readonly type: 'sign_off' } | { readonly type: 'break_taken'; readonly breakId: string };
