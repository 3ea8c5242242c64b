import type { Actor } from './actor.ts';
import type { Scope } from './policy.ts';

/** How far an actor's right goes, as plain values for a where clause. */
export interface Reach {
  /** null = every organisation. */
  readonly organisationId: string | null;
  /** Empty = every area, places without an area too. */
  readonly areaIds: readonly string[];
}

/** `own` is not a reach: what belongs to a device or a reporter is asked of the stores. Here it reaches nothing. */
export function reachOf(actor: Actor, scope: Scope): Reach {
  switch (scope) {
    case 'all':
      return { organisationId: null, areaIds: [] };
    case 'organisation':
      return { organisationId: actor.organisationId, areaIds: [] };
    case 'area':
      return { organisationId: actor.organisationId, areaIds: actor.areaIds };
    case 'own':
      return { organisationId: NOBODY, areaIds: [] };
    default:
      return scope satisfies never;
  }
}

/** The nil UUID: no organisation has it. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Whether something of this organisation and these areas lies within the reach. */
export function covers(reach: Reach, thing: { readonly organisationId: string; readonly areaIds?: readonly string[] }): boolean {
  if (reach.organisationId !== null && reach.organisationId !== thing.organisationId) return false;
  return reach.areaIds.length === 0 || thing.areaIds === undefined || thing.areaIds.some((id) => reach.areaIds.includes(id));
}
