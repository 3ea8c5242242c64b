import {
  ENTRY_BITS,
  FRAME_BITS,
  FRAME_VERSION,
  hashEntry,
  HEADER_BYTES,
  hundredths,
  isInView,
  POSITION_SOURCES,
  type RosterEntry,
  type View,
} from '../../server/stages/live/frames/contract.ts';
import type { VehicleSpot } from './vehicle-spot.ts';

/** What one frame told. */
export interface FrameNews {
  readonly tick: number;
  /** City time of the frame, milliseconds since 1970. */
  readonly at: number;
  /** Everything in view: vehicles that are not in it are not there. */
  readonly full: boolean;
  readonly spots: readonly VehicleSpot[];
  /** False: what this client holds is not what the server says it should; it asks for all of it. */
  readonly adds: boolean;
}

/** The frame is of a layout that this page does not know: the page is older than the server. */
export class UnknownFrame extends Error {
  override readonly name = 'UnknownFrame';
}

interface Held {
  lonE7: number;
  latE7: number;
  time: number;
}

/** Reads the frames of one connection: the roster says which vehicle each index means. See the server's frames/contract.ts. */
export class FrameReader {
  private readonly roster = new Map<number, RosterEntry>();
  private readonly held = new Map<number, Held>();
  private view: View | null = null;

  takeRoster(entries: readonly RosterEntry[]): void {
    for (const entry of entries) this.roster.set(entry.index, entry);
  }

  /** The shift that a vehicle is in may have become another without a new position. */
  shiftOf(index: number): string | null {
    return this.roster.get(index)?.shiftId ?? null;
  }

  /** The server has taken this view: hashes of later frames are over what lies in it. */
  setView(view: View | null): void {
    this.view = view;
  }

  /** Vehicles this connection knows of. */
  get vehicles(): number {
    return this.roster.size;
  }

  /** @throws UnknownFrame */
  read(frame: ArrayBuffer | Uint8Array): FrameNews {
    const data =
      frame instanceof Uint8Array ? new DataView(frame.buffer, frame.byteOffset, frame.byteLength) : new DataView(frame);
    if (data.byteLength < HEADER_BYTES || data.getUint8(0) !== FRAME_VERSION) throw new UnknownFrame('load this page again');
    const bits = data.getUint8(1);
    const entryBytes = data.getUint16(2, true);
    const tick = data.getUint32(4, true);
    const at = data.getFloat64(8, true);
    const count = data.getUint32(16, true);
    if (data.byteLength < HEADER_BYTES + count * entryBytes) throw new UnknownFrame('the frame is cut short');
    const full = (bits & FRAME_BITS.full) !== 0;
    if (full) this.held.clear();
    const now = hundredths(at);
    const spots: VehicleSpot[] = [];
    for (let k = 0, from = HEADER_BYTES; k < count; k++, from += entryBytes) {
      const index = data.getUint32(from, true);
      const lonE7 = data.getInt32(from + 4, true);
      const latE7 = data.getInt32(from + 8, true);
      const time = now - data.getInt32(from + 12, true);
      const held = this.held.get(index);
      if (held === undefined) this.held.set(index, { lonE7, latE7, time });
      else Object.assign(held, { lonE7, latE7, time });
      const vehicle = this.roster.get(index);
      if (vehicle === undefined) continue;
      spots.push(spotAt(data, from, vehicle, time * 10));
    }
    const hashed = (bits & FRAME_BITS.hashed) !== 0;
    return { tick, at, full, spots, adds: !hashed || this.addsUp(data.getUint32(20, true), data.getUint32(24, true)) };
  }

  private addsUp(hash: number, vehicles: number): boolean {
    let own = 0;
    let count = 0;
    for (const [index, { lonE7, latE7, time }] of this.held) {
      if (this.view !== null && !isInView(this.view, lonE7, latE7)) continue;
      count++;
      own = (own + hashEntry(index, lonE7, latE7, time)) >>> 0;
    }
    return own === hash && count === vehicles;
  }
}

function spotAt(data: DataView, from: number, vehicle: RosterEntry, fixAtMs: number): VehicleSpot {
  const delay = data.getUint16(from + 16, true);
  const accuracy = data.getUint16(from + 18, true);
  const speed = data.getUint8(from + 20);
  const heading = data.getUint8(from + 21);
  return {
    vehicleId: vehicle.vehicleId,
    shiftId: vehicle.shiftId,
    lon: data.getInt32(from + 4, true) / 1e7,
    lat: data.getInt32(from + 8, true) / 1e7,
    fixAtMs,
    receivedAtMs: fixAtMs + (delay === 65_535 ? 0 : delay * 100),
    accuracyMetres: accuracy === 65_535 ? null : accuracy,
    speedMps: speed === 255 ? null : speed / 2,
    headingDegrees: heading === 255 ? null : Math.round((heading * 360) / 254),
    source: POSITION_SOURCES[data.getUint8(from + 22)] ?? 'unknown',
    cutOff: (data.getUint8(from + 23) & ENTRY_BITS.cut_off) !== 0,
  };
}
