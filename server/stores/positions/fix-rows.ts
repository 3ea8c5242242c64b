import type { StoredFix } from './store.ts';

const COLUMNS = 9;
const [SEQ, FIX_TIME, CORRECTED, RECEIVED, LON, LAT, ACCURACY, SPEED, HEADING] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
const LEAST_CAPACITY = 64;

/**
 * Fixes that wait to be written, in columns: of an object for each of ten thousand a second, every one would live just long
 * enough to be a burden (the collector moves what survives it to the heap for old things, which grew by 40 MB a second).
 */
export class FixRows {
  size = 0;
  readonly deviceIds: string[] = [];
  readonly vehicleIds: (string | null)[] = [];
  /** Kinds of device. */
  readonly sources: string[] = [];
  readonly flags: number[] = [];
  /** Row after row. A figure that is not known is NaN. */
  private figures = new Float64Array(LEAST_CAPACITY * COLUMNS);

  static of(fixes: readonly StoredFix[]): FixRows {
    const rows = new FixRows();
    for (const fix of fixes) rows.push(fix);
    return rows;
  }

  push(fix: StoredFix, flags = fix.flags): void {
    const at = this.grownFor(this.size++);
    this.deviceIds.push(fix.deviceId);
    this.vehicleIds.push(fix.vehicleId);
    this.sources.push(fix.source);
    this.flags.push(flags);
    const { figures } = this;
    figures[at + SEQ] = fix.deviceSeq;
    figures[at + FIX_TIME] = fix.fixTime.getTime();
    figures[at + CORRECTED] = fix.correctedTime.getTime();
    figures[at + RECEIVED] = fix.receivedAt.getTime();
    figures[at + LON] = fix.lon;
    figures[at + LAT] = fix.lat;
    figures[at + ACCURACY] = fix.accuracyMetres ?? NaN;
    figures[at + SPEED] = fix.speedMps ?? NaN;
    figures[at + HEADING] = fix.headingDegrees ?? NaN;
  }

  /** Those for which it is true, in their order. */
  filter(isWanted: (row: number) => boolean): FixRows {
    const some = new FixRows();
    for (let row = 0; row < this.size; row++) {
      if (!isWanted(row)) continue;
      const at = some.grownFor(some.size++);
      some.deviceIds.push(this.deviceIds[row]!);
      some.vehicleIds.push(this.vehicleIds[row]!);
      some.sources.push(this.sources[row]!);
      some.flags.push(this.flags[row]!);
      some.figures.set(this.figures.subarray(row * COLUMNS, (row + 1) * COLUMNS), at);
    }
    return some;
  }

  deviceSeq(row: number): number {
    return this.figures[row * COLUMNS + SEQ]!;
  }

  /** Milliseconds since 1970, by the device's own clock. */
  fixMillis(row: number): number {
    return this.figures[row * COLUMNS + FIX_TIME]!;
  }

  correctedMillis(row: number): number {
    return this.figures[row * COLUMNS + CORRECTED]!;
  }

  receivedMillis(row: number): number {
    return this.figures[row * COLUMNS + RECEIVED]!;
  }

  lon(row: number): number {
    return this.figures[row * COLUMNS + LON]!;
  }

  lat(row: number): number {
    return this.figures[row * COLUMNS + LAT]!;
  }

  accuracyMetres(row: number): number {
    return this.figures[row * COLUMNS + ACCURACY]!;
  }

  speedMps(row: number): number {
    return this.figures[row * COLUMNS + SPEED]!;
  }

  headingDegrees(row: number): number {
    return this.figures[row * COLUMNS + HEADING]!;
  }

  /** See `fixKey`. */
  key(row: number): string {
    return `${this.deviceIds[row]!}/${this.fixMillis(row)}/${this.deviceSeq(row)}`;
  }

  private grownFor(row: number): number {
    const at = row * COLUMNS;
    if (at === this.figures.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.figures);
      this.figures = larger;
    }
    return at;
  }
}
