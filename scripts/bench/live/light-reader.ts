import {
  ENTRY_BYTES,
  FRAME_BITS,
  FRAME_VERSION,
  hashEntry,
  HEADER_BYTES,
  hundredths,
  type RosterEntry,
} from '../../../server/stages/live/frames/contract.ts';

/**
 * Reads frames as the screens do and keeps and checks the same picture, but makes no object of each vehicle: sixty screens are
 * sixty machines, here they are one process.
 */
export class LightReader {
  private lonE7 = new Int32Array(1024);
  private latE7 = new Int32Array(1024);
  /** Hundredths of a second; 0 = not held. */
  private time = new Float64Array(1024);
  private readonly vehicleIds: (string | undefined)[] = [];

  takeRoster(entries: readonly RosterEntry[]): void {
    for (const { index, vehicleId } of entries) {
      this.vehicleIds[index] = vehicleId;
      while (index >= this.time.length) this.grow();
    }
  }

  /**
   * @param told given the time of each fix in it (milliseconds since 1970) that is not part of a full picture
   * @returns false when what it holds is not what the server says it should
   */
  read(frame: ArrayBuffer | Uint8Array, told: (fixMillis: number) => void): { readonly adds: boolean; readonly at: number } {
    const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame);
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (data.getUint8(0) !== FRAME_VERSION || data.getUint16(2, true) !== ENTRY_BYTES)
      throw new Error('a frame of another version');
    const bits = data.getUint8(1);
    const at = data.getFloat64(8, true);
    const now = hundredths(at);
    const full = (bits & FRAME_BITS.full) !== 0;
    if (full) this.time.fill(0);
    const end = HEADER_BYTES + data.getUint32(16, true) * ENTRY_BYTES;
    for (let from = HEADER_BYTES; from < end; from += ENTRY_BYTES) {
      const index = data.getUint32(from, true);
      while (index >= this.time.length) this.grow();
      this.lonE7[index] = data.getInt32(from + 4, true);
      this.latE7[index] = data.getInt32(from + 8, true);
      const time = now - data.getInt32(from + 12, true);
      this.time[index] = time;
      if (!full) told(time * 10);
    }
    const adds = (bits & FRAME_BITS.hashed) === 0 || this.addsUp(data.getUint32(20, true), data.getUint32(24, true));
    return { adds, at };
  }

  /** Each vehicle with what is held of it. */
  *held(): Generator<readonly [string, string]> {
    for (let i = 0; i < this.vehicleIds.length; i++) {
      const id = this.vehicleIds[i];
      if (id !== undefined && this.time[i]! > 0) yield [id, `${this.lonE7[i]}/${this.latE7[i]}/${this.time[i]}`];
    }
  }

  private addsUp(hash: number, vehicles: number): boolean {
    let [own, count] = [0, 0];
    for (let i = 0; i < this.time.length; i++) {
      if (this.time[i] === 0) continue;
      count++;
      own = (own + hashEntry(i, this.lonE7[i]!, this.latE7[i]!, this.time[i]!)) >>> 0;
    }
    return own === hash && count === vehicles;
  }

  private grow(): void {
    const larger = this.time.length * 2;
    const [lon, lat, time] = [new Int32Array(larger), new Int32Array(larger), new Float64Array(larger)];
    lon.set(this.lonE7);
    lat.set(this.latE7);
    time.set(this.time);
    [this.lonE7, this.latE7, this.time] = [lon, lat, time];
  }
}
