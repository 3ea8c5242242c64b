import { DateTime } from 'luxon';
import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import { listDayPlans, listPlannedLegs, type PlannedLeg } from '../../stores/plans/day-plans.ts';
import type { DrivenShift } from '../../stores/positions/driven.ts';
import { listDayCrews, type DayCrew } from '../../stores/work/day-crews.ts';
import { listHours, listWaitingByArea, readDayFigures, type HourOfDay } from '../../stores/work/day-jobs.ts';
import type { LookedAtDay } from '../../stores/work/day-jobs-sql.ts';
import type { CrewLoad, FleetToday } from './contract.ts';

const MOST_PLANS = 200;
const HOUR_MILLIS = 3_600_000;

/** The local day that holds `now`. */
export function lookedAtDay(zone: string, now: Date): LookedAtDay {
  const start = DateTime.fromJSDate(now, { zone }).startOf('day');
  return {
    serviceDay: start.toISODate() ?? '',
    from: start.toJSDate(),
    until: start.plus({ days: 1 }).toJSDate(),
    now,
  };
}

/** Reads once for everybody who asks the same within a while of our own time, however many look. A failure is not kept. */
export function remembered<T>(keepMillis: number, wallMillis: () => number): (key: string, read: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly reading: Promise<T> }>();
  return (key, read) => {
    const now = wallMillis();
    for (const [other, { at }] of kept) if (now - at >= keepMillis) kept.delete(other);
    const known = kept.get(key);
    if (known !== undefined) return known.reading;
    const reading = read();
    kept.set(key, { at: now, reading });
    reading.catch(() => kept.get(key)?.reading === reading && kept.delete(key));
    return reading;
  };
}

/** Kilometres of the shifts of a service day. */
export type ReadDriven = (serviceDay: string) => Promise<readonly DrivenShift[]>;

/** The day in figures, within the reach. `seq`: the newest event before the reading began. */
export async function readFleetToday(
  db: Db,
  day: LookedAtDay,
  reach: Reach,
  readDriven: ReadDriven,
  seq: number | null,
): Promise<FleetToday> {
  // One after another: a page of figures does not take the whole pool from the desks.
  const figures = await readDayFigures(db, day, reach);
  const areas = await listWaitingByArea(db, day, reach);
  const hours = await listHours(db, day, reach);
  const crews = await listDayCrews(db, day, reach);
  const legs = await listPlannedLegs(db, day.serviceDay);
  const plans = await listDayPlans(db, day.serviceDay, day.from, MOST_PLANS);
  const driven = await readDriven(day.serviceDay);
  const loads = crewLoads(crews, legs, driven);
  const { waiting, ...rest } = figures;
  return {
    serviceDay: day.serviceDay,
    from: day.from.toISOString(),
    at: day.now.toISOString(),
    seq,
    ...rest,
    waiting: { ...waiting, areas },
    kilometres: kilometresOf(loads, driven),
    crews: loads,
    plans: plans.map((plan) => ({
      ...plan,
      madeAt: plan.madeAt.toISOString(),
      publishedAt: plan.publishedAt?.toISOString() ?? null,
    })),
    hours: everyHour(hours, day),
  };
}

/** Each crew's day: what it did, and what the plan in force says of what is before it. */
export function crewLoads(crews: readonly DayCrew[], legs: readonly PlannedLeg[], driven: readonly DrivenShift[]): CrewLoad[] {
  const byStop = new Map(legs.map((leg) => [`${leg.shiftId} ${leg.jobId} ${leg.slot}`, leg]));
  const planned = new Map<string, number>();
  for (const { shiftId, metres } of legs) planned.set(shiftId, (planned.get(shiftId) ?? 0) + metres);
  const byShift = new Map(driven.map((one) => [one.shiftId, one]));
  return crews.map(({ notSetOut, ...crew }) => {
    const ahead = notSetOut.map(({ jobId, slot }) => byStop.get(`${crew.shiftId} ${jobId} ${slot}`));
    const metres = byShift.get(crew.shiftId)?.metres ?? planned.get(crew.shiftId) ?? null;
    return {
      ...crew,
      from: crew.from.toISOString(),
      until: crew.until.toISOString(),
      driveAheadSeconds: ahead.reduce((sum, leg) => sum + (leg?.travelSeconds ?? 0), 0),
      stopsWithoutDriving: ahead.filter((leg) => leg === undefined).length,
      metres,
      metresFrom: byShift.has(crew.shiftId) ? 'fixes' : metres === null ? 'unknown' : 'plan',
    };
  });
}

function kilometresOf(loads: readonly CrewLoad[], driven: readonly DrivenShift[]): FleetToday['kilometres'] {
  const of = (from: CrewLoad['metresFrom']): readonly CrewLoad[] => loads.filter(({ metresFrom }) => metresFrom === from);
  const metres = (list: readonly CrewLoad[]): number => list.reduce((sum, load) => sum + (load.metres ?? 0), 0);
  const known = new Set(of('fixes').map(({ shiftId }) => shiftId));
  const last = Math.max(...driven.filter(({ shiftId }) => known.has(shiftId)).map(({ lastFixAt }) => lastFixAt.getTime()));
  return {
    drivenMetres: metres(of('fixes')),
    drivenCrews: known.size,
    plannedMetres: metres(of('plan')),
    plannedCrews: of('plan').length,
    unknownCrews: of('unknown').length,
    through: Number.isFinite(last) ? new Date(last).toISOString() : null,
  };
}

/** Every hour from the first with anything in it to now, quiet ones too: a gap in a chart would hide them. */
export function everyHour(hours: readonly HourOfDay[], day: Pick<LookedAtDay, 'from' | 'now' | 'until'>): FleetToday['hours'] {
  const first = hours[0]?.hour;
  if (first === undefined) return [];
  const end = Math.min(day.now.getTime(), day.until.getTime() - 1);
  const last = Math.max(Math.floor((end - day.from.getTime()) / HOUR_MILLIS), hours.at(-1)!.hour);
  const known = new Map(hours.map((one) => [one.hour, one]));
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    hour: first + i,
    from: new Date(day.from.getTime() + (first + i) * HOUR_MILLIS).toISOString(),
    reports: known.get(first + i)?.reports ?? 0,
    done: known.get(first + i)?.done ?? 0,
  }));
}
