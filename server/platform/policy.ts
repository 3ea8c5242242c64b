/**
 * Who may do what: role x action x scope, the only such table. What is not listed is refused. HTTP and
 * socket guards and the test matrix are made from it; a route or event whose action is not here fails the build.
 */
export const ROLES = ['anonymous', 'reporter', 'crew', 'dispatcher', 'supervisor', 'integrator', 'admin', 'system'] as const;
export type Role = (typeof ROLES)[number];

/**
 * own: what belongs to the actor (a reporter's case, a device's vehicle and shift). area: inside the account's
 * areas and organisation. organisation: inside its organisation. all: the whole city.
 */
export type Scope = 'own' | 'area' | 'organisation' | 'all';

type Row = Partial<Record<Exclude<Role, 'system'>, Scope>>;

const ANYONE: Row = {
  anonymous: 'all',
  reporter: 'all',
  crew: 'all',
  dispatcher: 'all',
  supervisor: 'all',
  integrator: 'all',
  admin: 'all',
};
const DESK: Row = { dispatcher: 'area', supervisor: 'organisation' };
const DESK_AND_ADMIN: Row = { ...DESK, admin: 'all' };

export const POLICY = {
  'health.read': ANYONE,
  'metrics.read': { admin: 'all' },
  'city.read': ANYONE,
  'openapi.read': ANYONE,
  'place.find': ANYONE,
  'place.near': ANYONE,
  'session.open': ANYONE,
  'session.read': ANYONE,
  'session.close': ANYONE,
  'device.enrol': ANYONE,
  'device.manage': { dispatcher: 'organisation', supervisor: 'organisation', admin: 'all' },
  'account.manage': { admin: 'all' },
  'account.own': { crew: 'own', dispatcher: 'own', supervisor: 'own', admin: 'own' },
  'case.report': { anonymous: 'all', reporter: 'all', dispatcher: 'all', supervisor: 'all', integrator: 'all', admin: 'all' },
  'case.follow': { anonymous: 'own', reporter: 'own', dispatcher: 'all', supervisor: 'all' },
  'case.read': { ...DESK_AND_ADMIN, integrator: 'organisation' },
  'case.read_private': { dispatcher: 'area', supervisor: 'organisation' },
  'case.decide': DESK,
  'job.read': DESK_AND_ADMIN,
  'job.change': DESK,
  'assignment.read': DESK_AND_ADMIN,
  'assignment.change': DESK,
  'assignment.report': { crew: 'own', dispatcher: 'area', supervisor: 'organisation' },
  'crew.read': DESK_AND_ADMIN,
  'shift.read': { ...DESK_AND_ADMIN, crew: 'own' },
  'shift.change': DESK,
  'shift.report': { crew: 'own', dispatcher: 'area', supervisor: 'organisation' },
  'plan.read': DESK_AND_ADMIN,
  'plan.request': DESK,
  'plan.publish': DESK,
  'problem.solve': { ...DESK_AND_ADMIN, integrator: 'organisation' },
  'question.read': DESK_AND_ADMIN,
  'question.answer': DESK,
  'position.report': { crew: 'own' },
  'alarm.raise': { crew: 'own', dispatcher: 'area', supervisor: 'organisation' },
  // Trackers of other makers show their key by their own protocol, which the handler judges: here they are strangers.
  'tracker.report': { anonymous: 'own' },
  'tracker.forward': { integrator: 'organisation', admin: 'all' },
  'position.relay': { integrator: 'organisation' },
  'position.read': DESK_AND_ADMIN,
  'event.read': DESK_AND_ADMIN,
  'report.read': DESK_AND_ADMIN,
  'live.watch': DESK_AND_ADMIN,
  'live.crew': { crew: 'own' },
  'clock.set': { admin: 'all' },
  'clock.pace': { dispatcher: 'all', supervisor: 'all', admin: 'all' },
  'import.run': { admin: 'all', integrator: 'organisation' },
} as const satisfies Record<string, Row>;

export type ActionName = keyof typeof POLICY;

/** The scope in which `role` may do `action`, or null: refused. The system itself may do everything. */
export function scopeOf(role: Role, action: ActionName): Scope | null {
  if (role === 'system') return 'all';
  const row: Row = POLICY[action];
  return row[role] ?? null;
}
