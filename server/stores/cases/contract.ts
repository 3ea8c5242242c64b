import { z } from 'zod';

export const CaseId = z.uuid().brand<'CaseId'>();
export type CaseId = z.infer<typeof CaseId>;

export const Point = z.strictObject({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });
export type Point = z.infer<typeof Point>;

export const Priority = z.int().min(1).max(4);

export const CASE_STATES = [
  'received',
  'triaged',
  'scheduled',
  'in_progress',
  'on_hold',
  'resolved',
  'resolved_unverified',
  'duplicate',
  'referred',
  'no_action',
  'cancelled',
  'reopened',
] as const;
export const CaseState = z.enum(CASE_STATES);
export type CaseState = z.infer<typeof CaseState>;

/** States that answer the reporter: nothing more will be done unless somebody reopens. */
export const CLOSED_CASE_STATES: readonly CaseState[] = [
  'resolved',
  'resolved_unverified',
  'duplicate',
  'referred',
  'no_action',
  'cancelled',
];

export const DECIDED_CASE_STATES = ['duplicate', 'referred', 'no_action', 'cancelled', 'on_hold'] as const;
export const DecidedCaseState = z.enum(DECIDED_CASE_STATES);
export type DecidedCaseState = z.infer<typeof DecidedCaseState>;

export const PlaceQuality = z.enum(['on_road', 'far_from_road', 'outside_city', 'none']);
export type PlaceQuality = z.infer<typeof PlaceQuality>;

/** A case as the stores know it; never sent as it is. Times are ISO 8601, UTC. */
export const Case = z.strictObject({
  id: CaseId,
  number: z.string(),
  source: z.string(),
  sourceId: z.string(),
  organisationId: z.uuid(),
  serviceType: z.string(),
  place: Point.nullable(),
  address: z.string().nullable(),
  roadPoint: Point.nullable(),
  roadMetres: z.number().nullable(),
  placeQuality: PlaceQuality,
  placeText: z.string().nullable(),
  areaIds: z.array(z.uuid()),
  reportedAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  priority: Priority,
  state: CaseState,
  decided: DecidedCaseState.nullable(),
  decidedReason: z.string().nullable(),
  duplicateOf: CaseId.nullable(),
  reopenedAt: z.iso.datetime().nullable(),
  triagedAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  contactId: z.uuid().nullable(),
  version: z.int(),
});
export type Case = z.infer<typeof Case>;

/** What anyone may send to report something: POST /api/cases. */
export const ReportCase = z.strictObject({
  /** The name of the sending system; people's reports are `web` or `desk` by who sends them. */
  source: z.string().min(1).max(40).optional(),
  sourceId: z.string().min(1).max(200).optional(),
  serviceType: z.string().min(1).max(100),
  place: Point.optional(),
  address: z.string().min(1).max(500).optional(),
  reportedAt: z.iso.datetime({ offset: true }).optional(),
  /**
   * What the reporter said of the open work near by (GET /api/near): it is the same, or another problem. Left out:
   * the city's policy decides.
   */
  near: z.enum(['same', 'another']).optional(),
  words: z.string().max(4000).optional(),
  contact: z
    .strictObject({
      name: z.string().max(200).optional(),
      email: z.email().max(200).optional(),
      phone: z.string().max(40).optional(),
    })
    .optional(),
});
export type ReportCase = z.infer<typeof ReportCase>;

/** The dispatcher's view of a case. */
export const DispatcherCase = Case.omit({ contactId: true }).extend({
  hasContact: z.boolean(),
  /** Jobs that answer it now. */
  jobIds: z.array(z.uuid()),
});
export type DispatcherCase = z.infer<typeof DispatcherCase>;

/** What another system is told of the cases of its organisation: no words of ours, nothing about who reported. */
export const IntegratorCase = DispatcherCase.omit({ decidedReason: true, hasContact: true, jobIds: true });
export type IntegratorCase = z.infer<typeof IntegratorCase>;

/** The reporter's own words and how to reach them; each read is logged with its reason. */
export const PrivateCase = z.strictObject({
  caseId: CaseId,
  words: z.string().nullable(),
  contact: z.strictObject({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() }).nullable(),
});
export type PrivateCase = z.infer<typeof PrivateCase>;

/** GET /api/cases: filters add up; newest first, a page at a time. */
export const CaseFilter = z.strictObject({
  /** Several with commas: `received,triaged`. */
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(CaseState).min(1))
    .optional(),
  serviceType: z.string().max(100).optional(),
  areaId: z.uuid().optional(),
  /** Those that this job answers now. */
  jobId: z.uuid().optional(),
  /** Part of the address, or the beginning of the number. */
  q: z.string().min(1).max(100).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type CaseFilter = z.infer<typeof CaseFilter>;

/** Something that became true about a case or a job, as its history shows it. */
export const HistoryEntry = z.strictObject({
  seq: z.int(),
  type: z.string(),
  at: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  by: z.strictObject({ role: z.string(), accountId: z.uuid().nullable(), deviceId: z.uuid().nullable() }),
  caseId: z.uuid().nullable(),
  jobId: z.uuid().nullable(),
  assignmentId: z.uuid().nullable(),
  shiftId: z.uuid().nullable(),
  body: z.record(z.string(), z.unknown()),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** What the reporter (and anyone with the link) is told: no names, no crew, place rounded to the street. */
export const PublicCase = z.strictObject({
  number: z.string(),
  serviceType: z.string(),
  serviceLabel: z.string(),
  placeText: z.string().nullable(),
  placeQuality: PlaceQuality,
  /** On the road, rounded to about 10 m; null where no road was found. */
  place: Point.nullable(),
  state: CaseState,
  /** Of a duplicate: how the report stands that it repeats. */
  originalState: CaseState.nullable(),
  /** Other people's reports that the same work answers. */
  otherReports: z.int().min(0),
  /** A completion whose visit has not been confirmed yet is said as "being confirmed". */
  beingConfirmed: z.boolean(),
  reportedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  expectedFrom: z.iso.datetime().nullable(),
  expectedUntil: z.iso.datetime().nullable(),
  crewOnTheWay: z.boolean(),
  closedAt: z.iso.datetime().nullable(),
  /** City time of this answer. */
  asOf: z.iso.datetime(),
  messages: z.array(z.strictObject({ at: z.iso.datetime(), message: z.string(), params: z.record(z.string(), z.unknown()) })),
});
export type PublicCase = z.infer<typeof PublicCase>;

/** The answer to a report: the number to say, the secret link to follow it. Sent once; only its hash is kept. */
export const CaseReceipt = z.strictObject({
  caseId: CaseId,
  number: z.string(),
  /** Null when the case was known already (a system sent it again): who reported first holds the link. */
  followToken: z.string().nullable(),
  placeQuality: PlaceQuality,
  /** It goes with work that an earlier report began. */
  joined: z.boolean(),
});
export type CaseReceipt = z.infer<typeof CaseReceipt>;

/** Why a case and a job are, or are no longer, joined. */
export const JoinCause = z.enum(['policy', 'dispatcher', 'split', 'follow_up']);
export type JoinCause = z.infer<typeof JoinCause>;
