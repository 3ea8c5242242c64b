import { DateTime } from 'luxon';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import type { Streets } from '../../server/stores/city/streets.ts';
import { chanceOf, type Chance } from './chance.ts';

/** A report that nobody made. Its source says so wherever it shows. */
export interface InventedRequest {
  readonly source: 'invented';
  /** Unique within one seed and date, e.g. `invented-1-2026-03-02-0042`. */
  readonly sourceId: string;
  /** Code of a request type of the city's catalogue. */
  readonly serviceType: string;
  readonly lon: number;
  readonly lat: number;
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly reportedAt: string;
  /** The report it repeats: the same thing seen by somebody else. The system under test never gets this. */
  readonly repeats: string | null;
}

export interface DemandOptions {
  readonly seed: number;
  /** Local date in the city's zone, `2026-03-02`. */
  readonly date: string;
  /** Reports on that day; the city's own `demand.json` says what is usual. */
  readonly perDay?: number;
}

/** The city has no `demand.json`: its requests are real ones, and none are invented. */
export class NoDemand extends Error {
  override readonly name = 'NoDemand';
}

/** People report from the pavement, not from the middle of the road. */
const BESIDE_THE_ROAD_METRES = 12;
/** How long after the first a second person reports the same thing, on average. */
const REPEAT_HOURS = 3;
const METRES_PER_DEGREE = 111_195;

/**
 * One day's invented reports over real streets, in the order of their times: hours, kinds and repeats as
 * `demand.json` says. The same city, streets, seed and date give the same rows. Throws NoDemand, RangeError on a bad date.
 */
export function generateDemand(city: CityConfig, streets: Streets, options: DemandOptions): InventedRequest[] {
  const { demand } = city;
  if (!demand)
    throw new NoDemand(`cities/${city.name} has no demand.json: its requests are real ones. Import them, or write that file.`);
  const day = DateTime.fromISO(options.date, { zone: city.zone });
  if (!day.isValid) throw new RangeError(`"${options.date}" is not a date like 2026-03-02.`);
  const endOfDay = day.plus({ days: 1 });
  const chance = chanceOf(options.seed, `demand ${city.name} ${options.date}`);
  const kinds = Object.entries(demand.shares);
  const [west, south, east, north] = city.bounds;

  const drafts: Draft[] = [];
  const count = options.perDay ?? demand.perDay;
  while (drafts.length < count) {
    const first = chance.next() < demand.duplicateShare && drafts.length > 0 ? origin(chance.pick(drafts)) : null;
    const place = first
      ? beside(first, demand.duplicateMetres, chance)
      : beside(streets.randomPoint(chance.next), BESIDE_THE_ROAD_METRES, chance);
    const at = first
      ? first.at.plus({ minutes: -Math.log(1 - chance.next()) * REPEAT_HOURS * 60 })
      : timeOfDay(day, endOfDay, demand.hours, chance);
    const serviceType = first?.serviceType ?? weighted(kinds, chance);
    // The roads may reach further than the city, and a repeat may fall into tomorrow.
    if (at >= endOfDay || place.lon < west || place.lon > east || place.lat < south || place.lat > north) continue;
    drafts.push({ source: 'invented', serviceType, ...place, address: streets.describe(place), at, repeats: first });
  }

  drafts.sort((a, b) => a.at.toMillis() - b.at.toMillis());
  const ids = new Map(
    drafts.map((draft, i) => [draft, `invented-${options.seed}-${options.date}-${String(i + 1).padStart(4, '0')}`]),
  );
  return drafts.map((draft) => ({
    source: draft.source,
    sourceId: ids.get(draft) ?? '',
    serviceType: draft.serviceType,
    lon: draft.lon,
    lat: draft.lat,
    address: draft.address,
    reportedAt: draft.at.toUTC().toISO() ?? '',
    repeats: draft.repeats && (ids.get(draft.repeats) ?? null),
  }));
}

interface Draft extends Omit<InventedRequest, 'sourceId' | 'repeats' | 'reportedAt'> {
  readonly at: DateTime;
  readonly repeats: Draft | null;
}

/** A repeat of a repeat is about the first thing. */
const origin = (draft: Draft): Draft => (draft.repeats ? origin(draft.repeats) : draft);

/** Anywhere within so many metres, all places alike. */
function beside(point: { lon: number; lat: number }, metres: number, chance: Chance): { lon: number; lat: number } {
  const away = metres * Math.sqrt(chance.next());
  const angle = 2 * Math.PI * chance.next();
  const degree = METRES_PER_DEGREE * Math.cos((point.lat * Math.PI) / 180);
  const seven = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
  return {
    lon: seven(point.lon + (away * Math.cos(angle)) / degree),
    lat: seven(point.lat + (away * Math.sin(angle)) / METRES_PER_DEGREE),
  };
}

/** A moment of the day by the frequencies of its hours; a day on which the clocks change has 23 or 25 of them. */
function timeOfDay(day: DateTime, endOfDay: DateTime, hours: readonly number[], chance: Chance): DateTime {
  const hour = Number(
    weighted(
      hours.map((share, i) => [String(i), share] as const),
      chance,
    ),
  );
  const at = day.set({ hour }).plus({ seconds: chance.below(3_600) });
  return at < endOfDay ? at : endOfDay.minus({ seconds: 1 });
}

function weighted(shares: readonly (readonly [name: string, share: number])[], chance: Chance): string {
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  let left = chance.next() * total;
  for (const [name, share] of shares) {
    left -= share;
    if (left < 0) return name;
  }
  return shares.at(-1)?.[0] ?? '';
}
