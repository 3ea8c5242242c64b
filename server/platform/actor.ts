import type { Role } from './policy.ts';

/** Who acts: a pair of device (or session) and person, with the rights they have at this moment. */
export interface Actor {
  readonly role: Role;
  readonly accountId: string | null;
  readonly deviceId: string | null;
  readonly sessionId: string | null;
  /** null = not bound to one organisation. */
  readonly organisationId: string | null;
  /** Empty = all areas of the organisation. */
  readonly areaIds: readonly string[];
  /** A reporter's: the one case their token opens. */
  readonly caseId: string | null;
}

/** The server itself: timers, readers, import by command. */
export const systemActor: Actor = {
  role: 'system',
  accountId: null,
  deviceId: null,
  sessionId: null,
  organisationId: null,
  areaIds: [],
  caseId: null,
};

export const anonymousActor: Actor = { ...systemActor, role: 'anonymous' };
