import type { Db } from '../../../../db/knex.ts';
import type { NewEvent } from '../../../platform/events.ts';
import { metresBetween } from '../../../stores/positions/distance.ts';
import {
  listWatchedShifts,
  type WatchedPoint,
  type WatchedShift,
  type WatchedStop,
} from '../../../stores/movements/watched-shifts.ts';
import { depotSubject, type WatchedDay, type WatchedPlace } from './vehicle-watch.ts';
import { watchedWay, type WatchedWay } from './watched-way.ts';

export interface Depot {
  readonly code: string;
  readonly place: WatchedPoint;
}

/** One shift as its vehicles are held against it. */
export interface ShiftDay extends WatchedDay {
  readonly shiftId: string;
  readonly organisationId: string;
  /** The stop its crew drives to. */
  readonly goingTo: WatchedStop | null;
}

/** Where a shift's vehicle was at that time, or as near to it as is known; null: not known. */
export type PlaceOf = (shiftId: string, setOutAt: Date | null) => WatchedPoint | null;

interface Kept {
  readonly day: ShiftDay;
  readonly readAt: number;
  /** City time, milliseconds. */
  usedAt: number;
}

/** What another process changed without telling is seen after this long. */
const KEPT_MILLIS = 60_000;
/** Shifts that are read again only because they are old, in one go: ten thousand would be a load of their own. */
const MOST_OLD = 200;
const MOST_WAYS_AT_ONCE = 16;
/** A start place nearer to a depot than this is that depot. */
const SAME_PLACE_METRES = 100;

/** Shifts kept in memory: read when an event has touched them, not for each position. */
export class WatchedDays {
  private readonly kept = new Map<string, Kept>();
  private readonly shiftsOfJob = new Map<string, Set<string>>();
  private readonly touched = new Set<string>();
  private readonly deps: {
    readonly db: Db;
    readonly depots: () => readonly Depot[];
    /** The planned way between two places; null where no road engine knows one. */
    readonly wayBetween: (from: WatchedPoint, to: WatchedPoint) => Promise<readonly WatchedPoint[] | null>;
    readonly wallMillis: () => number;
  };

  constructor(deps: WatchedDays['deps']) {
    this.deps = deps;
  }

  /** Something was committed: the shifts these events touch are read anew. */
  changed(events: readonly NewEvent[]): void {
    for (const { type, shiftId, jobId } of events) {
      if (type.startsWith('movement.')) continue;
      if (shiftId !== null && shiftId !== undefined) this.touched.add(shiftId);
      if (jobId !== null && jobId !== undefined) for (const of of this.shiftsOfJob.get(jobId) ?? []) this.touched.add(of);
    }
  }

  of(shiftId: string): ShiftDay | undefined {
    return this.kept.get(shiftId)?.day;
  }

  /**
   * Makes the days of these shifts known and as they are now. @param placeOf where a shift's vehicle was when it set out, as far as
   * is known: its way starts there.
   */
  async refresh(shiftIds: ReadonlySet<string>, now: Date, placeOf: PlaceOf): Promise<void> {
    const wall = this.deps.wallMillis();
    const wanted: string[] = [];
    let old = 0;
    for (const shiftId of shiftIds) {
      const kept = this.kept.get(shiftId);
      if (kept !== undefined) kept.usedAt = now.getTime();
      const isOld = kept !== undefined && wall - kept.readAt > KEPT_MILLIS && old < MOST_OLD;
      if (isOld) old++;
      if (kept === undefined || isOld || this.touched.has(shiftId)) wanted.push(shiftId);
    }
    if (wanted.length === 0) return;
    for (const shiftId of wanted) this.touched.delete(shiftId);
    try {
      const shifts = await listWatchedShifts(this.deps.db, wanted, now);
      const ways = await this.waysOf(shifts, placeOf);
      for (const shift of shifts) this.keep(shift, ways.get(shift.shiftId) ?? null, wall, now.getTime());
    } catch (error) {
      for (const shiftId of wanted) this.touched.add(shiftId);
      throw error;
    }
  }

