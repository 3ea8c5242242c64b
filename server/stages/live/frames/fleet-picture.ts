import type { VehicleMove } from '../../../stores/positions/store.ts';
import { ENTRY_BITS, hundredths, POSITION_SOURCES } from './contract.ts';

const NOT_KNOWN_16 = 65_535;
const NOT_KNOWN_8 = 255;

/**
 * Where every vehicle is now, in columns: an index for each vehicle, given once and never again to another. Of each, the tick
 * in which it last changed, so that any client can be told what it has missed, however long that was.
 */
export class FleetPicture {
  /** Of the changes that come now; `nextTick` closes it. */
  tick = 1;
  /** Rises with each change of the roster. */
  rosterVersion = 0;
  size = 0;
  readonly vehicleIds: string[] = [];
  readonly shiftIds: (string | null)[] = [];
  private readonly indexOf = new Map<string, number>();
  private readonly organisations = new Map<string, number>();

  lonE7 = new Int32Array(0);
  latE7 = new Int32Array(0);
  /** Where it was before this tick, while it has changed in this tick. */
  lonBefore = new Int32Array(0);
  latBefore = new Int32Array(0);
  /** Time of the fix, hundredths of a second since 1970. */
  time = new Float64Array(0);
  delay = new Uint16Array(0);
  accuracy = new Uint16Array(0);
  speed = new Uint8Array(0);
  heading = new Uint8Array(0);
  source = new Uint8Array(0);
  bits = new Uint8Array(0);
  changedTick = new Uint32Array(0);
  rosterChanged = new Uint32Array(0);
  /** Number of its organisation. */
  organisation = new Uint16Array(0);
  private changed = new Int32Array(0);
  private changedCount = 0;

  /** The number of an organisation, made when it is first heard of. */
  organisationNumber(organisationId: string): number {
    const known = this.organisations.get(organisationId);
    if (known !== undefined) return known;
    const number = this.organisations.size;
    this.organisations.set(organisationId, number);
    return number;
  }

  /** Takes where a vehicle is; a place that is older than the one known changes nothing. */
  take({ organisationId, shiftId, marker }: VehicleMove): void {
    const time = hundredths(marker.time.getTime());
    let i = this.indexOf.get(marker.vehicleId);
    if (i === undefined) i = this.add(marker.vehicleId, organisationId, shiftId);
    else if (time <= this.time[i]! && this.bits[i] === 0) return;
    if (this.shiftIds[i] !== shiftId) this.setShift(i, shiftId);
    this.touch(i);
    this.lonE7[i] = Math.round(marker.lon * 1e7);
    this.latE7[i] = Math.round(marker.lat * 1e7);
    this.time[i] = time;
    const delay = (marker.receivedAt.getTime() - marker.time.getTime()) / 100;
    this.delay[i] = Math.min(NOT_KNOWN_16 - 1, Math.max(0, Math.round(delay)));
    this.accuracy[i] =
      marker.accuracyMetres === null ? NOT_KNOWN_16 : Math.min(NOT_KNOWN_16 - 1, Math.round(marker.accuracyMetres));
    this.speed[i] = marker.speedMps === null ? NOT_KNOWN_8 : Math.min(NOT_KNOWN_8 - 1, Math.round(marker.speedMps * 2));
    this.heading[i] =
      marker.headingDegrees === null ? NOT_KNOWN_8 : Math.round(((marker.headingDegrees % 360) * 254) / 360) % 254;
    this.source[i] = Math.max(0, (POSITION_SOURCES as readonly string[]).indexOf(marker.source));
    this.bits[i] = 0;
  }

  /** The vehicle has begun or ended a shift. */
  setShift(i: number, shiftId: string | null): void {
    this.shiftIds[i] = shiftId;
    this.rosterChanged[i] = ++this.rosterVersion;
  }

  /** Says of vehicles that the server which hears them does not answer. */
  markCutOff(vehicleId: string): void {
    const i = this.indexOf.get(vehicleId);
    if (i === undefined || (this.bits[i]! & ENTRY_BITS.cut_off) !== 0) return;
    this.touch(i);
    this.bits[i]! |= ENTRY_BITS.cut_off;
  }

  /** What has changed since the last call, and opens the next tick. Valid until the next call. */
  nextTick(): { readonly tick: number; readonly changed: Int32Array } {
    const closed = { tick: this.tick, changed: this.changed.subarray(0, this.changedCount) };
    this.tick++;
    this.changedCount = 0;
    return closed;
  }

  /** Everything that has changed after a tick. */
  changedSince(tick: number): Int32Array {
    const found = new Int32Array(this.size);
    let count = 0;
    for (let i = 0; i < this.size; i++) if (this.changedTick[i]! > tick) found[count++] = i;
    return found.subarray(0, count);
  }

  private touch(i: number): void {
    if (this.changedTick[i] === this.tick) return;
    this.changedTick[i] = this.tick;
    this.lonBefore[i] = this.lonE7[i]!;
    this.latBefore[i] = this.latE7[i]!;
    if (this.changedCount === this.changed.length) this.changed = grown(this.changed, this.size);
    this.changed[this.changedCount++] = i;
  }

  private add(vehicleId: string, organisationId: string, shiftId: string | null): number {
    const i = this.size++;
    if (i === this.time.length) this.grow(Math.max(64, i * 2));
    this.indexOf.set(vehicleId, i);
    this.vehicleIds[i] = vehicleId;
    this.organisation[i] = this.organisationNumber(organisationId);
    this.setShift(i, shiftId);
    return i;
  }

  private grow(size: number): void {
    this.lonE7 = grown(this.lonE7, size);
    this.latE7 = grown(this.latE7, size);
    this.lonBefore = grown(this.lonBefore, size);
    this.latBefore = grown(this.latBefore, size);
    this.time = grown(this.time, size);
    this.delay = grown(this.delay, size);
    this.accuracy = grown(this.accuracy, size);
    this.speed = grown(this.speed, size);
    this.heading = grown(this.heading, size);
    this.source = grown(this.source, size);
    this.bits = grown(this.bits, size);
    this.changedTick = grown(this.changedTick, size);
    this.rosterChanged = grown(this.rosterChanged, size);
    this.organisation = grown(this.organisation, size);
  }
}

type Column =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

function grown<C extends Column>(column: C, size: number): C {
  const larger = new (column.constructor as new (length: number) => C)(Math.max(size, column.length * 2, 64));
  larger.set(column as never);
  return larger;
}
