import { z } from 'zod';

export const AccountId = z.uuid().brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

export const ACCOUNT_ROLES = ['crew', 'dispatcher', 'supervisor', 'integrator', 'admin'] as const;
export const AccountRole = z.enum(ACCOUNT_ROLES);
export type AccountRole = z.infer<typeof AccountRole>;

/** As an admin sees it: no secret is ever among it. */
export const Account = z.strictObject({
  id: AccountId,
  role: AccountRole,
  displayName: z.string(),
  /** null = not bound to one organisation. */
  organisationId: z.uuid().nullable(),
  /** Empty = all areas of the organisation. */
  areaIds: z.array(z.uuid()),
  login: z.string().nullable(),
  hasPassword: z.boolean(),
  hasApiKey: z.boolean(),
  active: z.boolean(),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
export type Account = z.infer<typeof Account>;

const displayName = z.string().trim().min(1).max(100);
const login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{1,99}$/, 'must be 2 to 100 letters, digits, dots, hyphens or a mail address');

export const NewAccount = z.strictObject({
  role: AccountRole,
  displayName,
  organisationId: z.uuid().nullable().default(null),
  areaIds: z.array(z.uuid()).max(200).default([]),
  login: login.nullable().default(null),
});
export type NewAccount = z.infer<typeof NewAccount>;

/** What is left out stays. */
export const ChangeAccount = z.strictObject({
  version: z.int().min(1),
  role: AccountRole.optional(),
  displayName: displayName.optional(),
  organisationId: z.uuid().nullable().optional(),
  areaIds: z.array(z.uuid()).max(200).optional(),
  login: login.nullable().optional(),
  active: z.boolean().optional(),
});
export type ChangeAccount = z.infer<typeof ChangeAccount>;

/** The path holds the token behind `#`: browsers do not send that, so that no preview and no log has it. */
export const SignInLink = z.strictObject({ path: z.string(), url: z.string().nullable(), expiresAt: z.iso.datetime() });
export type SignInLink = z.infer<typeof SignInLink>;

export const ApiKey = z.strictObject({ apiKey: z.string() });

export const Session = z.strictObject({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** It is the one that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const PasswordSignIn = z.strictObject({ login: z.string().min(1).max(100), password: z.string().min(1).max(1000) });
export const LinkSignIn = z.strictObject({ token: z.string().min(1).max(200) });
export const SetPassword = z.strictObject({
  /** Needed when there is one already. */
  current: z.string().max(1000).optional(),
  password: z.string().min(12).max(1000),
});

/** Who is asking, and what they may do: what a screen needs to know before it shows anything. */
export const SessionView = z.strictObject({
  signedIn: z.boolean(),
  role: z.string(),
  accountId: z.uuid().nullable(),
  displayName: z.string().nullable(),
  deviceId: z.uuid().nullable(),
  organisationId: z.uuid().nullable(),
  areaIds: z.array(z.uuid()),
  expiresAt: z.iso.datetime().nullable(),
  /** Each action allowed, with its scope: own, area, organisation, all. */
  may: z.record(z.string(), z.string()),
  /** Headers that every change made by a session must carry. */
  changeHeaders: z.record(z.string(), z.string()),
});
export type SessionView = z.infer<typeof SessionView>;

export const DEVICE_KINDS = ['crew_phone', 'tracker'] as const;

export const NewEnrolmentCode = z.strictObject({ vehicleId: z.uuid(), label: z.string().trim().min(1).max(60) });
export const EnrolmentCode = z.strictObject({ code: z.string(), vehicleId: z.uuid(), expiresAt: z.iso.datetime() });
export type EnrolmentCode = z.infer<typeof EnrolmentCode>;

export const Enrol = z.strictObject({
  code: z.string().min(1).max(40),
  kind: z.enum(DEVICE_KINDS).default('crew_phone'),
});
/** The token is shown this once. */
export const Enrolled = z.strictObject({ deviceId: z.uuid(), vehicleId: z.uuid(), token: z.string() });
export type Enrolled = z.infer<typeof Enrolled>;

/** Protocols of other makers' trackers: OsmAnd's (Traccar Client speaks it), OwnTracks', and a Traccar server that forwards. */
export const TRACKER_PROTOCOLS = ['osmand', 'owntracks', 'traccar'] as const;
export const TrackerProtocol = z.enum(TRACKER_PROTOCOLS);
export type TrackerProtocol = z.infer<typeof TrackerProtocol>;

/** What a tracker calls itself; printable, no spaces. OwnTracks': user/device. It is no credential. */
export const TrackerId = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}\p{P}\p{S}]{1,100}$/u, 'must be 1 to 100 characters without spaces');
/** What both parts of OwnTracks' are made of: they stand in a topic. */
const OWNTRACKS_ID = /^[^/+#\s]+\/[^/+#\s]+$/;

export const NewTracker = z
  .strictObject({
    protocol: TrackerProtocol,
    trackerId: TrackerId,
    vehicleId: z.uuid(),
    label: z.string().trim().min(1).max(60),
  })
  .refine(({ protocol, trackerId }) => protocol !== 'owntracks' || OWNTRACKS_ID.test(trackerId), {
    path: ['trackerId'],
    message: 'must be user/device, as OwnTracks has it',
  });
export type NewTracker = z.infer<typeof NewTracker>;

/** What has to be typed into the tracker. The key is shown this once; null where another program vouches for the tracker. */
export const EnrolledTracker = z.strictObject({
  deviceId: z.uuid(),
  vehicleId: z.uuid(),
  protocol: TrackerProtocol,
  trackerId: z.string(),
  /** On this server. */
  path: z.string(),
  key: z.string().nullable(),
});
export type EnrolledTracker = z.infer<typeof EnrolledTracker>;

/** A tracker that came and was not let in: nobody has enrolled it, or its key is wrong. */
export const SeenTracker = z.strictObject({
  protocol: TrackerProtocol,
  trackerId: z.string(),
  reason: z.enum(['unknown', 'wrong_key']),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  seenCount: z.int(),
  /** About where, to a hundredth of a degree; null = it told no place. */
  about: z.strictObject({ lon: z.number(), lat: z.number() }).nullable(),
});
export type SeenTracker = z.infer<typeof SeenTracker>;

export const DismissTracker = z.strictObject({ protocol: TrackerProtocol, trackerId: z.string().min(1).max(100) });

/** A vehicle a device can be bound to. */
export const BindableVehicle = z.strictObject({ id: z.uuid(), code: z.string(), kind: z.string() });
export type BindableVehicle = z.infer<typeof BindableVehicle>;

export const Device = z.strictObject({
  id: z.uuid(),
  kind: z.enum(DEVICE_KINDS),
  label: z.string(),
  vehicleId: z.uuid().nullable(),
  vehicleCode: z.string().nullable(),
  /** What another maker's tracker calls itself; null for devices of our own. */
  tracker: z.strictObject({ protocol: TrackerProtocol, trackerId: z.string() }).nullable(),
  enrolledAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  lastSeenAt: z.iso.datetime().nullable(),
});
export type Device = z.infer<typeof Device>;
