import type { CrewSeen } from '../state/crew-load.ts';
import { ageText } from '../state/format.ts';
import type { VehicleSpot } from '../state/vehicle-spot.ts';
import type { Place } from '../state/slide.ts';
import type { CrewLook } from './colours.ts';

/** How far a mark's place can be trusted: seen lately, older than the policy, its server away. */
export type MarkSignal = 'fresh' | 'stale' | 'cut_off';

/** One vehicle as the map draws it. */
export interface FleetMark extends Place {
  /** The map's own number of this vehicle. */
  readonly number: number;
  readonly vehicleId: string;
  /** Of its crew; null: it is in none. */
  readonly shiftId: string | null;
  readonly look: CrewLook | 'none';
  readonly signal: MarkSignal;
  readonly label: string;
  /** Degrees; null: it stands, or nobody knows which way it goes. */
  readonly heading: number | null;
}

/** What is shown of a fleet, and at which moment. */
export interface FleetAsk {
  readonly crews: ReadonlyMap<string, Pick<CrewSeen, 'shift' | 'state'>>;
  /** The vehicles' codes, as far as they are known. */
  readonly codes: ReadonlyMap<string, string>;
  readonly nowMs: number;
  readonly freshSeconds: number;
  readonly showsCrews: boolean;
  readonly showsOthers: boolean;
}

const MOVING_MPS = 1;

export function signalOf(spot: VehicleSpot, nowMs: number, freshSeconds: number): MarkSignal {
  if (spot.cutOff) return 'cut_off';
  return nowMs - spot.fixAtMs > freshSeconds * 1000 ? 'stale' : 'fresh';
}

/** The mark of a vehicle at a place, from afar without label and heading; null where it is not shown: its layer is off. */
export function markOf(spot: VehicleSpot, number: number, place: Place, ask: FleetAsk, near = true): FleetMark | null {
  const crew = spot.shiftId === null ? undefined : ask.crews.get(spot.shiftId);
  const isCrew = crew !== undefined && crew.state !== 'ended';
  if (isCrew ? !ask.showsCrews : !ask.showsOthers) return null;
  const signal = signalOf(spot, ask.nowMs, ask.freshSeconds);
  const name = isCrew ? `C${crew.shift.crewNumber}` : (ask.codes.get(spot.vehicleId) ?? '');
  const isMoving = signal === 'fresh' && (spot.speedMps ?? 0) > MOVING_MPS;
  return {
    number,
    vehicleId: spot.vehicleId,
    shiftId: isCrew ? crew.shift.id : null,
    lon: place.lon,
    lat: place.lat,
    look: isCrew ? (crew.state as CrewLook) : 'none',
    signal,
    label: !near ? '' : signal === 'fresh' ? name : `${name} ${ageText((ask.nowMs - spot.fixAtMs) / 1000)}`.trim(),
    heading: near && isMoving ? spot.headingDegrees : null,
  };
}

/** As little as the layers read: what is handed to the map is copied. Which vehicle it is says its number. */
export const featureOf = (mark: FleetMark): GeoJSON.Feature<GeoJSON.Point> => ({
  type: 'Feature',
  id: mark.number,
  geometry: { type: 'Point', coordinates: [mark.lon, mark.lat] },
  properties: {
    look: mark.look,
    signal: mark.signal,
    ...(mark.label === '' ? {} : { label: mark.label }),
    ...(mark.heading === null ? {} : { heading: mark.heading }),
  },
});

/** From what a source holds to what it should hold, in the map library's words. */
export interface MarkChanges {
  readonly add: GeoJSON.Feature[];
  readonly remove: number[];
  readonly update: { readonly id: number; readonly newGeometry: GeoJSON.Point }[];
  readonly count: number;
}

/** A mark that only moved keeps its properties; any other change makes it anew. */
export function changesBetween(before: ReadonlyMap<number, FleetMark>, now: ReadonlyMap<number, FleetMark>): MarkChanges {
  const add: GeoJSON.Feature[] = [];
  const update: MarkChanges['update'] = [];
  for (const mark of now.values()) {
    const known = before.get(mark.number);
    if (known === undefined || !looksAs(known, mark)) add.push(featureOf(mark));
    else if (known.lon !== mark.lon || known.lat !== mark.lat) {
      update.push({ id: mark.number, newGeometry: { type: 'Point', coordinates: [mark.lon, mark.lat] } });
    }
  }
  const remove: number[] = [];
  for (const number of before.keys()) if (!now.has(number)) remove.push(number);
  return { add, remove, update, count: add.length + remove.length + update.length };
}

const looksAs = (a: FleetMark, b: FleetMark): boolean =>
  a.heading === b.heading && a.label === b.label && a.signal === b.signal && a.look === b.look && a.shiftId === b.shiftId;
