import type { FixBatch, RelayBatch, SentFix } from './contract.ts';

const MOST_FIXES = 1_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** In UTC, to the millisecond, as `toISOString` writes it. */
const PLAIN_TIME = /^(?:19[7-9]|20|21)\d+-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const PLAIN_TIME_LENGTH = 24;

/**
 * Whether this is a batch as nearly all are: true only of what `FixBatch` takes as it is, and false of much that it takes too
 * (the last days of a month). Ten thousand times a second the schema's own way took a tenth of a core.
 */
export function isPlainFixBatch(input: unknown): input is FixBatch {
  return isPlainBatch(input, isPlainFix);
}

/** The same of what an integrator's program passes on. */
export function isPlainRelayBatch(input: unknown): input is RelayBatch {
  return isPlainBatch(input, isPlainRelayedFix);
}

function isPlainBatch(input: unknown, isPlainOne: (fix: unknown) => boolean): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const { fixes } = input as { fixes?: unknown };
  if (!Array.isArray(fixes) || fixes.length === 0 || fixes.length > MOST_FIXES) return false;
  for (const key in input) {
    if (key === 'sentAt') {
      if (!isPlainTime((input as FixBatch).sentAt)) return false;
    } else if (key !== 'fixes') return false;
  }
  return fixes.every(isPlainOne);
}

function isPlainFix(fix: unknown): boolean {
  if (typeof fix !== 'object' || fix === null) return false;
  for (const key in fix) if (!isPlainValue(key as keyof SentFix, fix)) return false;
  return hasAll(fix);
}

function isPlainRelayedFix(fix: unknown): boolean {
  if (typeof fix !== 'object' || fix === null) return false;
  for (const key in fix) if (key !== 'deviceId' && !isPlainValue(key as keyof SentFix, fix)) return false;
  const { deviceId } = fix as { deviceId?: unknown };
  return typeof deviceId === 'string' && UUID.test(deviceId) && hasAll(fix);
}

const hasAll = (fix: object): boolean => 'deviceSeq' in fix && 'fixTime' in fix && 'lon' in fix && 'lat' in fix;

function isPlainValue(key: keyof SentFix, fix: Partial<SentFix>): boolean {
  switch (key) {
    case 'deviceSeq':
      return Number.isSafeInteger(fix.deviceSeq) && fix.deviceSeq! >= 1;
    case 'fixTime':
      return isPlainTime(fix.fixTime);
    case 'lon':
      return isWithin(fix.lon, -180, 180);
    case 'lat':
      return isWithin(fix.lat, -90, 90);
    case 'accuracyMetres':
      return isWithin(fix.accuracyMetres, 0, 100_000);
    case 'speedMps':
      return isWithin(fix.speedMps, 0, 200);
    case 'headingDegrees':
      return isWithin(fix.headingDegrees, 0, 360);
    case 'valid':
      return typeof fix.valid === 'boolean';
    default:
      return false;
  }
}

const isWithin = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;

const isPlainTime = (text: unknown): boolean =>
  typeof text === 'string' && text.length === PLAIN_TIME_LENGTH && PLAIN_TIME.test(text);
