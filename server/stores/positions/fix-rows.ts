/** One GPS reading as it is kept: whose, when by three clocks, where, and what was found about it. */
export interface StoredFix {
  readonly deviceId: string;
  /** The vehicle the device was bound to at that time; null = bound to none. */
  readonly vehicleId: string | null;
  readonly deviceSeq: number;
  /** The device's own clock. */
  readonly fixTime: Date;
  /** The device's clock put right by the clock of the request that brought it. */
  readonly correctedTime: Date;
  readonly receivedAt: Date;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres: number | null;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  /** The kind of device that says so: crew_phone or tracker. */
  readonly source: string;
  /** Bits of FIX_FLAGS. */
  readonly flags: number;
}

/** The key of a fix: the same key again is the same fix. */
export const fixKey = (fix: Pick<StoredFix, 'deviceId' | 'fixTime' | 'deviceSeq'>): string =>
  `${fix.deviceId}/${fix.fixTime.getTime()}/${fix.deviceSeq}`;

const LEAST_CAPACITY = 256;
const FIGURES = [
  'deviceSeq',
  'fixMillis',
  'correctedMillis',
  'receivedMillis',
  'lon',
  'lat',
  'accuracyMetres',
  'speedMps',
  'headingDegrees',
  'flags',
] as const;
type Figure = (typeof FIGURES)[number];
type Figures = Record<Figure, Float64Array<ArrayBuffer>>;

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
  private readonly figures: Figures;
  private capacity: number;

  constructor(capacity = LEAST_CAPACITY) {
    this.capacity = capacity;
    const make = (): Float64Array<ArrayBuffer> => new Float64Array(capacity);
    this.figures = Object.fromEntries(FIGURES.map((figure) => [figure, make()])) as Figures;
  }

  static of(fixes: readonly StoredFix[]): FixRows {
    const rows = new FixRows(fixes.length);
    for (const fix of fixes) rows.push(fix);
    return rows;
  }

  push(fix: StoredFix, flags = fix.flags): void {
    const row = this.size;
    if (row === this.capacity) this.grow();
    this.size++;
    this.deviceIds.push(fix.deviceId);
    this.vehicleIds.push(fix.vehicleId);
    this.sources.push(fix.source);
    const { figures } = this;
    figures.deviceSeq[row] = fix.deviceSeq;
    figures.fixMillis[row] = fix.fixTime.getTime();
    figures.correctedMillis[row] = fix.correctedTime.getTime();
    figures.receivedMillis[row] = fix.receivedAt.getTime();
    figures.lon[row] = fix.lon;
    figures.lat[row] = fix.lat;
    figures.accuracyMetres[row] = fix.accuracyMetres ?? NaN;
    figures.speedMps[row] = fix.speedMps ?? NaN;
    figures.headingDegrees[row] = fix.headingDegrees ?? NaN;
    figures.flags[row] = flags;
  }

  /** A figure of every row: times in milliseconds since 1970, what is not known NaN. Valid until the next `push`. */
  column(figure: Figure): Float64Array {
    return this.figures[figure].subarray(0, this.size);
  }

  at(figure: Figure, row: number): number {
    return this.figures[figure][row]!;
  }

  /** Those for which it is true, in their order. */
  filter(isWanted: (row: number) => boolean): FixRows {
    const some = new FixRows(this.size);
    for (let row = 0; row < this.size; row++) {
      if (!isWanted(row)) continue;
      some.deviceIds.push(this.deviceIds[row]!);
      some.vehicleIds.push(this.vehicleIds[row]!);
      some.sources.push(this.sources[row]!);
      for (const figure of FIGURES) some.figures[figure][some.size] = this.figures[figure][row]!;
      some.size++;
    }
    return some;
  }

  /** See `fixKey`. */
  key(row: number): string {
    return `${this.deviceIds[row]!}/${this.at('fixMillis', row)}/${this.at('deviceSeq', row)}`;
  }

  private grow(): void {
    this.capacity = Math.max(LEAST_CAPACITY, this.capacity * 2);
    for (const figure of FIGURES) {
      const larger = new Float64Array(this.capacity);
      larger.set(this.figures[figure]);
      this.figures[figure] = larger;
    }
  }
}
