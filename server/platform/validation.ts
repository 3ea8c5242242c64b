import { ZodError, type z } from 'zod';
import { Problem, type FieldError } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** At most this many fields are named: one wrong batch of a thousand says the same thing a thousand times. */
const MOST_ERRORS = 50;

/**
 * Parses with the schema; what no schema forbids and no database takes is refused first.
 * @throws Problem 400 `invalid-input` that names every field and what is wrong with it.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  if (!isStorable(input, 0)) throw invalidInput(unstorableValues(input), what);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(fieldErrors(parsed.error), what);
}

/** The problem for these fields: the first is said in the sentence, all of them are listed. */
export function invalidInput(fields: readonly FieldError[], what: string): Problem {
  const [first] = fields;
  const where = first && first.path !== '' ? `${first.path} ${first.message}` : (first?.message ?? 'it is not valid');
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  return new Problem(400, 'invalid-input', `The ${what} cannot be used: ${where}${more}.`, { fields });
}

/** What zod found, as dotted paths and sentences. */
export function fieldErrors(error: ZodError): FieldError[] {
  return error.issues.flatMap((issue) => sayIssue(issue, [])).slice(0, MOST_ERRORS);
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, 200);

function sayIssue(issue: Issue, before: readonly PropertyKey[]): FieldError[] {
  const path = [...before, ...issue.path];
  const say = (message: string): FieldError[] => [{ path: dotted(path), message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_ERRORS).map((key) => ({ path: dotted([...path, key]), message: 'is not a known field' }));
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return say('is missing');
      if (issue.expected === 'int') return say('must be a whole number');
      return say(`must be ${article(issue.expected)}`);
    case 'invalid_value':
      return say(`must be one of ${issue.values.map(String).join(', ')}`);
    case 'too_small':
      return say(`must be ${sized(issue.origin, `at least ${String(issue.minimum)}`)}`);
    case 'too_big':
      return say(`must be ${sized(issue.origin, `at most ${String(issue.maximum)}`)}`);
    case 'invalid_format':
      return say(FORMATS[issue.format] ?? `must be written as ${issue.format}`);
    case 'invalid_union':
      return sayUnion(issue, path);
    default:
      return say(issue.message.replace(/^Invalid input: /, ''));
  }
}

/** Of the shapes it could have been, the one with the fewest faults is what the caller meant. */
function sayUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: readonly PropertyKey[]): FieldError[] {
  const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0];
  if (nearest !== undefined && nearest.length > 0) return nearest.flatMap((inner) => sayIssue(inner, path));
  return [{ path: dotted(path), message: 'is none of the known kinds' }];
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'must be an id (UUID)',
  datetime: 'must be a time like 2026-01-27T08:30:00Z',
  date: 'must be a date like 2026-01-27',
  url: 'must be a web address',
  email: 'must be a mail address',
};

const article = (expected: string): string => (/^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`);

const sized = (origin: string, limit: string): string => {
  if (origin === 'string') return `${limit} characters long`;
  return origin === 'array' || origin === 'set' ? `${limit} items long` : limit;
};

/** Deeper than JSON bodies may be; a socket's message has no such limit of its own. */
const MOST_DEPTH = 64;
/** A whole value that is a date or a time, as the schemas take them. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** Whether `unstorableValues` finds nothing: it is asked of every message, and where each value stands only where one is wrong. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isText(value) && !isImpossibleMoment(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  if (depth >= MOST_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const inner of value) if (!isStorable(inner, depth + 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) {
    if (!isText(key) || !isStorable((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
  }
  return true;
}

/**
 * Text and times that pass as JSON and that PostgreSQL refuses or nobody can mean: a NUL, half a surrogate pair, a
 * moment before 1970 (where a clock without a battery starts) or after 2200.
 */
function unstorableValues(input: unknown): FieldError[] {
  const found: FieldError[] = [];
  const say = (path: readonly PropertyKey[], message: string): void => void found.push({ path: dotted(path), message });
  const look = (value: unknown, path: readonly PropertyKey[]): void => {
    if (found.length >= MOST_ERRORS) return;
    if (typeof value === 'string') {
      if (!isText(value)) say(path, 'holds a character that is not text (NUL, or half of a pair)');
      else if (isImpossibleMoment(value)) say(path, 'must be a time between 1970 and 2200');
      return;
    }
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (path.length >= MOST_DEPTH) return say(path.slice(0, 3), `is nested more than ${MOST_DEPTH} deep`);
    for (const [key, inner] of Object.entries(value)) {
      if (isText(key)) look(inner, [...path, key]);
      else say(path, 'has a name that is not text');
    }
  };
  look(input, []);
  return found;
}

const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const isImpossibleMoment = (text: string): boolean => (text < '1970' || text >= '2201') && MOMENT.test(text);

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/**
 * Points that lie in the city only when lon and lat are exchanged: the commonest mistake there is, and one that
 * every range check lets through where both numbers are small.
 */
export function swappedPoints(input: unknown, bounds: Bounds | null): FieldError[] {
  const found: FieldError[] = [];
  const within = (lon: number, lat: number): boolean =>
    bounds !== null && lon >= bounds.west && lon <= bounds.east && lat >= bounds.south && lat <= bounds.north;
  const look = (value: unknown, path: readonly PropertyKey[]): void => {
    if (typeof value !== 'object' || value === null || found.length >= MOST_ERRORS) return;
    if ('lon' in value && 'lat' in value && typeof value.lon === 'number' && typeof value.lat === 'number') {
      const { lon, lat } = value;
      const impossible = Math.abs(lat) > 90 && Math.abs(lat) <= 180 && Math.abs(lon) <= 90;
      if (impossible || (!within(lon, lat) && within(lat, lon))) {
        found.push({ path: dotted(path), message: 'looks as if lon and lat were exchanged (lon is east-west, lat north-south)' });
      }
    }
    for (const [key, inner] of Object.entries(value)) look(inner, [...path, key]);
  };
  look(input, []);
  return found;
}
