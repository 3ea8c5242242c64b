import type { MovementFacts } from '../../../stores/movements/contract.ts';
import { movementKey, type BegunMovement, type EndedMovement, type MovementRow } from '../../../stores/movements/store.ts';
import type { MovementChange } from './vehicle-watch.ts';

/** An ended movement with what its event says. */
export interface ToldEnd extends EndedMovement {
  readonly facts: MovementFacts;
}

/**
 * What has been said of each shift's vehicles, so that nothing is said twice: the same rule as the table's (`beginMovements`), in
 * memory. Fixes that are looked at again after a crash begin at the same time or earlier than what was said of them.
 */
export class ToldMovements {
  private readonly byShift = new Map<string, Map<string, { since: number; until: number | null }>>();

  /** The rows of the table, for shifts that are looked at for the first time. */
  know(shiftIds: readonly string[], rows: readonly MovementRow[]): void {
    for (const shiftId of shiftIds) if (!this.byShift.has(shiftId)) this.byShift.set(shiftId, new Map());
    for (const row of rows) {
      this.byShift
        .get(row.shiftId)
        ?.set(movementKey(row), { since: row.since.getTime(), until: row.until === null ? null : row.until.getTime() });
    }
  }

  knows(shiftId: string): boolean {
    return this.byShift.has(shiftId);
  }

  forget(shiftId: string): void {
    this.byShift.delete(shiftId);
  }

  /** The movement if it is news, to be written. @param endsAt milliseconds, where the end is known with the beginning */
  begin(shiftId: string, vehicleId: string, change: MovementChange, endsAt: number | null = null): BegunMovement | null {
    const { kind, subject, at, facts } = change;
    const key = { shiftId, vehicleId, kind, subject };
    const told = this.byShift.get(shiftId);
    const known = told?.get(movementKey(key));
    if (told === undefined || (known !== undefined && (known.until === null || at <= known.until))) return null;
    told.set(movementKey(key), { since: at, until: endsAt });
    return { ...key, since: new Date(at), until: endsAt === null ? null : new Date(endsAt), facts };
  }

  end(shiftId: string, vehicleId: string, change: MovementChange): ToldEnd | null {
    const { kind, subject, at, facts } = change;
    const key = { shiftId, vehicleId, kind, subject };
    const known = this.byShift.get(shiftId)?.get(movementKey(key));
    // What is looked at again may be from before it began.
    if (known === undefined || known.until !== null || at < known.since) return null;
    known.until = at;
    const seconds = Math.round((known.until - known.since) / 1000);
    return { ...key, until: new Date(known.until), facts: { ...facts, lastedSeconds: seconds } };
  }

  /** Since when, in milliseconds; null: it is not going on. */
  since(shiftId: string, vehicleId: string, kind: MovementChange['kind'], subject: string): number | null {
    const known = this.byShift.get(shiftId)?.get(movementKey({ shiftId, vehicleId, kind, subject }));
    return known === undefined || known.until !== null ? null : known.since;
  }

  /** What goes on, of one vehicle. */
  goingOn(shiftId: string, vehicleId: string): { kind: MovementChange['kind']; subject: string }[] {
    const prefix = `${shiftId}/${vehicleId}/`;
    return [...(this.byShift.get(shiftId) ?? [])].flatMap(([key, { until }]) => {
      if (until !== null || !key.startsWith(prefix)) return [];
      const [kind, ...subject] = key.slice(prefix.length).split('/');
      return [{ kind: kind as MovementChange['kind'], subject: subject.join('/') }];
    });
  }
}
