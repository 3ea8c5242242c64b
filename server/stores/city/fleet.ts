import { DateTime } from 'luxon';
import type { CityConfig, CrewConfig } from './contract.ts';

/** A crew's shift on one day, in absolute times. */
export interface ShiftTimes {
  readonly from: Date;
  readonly until: Date;
  readonly overtimeSeconds: number;
  readonly breaks: readonly { readonly code: string; readonly earliest: Date; readonly latest: Date; readonly seconds: number }[];
}

/** The kinds of plant a crew brings: on its vehicle and as items, each once, in alphabetical order. */
export function plantOf(city: CityConfig, crew: CrewConfig): string[] {
  const vehicle = city.vehicles.find(({ code }) => code === crew.vehicle);
  const items = city.plant.filter(({ code }) => crew.plant.includes(code));
  return [...new Set([...(vehicle?.plant ?? []), ...items.map(({ kind }) => kind)])].sort();
}

/**
 * When the crew works on a service day (local date, `2026-01-27`); null when its shift does not run on that
 * weekday. Local times that a change of the clocks leaves out are taken as luxon does: one hour later.
 * Throws RangeError on what is not a date.
 */
export function shiftTimes(city: CityConfig, crew: CrewConfig, serviceDay: string): ShiftTimes | null {
  const day = DateTime.fromISO(serviceDay, { zone: city.zone });
  if (!day.isValid || !/^\d{4}-\d{2}-\d{2}$/.test(serviceDay))
    throw new RangeError(`"${serviceDay}" is not a date like 2026-01-27.`);
  const shift = city.shifts.find(({ code }) => code === crew.shift);
  if (!shift || !shift.weekdays.includes(day.weekday)) return null;

  const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const start = minutesOf(shift.from);
  // Times are on the day the shift starts unless they are earlier than its start: then after midnight.
  const at = (time: string, end = false): DateTime => {
    const minute = minutesOf(time);
    const date = minute < start || (end && minute === start) ? day.plus({ days: 1 }) : day;
    return date.set({ hour: Math.floor(minute / 60), minute: minute % 60 });
  };
  return {
    from: at(shift.from).toJSDate(),
    until: at(shift.until, true).toJSDate(),
    overtimeSeconds: shift.overtimeMinutes * 60,
    breaks: shift.breaks.map(({ code, earliest, latest, minutes }) => ({
      code,
      earliest: at(earliest).toJSDate(),
      latest: at(latest).toJSDate(),
      seconds: minutes * 60,
    })),
  };
}
