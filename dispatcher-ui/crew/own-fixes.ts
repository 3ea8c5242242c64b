import { greatCircleMetres } from '../../routing/units.ts';
import type { SentFix } from '../../server/stores/positions/contract.ts';

/** One reading of the phone's own position. */
export interface Reading {
  readonly atMs: number;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres: number;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
}

/** Fixes of this phone that the server has not acknowledged, and how many it has made in all. */
export interface OwnFixes {
  readonly lastSeq: number;
  readonly unsent: readonly SentFix[];
}

export const NO_FIXES: OwnFixes = { lastSeq: 0, unsent: [] };

const MOVED_METRES = 25;
const MOVING_MPS = 1;
const MOVING_EVERY_MS = 5_000;
const STANDING_EVERY_MS = 60_000;
/** A day's driving without any signal; beyond it the oldest go. */
const MOST_UNSENT = 6_000;

/** Whether a reading says something new: every 25 m or 5 s on the move, once a minute standing still. */
export function isWorthKeeping(last: Reading | null, reading: Reading): boolean {
  if (last === null) return true;
  const passedMs = reading.atMs - last.atMs;
  if (passedMs <= 0) return false;
  const metres = greatCircleMetres(last, reading);
  // Within the error of both readings nothing has moved.
  if (metres >= Math.max(MOVED_METRES, reading.accuracyMetres)) return true;
  return passedMs >= ((reading.speedMps ?? 0) >= MOVING_MPS ? MOVING_EVERY_MS : STANDING_EVERY_MS);
}

/** Gives the reading the next number and puts it at the end. */
export function keepFix(fixes: OwnFixes, reading: Reading): OwnFixes {
  const deviceSeq = fixes.lastSeq + 1;
  const fix: SentFix = {
    deviceSeq,
    fixTime: new Date(reading.atMs).toISOString(),
    lon: Number(reading.lon.toFixed(6)),
    lat: Number(reading.lat.toFixed(6)),
    accuracyMetres: Math.min(100_000, Math.round(reading.accuracyMetres)),
    ...(reading.speedMps === null ? {} : { speedMps: Math.min(200, Number(reading.speedMps.toFixed(1))) }),
    ...(reading.headingDegrees === null ? {} : { headingDegrees: Math.round(reading.headingDegrees) }),
  };
  return { lastSeq: deviceSeq, unsent: [...fixes.unsent, fix].slice(-MOST_UNSENT) };
}

/** The server has everything up to `through`. */
export const acknowledgeFixes = (fixes: OwnFixes, through: number): OwnFixes => ({
  ...fixes,
  unsent: fixes.unsent.filter(({ deviceSeq }) => deviceSeq > through),
});
