import { DateTime } from 'luxon';
import type { Change } from '../../platform/events.ts';
import type { CityConfig, CrewConfig } from '../../stores/city/contract.ts';
import { plantOf, shiftTimes, type ShiftTimes } from '../../stores/city/fleet.ts';
import type { LoadedCity } from '../../stores/city/load.ts';
import { listFleet, personCodes, type Fleet } from '../../stores/city/store.ts';
import type { CrewShift } from '../../stores/crews/contract.ts';
import { crewsWithShift, insertShift, listShifts, type NewShift } from '../../stores/crews/store.ts';

/** Any number, the same in every process: PostgreSQL's advisory lock for "shifts are being made". */
const SHIFTS_LOCK = 7_483_926_152;

export interface EnsureOptions {
  /** Only the first so many crews of the city's folder that work on that day; left out: all. */
  readonly crews?: number;
}

/** The local date in the city at an instant: 2026-01-27. */
export function serviceDayAt(city: Pick<CityConfig, 'zone'>, at: Date): string {
  return DateTime.fromJSDate(at, { zone: city.zone }).toISODate()!;
}

/**
 * Makes the shifts of a service day from the city's shift patterns, with members and end timers. Those that are there
 * stay as they are (a dispatcher may have changed them), so it may be called as often as one likes. The city must be
 * installed (`installCity`).
 * @returns all shifts of the day, by crew number.
 * @throws Problem 409 `resource-in-two-shifts` when the folder gives one vehicle or plant item to two crews at once.
 */
export async function ensureShifts(
  change: Change,
  city: LoadedCity,
  serviceDay: string,
  options: EnsureOptions = {},
): Promise<CrewShift[]> {
  const { config } = city;
  // Servers of one city start together, and every hour: whoever comes second finds the shifts there.
  await change.tx.raw('select pg_advisory_xact_lock(?)', [SHIFTS_LOCK]);
  const fleet = await listFleet(change.tx);
  const present = await crewsWithShift(change.tx, serviceDay);
  const working = config.crews.flatMap((crew) => {
    const times = shiftTimes(config, crew, serviceDay);
    return times === null ? [] : [{ crew, times }];
  });
  for (const { crew, times } of working.slice(0, options.crews ?? working.length)) {
    const shift = newShift(config, crew, times, serviceDay, fleet);
    if (!present.has(shift.crewId)) await insertShift(change, shift);
  }
  return listShifts(change.tx, serviceDay);
}

/** Today's shifts and tomorrow's, as seen from `change.now`: what a running server calls at its start and once a day. */
export async function ensureShiftsAhead(change: Change, city: LoadedCity): Promise<void> {
  const today = serviceDayAt(city.config, change.now);
  const tomorrow = DateTime.fromISO(today, { zone: city.config.zone }).plus({ days: 1 }).toISODate()!;
  for (const day of [today, tomorrow]) await ensureShifts(change, city, day);
}

function newShift(
  city: CityConfig,
  crew: CrewConfig,
  times: ShiftTimes,
  serviceDay: string,
  fleet: Fleet,
): NewShift & { readonly crewId: CrewShift['crewId'] } {
  const known = fleet.crews.get(crew.code);
  const depot = city.depots.find(({ code }) => code === crew.depot)!;
  const one = (kind: 'person' | 'vehicle' | 'plant', ids: ReadonlyMap<string, string>, code: string) => {
    const resourceId = ids.get(code);
    if (resourceId === undefined) throw new NotInstalled(`${kind} ${code}`);
    return { kind, resourceId };
  };
  if (!known) throw new NotInstalled(`crew ${crew.code}`);
  return {
    crewId: known.id,
    organisationId: known.organisationId,
    serviceDay,
    from: times.from,
    until: times.until,
    startPlace: depot.place,
    endPlace: depot.place,
    skills: [...crew.skills].sort(),
    plant: plantOf(city, crew),
    breaks: times.breaks.map(({ code, earliest, latest, seconds }) => ({
      id: code,
      earliest: earliest.toISOString(),
      latest: latest.toISOString(),
      lengthSeconds: seconds,
    })),
    overtimeAllowedSeconds: times.overtimeSeconds,
    members: [
      one('vehicle', fleet.vehicles, crew.vehicle),
      ...crew.plant.map((code) => one('plant', fleet.plant, code)),
      ...personCodes(crew).map((code) => one('person', fleet.persons, code)),
    ],
  };
}

/** The folder names what the database does not know: `installCity` has not run with it. */
class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
  constructor(what: string) {
    super(`${what} is in the city's folder and not in the database: install the city first.`);
  }
}