  /** Shifts that nobody has asked for since then (milliseconds of city time). */
  unusedSince(time: number): string[] {
    return [...this.kept].filter(([, { usedAt }]) => usedAt < time).map(([shiftId]) => shiftId);
  }

  forget(shiftId: string): void {
    for (const { jobId } of this.kept.get(shiftId)?.day.places ?? [])
      if (jobId !== null) this.shiftsOfJob.get(jobId)?.delete(shiftId);
    this.kept.delete(shiftId);
    this.touched.delete(shiftId);
  }

  private keep(shift: WatchedShift, way: WatchedWay | null, readAt: number, now: number): void {
    this.forget(shift.shiftId);
    const places = [...shift.stops.map(stopPlace), ...this.depotsOf(shift)];
    for (const { jobId } of places) {
      if (jobId === null) continue;
      const own = this.shiftsOfJob.get(jobId);
      if (own === undefined) this.shiftsOfJob.set(jobId, new Set([shift.shiftId]));
      else own.add(shift.shiftId);
    }
    const day: ShiftDay = {
      shiftId: shift.shiftId,
      organisationId: shift.organisationId,
      onDutySince: shift.onDutySince?.getTime() ?? null,
      breaks: shift.breaks.map(({ from, until }) => ({ from: from.getTime(), until: until.getTime() })),
      places,
      leg: goingTo(shift)?.assignmentId ?? null,
      way,
      goingTo: goingTo(shift),
    };
    this.kept.set(shift.shiftId, { day, readAt, usedAt: now });
  }

  private depotsOf(shift: WatchedShift): WatchedPlace[] {
    const depots = this.deps.depots();
    const own = [
      { code: 'start', place: shift.startPlace },
      ...(shift.endPlace === null ? [] : [{ code: 'end', place: shift.endPlace }]),
    ].filter(
      ({ place }, i, all) =>
        !depots.some((depot) => metresBetween(depot.place, place) < SAME_PLACE_METRES) &&
        !all.slice(0, i).some((other) => metresBetween(other.place, place) < SAME_PLACE_METRES),
    );
    return [...depots, ...own].map(({ code, place }) => ({
      subject: depotSubject(code),
      jobId: null,
      assignmentId: null,
      points: [place],
      endedAt: null,
    }));
  }

  /** The way of each shift that drives: as it was when it set out, so that a detour is seen as one. */
  private async waysOf(shifts: readonly WatchedShift[], placeOf: PlaceOf): Promise<Map<string, WatchedWay>> {
    const ways = new Map<string, WatchedWay>();
    const asked: { readonly shiftId: string; readonly stop: WatchedStop; readonly from: WatchedPoint }[] = [];
    for (const shift of shifts) {
      const stop = goingTo(shift);
      if (stop === null) continue;
      const known = this.kept.get(shift.shiftId)?.day.way ?? null;
      const from = placeOf(shift.shiftId, stop.travellingAt);
      if (known?.assignmentId === stop.assignmentId) ways.set(shift.shiftId, known);
      else if (from !== null) asked.push({ shiftId: shift.shiftId, stop, from });
    }
    for (let k = 0; k < asked.length; k += MOST_WAYS_AT_ONCE) {
      await Promise.all(
        asked.slice(k, k + MOST_WAYS_AT_ONCE).map(async ({ shiftId, stop, from }) => {
          const line = await this.deps.wayBetween(from, stop.points[1]).catch(() => null);
          if (line !== null && line.length > 1) ways.set(shiftId, watchedWay(stop.assignmentId, line));
        }),
      );
    }
    return ways;
  }
}

const goingTo = (shift: WatchedShift): WatchedStop | null => shift.stops.find(({ travelling }) => travelling) ?? null;

const stopPlace = ({ assignmentId, jobId, points, endedAt }: WatchedStop): WatchedPlace => ({
  subject: assignmentId,
  jobId,
  assignmentId,
  points,
  endedAt: endedAt?.getTime() ?? null,
});
