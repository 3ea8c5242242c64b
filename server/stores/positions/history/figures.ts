import { greatCircleMetres } from '../../../../routing/units.ts';

/** A step this short between two fixes of a vehicle that stands is the receiver's noise, not driving. */
export const NOISE_METRES = 30;
export const STANDING_MPS = 1;
/** Between two fixes further apart nobody knows whether it moved: the metres count, the time does not. */
const LONGEST_STEP_MILLIS = 300_000;

/** One trustworthy point, for figures. */
export interface FigurePoint {
  /** Milliseconds since 1970, corrected. */
  readonly at: number;
  readonly lon: number;
  readonly lat: number;
  /** NaN = not said. */
  readonly speedMps: number;
}

/** What points, in the order of time, add up to. */
export class DrivingFigures {
  points = 0;
  metres = 0;
  movingMillis = 0;
  firstAt = Infinity;
  lastAt = -Infinity;
  private last: FigurePoint | null = null;

  /** Straight from point to point, so a stretch without signal counts by its straight line. */
  add(point: FigurePoint): void {
    this.points++;
    this.firstAt = Math.min(this.firstAt, point.at);
    this.lastAt = Math.max(this.lastAt, point.at);
    const { last } = this;
    this.last = point;
    if (last === null) return;
    const metres = greatCircleMetres(last, point);
    const fast = Math.max(known(last.speedMps), known(point.speedMps)) >= STANDING_MPS;
    if (metres < NOISE_METRES && !fast) return;
    this.metres += metres;
    const millis = point.at - last.at;
    if (millis <= LONGEST_STEP_MILLIS) this.movingMillis += millis;
  }
}

const known = (speedMps: number): number => (Number.isNaN(speedMps) ? 0 : speedMps);
