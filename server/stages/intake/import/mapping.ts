import { DateTime } from 'luxon';
import { z } from 'zod';
import type { CsvRow } from './read-csv.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** One column of the file, or several names for it: the first one the file has is read. */
const Column = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** What the source's own status words mean here. `open` is the only one that may become work. */
export const SourceStatus = z.enum(['open', 'closed', 'duplicate', 'cancelled']);
export type SourceStatus = z.infer<typeof SourceStatus>;

/** How one source's CSV file is read: plain data, so that a city can write its own as JSON (`--source FILE.json`). */
export const SourceMapping = z.strictObject({
  /** Stored with every case; (source, source id) is what makes a request the same one again. */
  source: z.string().min(1).max(40),
  columns: z.strictObject({
    sourceId: Column,
    serviceType: Column,
    reportedAt: Column,
    lon: Column.optional(),
    lat: Column.optional(),
    address: Column.optional(),
    status: Column.optional(),
    closedAt: Column.optional(),
    updatedAt: Column.optional(),
    words: Column.optional(),
    contactName: Column.optional(),
    contactEmail: Column.optional(),
    contactPhone: Column.optional(),
  }),
  /** `iso`, or a Luxon format such as `yyyy/MM/dd HH:mm:ssZ`. Times without an offset are in the city's zone. */
  timeFormat: z.string().default('iso'),
  /** The source's word for a service -> a code of the city's catalogue; a word left out is looked up there by itself. */
  services: z.record(z.string(), z.string()).default({}),
  /** A service of the catalogue for every word it does not know; left out, such rows are refused. */
  otherService: z.string().optional(),
  /** The source's status words; an unknown one counts as open. */
  statuses: z.record(z.string(), SourceStatus).default({}),
  /** Areas the source names itself: the column holds the area's code. */
  areas: z.array(z.strictObject({ kind: z.string(), column: z.string() })).default([]),
  /** Points the source writes when it knows no place; 0,0 always is one. */
  dummyPoints: z.array(z.strictObject({ lon: z.number(), lat: z.number() })).default([]),
});
export type SourceMapping = z.infer<typeof SourceMapping>;

/** What the rows are checked against. */
export interface MappingCity {
  readonly zone: string;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** The catalogue's code for a word: a code, a label or a name that sources use; undefined when it knows none. */
  readonly serviceCode: (word: string) => string | undefined;
  /** The codes, for the sentence that refuses one. */
  readonly serviceCodes: readonly string[];
}

/** One request of the file, in our words; not located yet. */
export interface MappedRequest {
  readonly line: number;
  readonly sourceId: string;
  readonly serviceType: string;
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly address: string | null;
  readonly reportedAt: Date;
  readonly status: SourceStatus;
  /** The source's own word. */
  readonly sourceStatus: string | null;
  readonly closedAt: Date | null;
  readonly updatedAt: Date | null;
  readonly words: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly phone: string | null } | null;
  /** `ward:7` */
  readonly areaCodes: readonly string[];
}

/** Why a row stays out: which column, what stood there, and a sentence a person can act on. */
export interface Refusal {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

export type MapRow = (row: CsvRow) => MappedRequest | Refusal;

export const isRefusal = (mapped: MappedRequest | Refusal): mapped is Refusal => 'reason' in mapped;

/** Thrown inside one row's mapping only, and turned into a Refusal there. */
class Refused extends Error {
  readonly column: string;
  readonly value: string;
  constructor(column: string, value: string, reason: string) {
    super(reason);
    this.column = column;
    this.value = value;
  }
}

type Field = keyof SourceMapping['columns'];
const NEEDED: readonly Field[] = ['sourceId', 'serviceType', 'reportedAt'];
const LONGEST = { sourceId: 200, address: 500, words: 4000, contact: 200 } as const;

/**
 * Makes the function that maps each row after the header.
 * @throws UnreadableFile when the header lacks a column that the mapping needs, or has one twice.
 */
export function mapRows(mapping: SourceMapping, header: CsvRow, city: MappingCity, now: Date, file: string): MapRow {
  const columns = findColumns(mapping, header, file);
  const names = header.cells.map((name) => name.trim());
  const areas = mapping.areas.map(({ kind, column }) => ({ kind, at: names.indexOf(column) })).filter(({ at }) => at !== -1);
  const latest = now.getTime() + 24 * 3600_000;

  return (row) => {
    const cell = (field: Field): string => {
      const at = columns.get(field);
      return at === undefined ? '' : (row.cells[at] ?? '').trim();
    };
    const nameOf = (field: Field): string => names[columns.get(field) ?? -1] ?? field;
    const within = (field: Field, most: number): string | null => {
      const text = cell(field);
      if (text.length > most) {
        throw new Refused(nameOf(field), `${text.slice(0, 60)}…`, `is longer than ${most} characters (${text.length})`);
      }
      return text === '' ? null : text;
    };
    const time = (field: Field): Date | null => {
      const text = cell(field);
      if (text === '') return null;
      const at = parseTime(text, mapping.timeFormat, city.zone);
      if (at === null) {
        const shape =
          mapping.timeFormat === 'iso'
            ? 'an ISO 8601 time such as 2026-01-27T14:05:00Z'
            : `a time written as ${mapping.timeFormat}`;
        throw new Refused(nameOf(field), text, `is not ${shape}`);
      }
      const year = at.getUTCFullYear();
      if (year < FIRST_YEAR || year > LAST_YEAR) {
        throw new Refused(nameOf(field), text, `lies outside the years ${FIRST_YEAR} to ${LAST_YEAR}`);
      }
      return at;
    };
    try {
      if (row.cells.length !== names.length) {
        const reason =
          `the row has ${row.cells.length} cells and the header ${names.length}: ` +
          (row.cells.length < names.length ? 'something is missing' : 'a text with a separator in it may lack its quotes');
        throw new Refused('(whole row)', row.cells.join(',').slice(0, 120), reason);
      }
      const sourceId = within('sourceId', LONGEST.sourceId);
      if (sourceId === null) throw new Refused(nameOf('sourceId'), '', 'is empty: every request needs the id its source gave it');
      const serviceType = serviceOf(cell('serviceType'), nameOf('serviceType'), mapping, city);
      const place = placeOf(
        { name: nameOf('lon'), text: cell('lon') },
        { name: nameOf('lat'), text: cell('lat') },
        mapping.dummyPoints,
        city.bounds,
      );
      const reportedAt = time('reportedAt');
      if (reportedAt === null) throw new Refused(nameOf('reportedAt'), '', 'is empty: when was it reported?');
      if (reportedAt.getTime() > latest) throw new Refused(nameOf('reportedAt'), cell('reportedAt'), 'lies in the future');
      const sourceStatus = within('status', LONGEST.contact);
      const contact = {
        name: within('contactName', LONGEST.contact),
        email: within('contactEmail', LONGEST.contact),
        phone: within('contactPhone', LONGEST.contact),
      };
      return {
        line: row.line,
        sourceId,
        serviceType,
        place,
        address: within('address', LONGEST.address),
        reportedAt,
        status: sourceStatus === null ? 'open' : (mapping.statuses[sourceStatus] ?? 'open'),
        sourceStatus,
        closedAt: time('closedAt'),
        updatedAt: time('updatedAt'),
        words: within('words', LONGEST.words),
        contact: contact.name === null && contact.email === null && contact.phone === null ? null : contact,
        areaCodes: areas
          .map(({ kind, at }) => ({ kind, code: (row.cells[at] ?? '').trim() }))
          .filter(({ code }) => code !== '')
          .map(({ kind, code }) => `${kind}:${code}`),
      };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { line: row.line, column: error.column, value: error.value, reason: error.message };
    }
  };
}

function findColumns(mapping: SourceMapping, header: CsvRow, file: string): Map<Field, number> {
  const names = header.cells.map((name) => name.trim());
  const found = new Map<Field, number>();
  const missing: string[] = [];
  for (const [field, column] of Object.entries(mapping.columns) as [Field, string | string[] | undefined][]) {
    if (column === undefined) continue;
    const candidates = typeof column === 'string' ? [column] : column;
    const name = candidates.find((candidate) => names.includes(candidate));
    if (name === undefined) {
      if (NEEDED.includes(field) || field === 'lon' || field === 'lat') missing.push(candidates.join(' or '));
      continue;
    }
    const at = names.indexOf(name);
    const again = names.indexOf(name, at + 1);
    if (again !== -1) {
      throw new UnreadableFile(
        `${file}: the header has the column ${name} twice (columns ${at + 1} and ${again + 1}). Name one of them otherwise.`,
        {
          line: header.line,
          column: again + 1,
        },
      );
    }
    found.set(field, at);
  }
  if (missing.length > 0) {
    throw new UnreadableFile(
      `${file}: the header (line ${header.line}) lacks ${missing.map((name) => `"${name}"`).join(', ')}, which the mapping of source ` +
        `"${mapping.source}" reads. It has: ${names.map((name) => `"${name}"`).join(', ')}. Take another --source, or write a mapping file.`,
      { line: header.line, column: 1 },
    );
  }
  return found;
}

function serviceOf(word: string, column: string, mapping: SourceMapping, city: MappingCity): string {
  if (word === '') throw new Refused(column, '', 'is empty: what was reported?');
  const code =
    city.serviceCode(mapping.services[word] ?? word) ?? (mapping.otherService && city.serviceCode(mapping.otherService));
  if (code !== undefined && code !== '') return code;
  const known = city.serviceCodes.slice(0, 12).join(', ') + (city.serviceCodes.length > 12 ? ', …' : '');
  throw new Refused(column, word, `is not in the city's service catalogue, which knows: ${known}`);
}

interface Coordinate {
  readonly name: string;
  readonly text: string;
}

function placeOf(
  lonCell: Coordinate,
  latCell: Coordinate,
  dummies: readonly { readonly lon: number; readonly lat: number }[],
  [west, south, east, north]: MappingCity['bounds'],
): { lon: number; lat: number } | null {
  if (lonCell.text === '' && latCell.text === '') return null;
  const lon = degreesOf(lonCell);
  const lat = degreesOf(latCell);
  if ((lon === 0 && lat === 0) || dummies.some((dummy) => dummy.lon === lon && dummy.lat === lat)) return null;
  const inside = (x: number, y: number): boolean => x >= west && x <= east && y >= south && y <= north;
  if (!inside(lon, lat) && inside(lat, lon)) {
    throw new Refused(
      latCell.name,
      `${lonCell.text}, ${latCell.text}`,
      `looks swapped: longitude ${lat} and latitude ${lon} lie in the city`,
    );
  }
  if (Math.abs(lon) > 180)
    throw new Refused(lonCell.name, lonCell.text, 'is no longitude: it must lie between -180 and 180 degrees');
  if (Math.abs(lat) > 90) throw new Refused(latCell.name, latCell.text, 'is no latitude: it must lie between -90 and 90 degrees');
  return { lon, lat };
}

function degreesOf({ name, text }: Coordinate): number {
  if (text === '') throw new Refused(name, '', 'is empty while the other coordinate is given');
  if (/^-?\d+,\d+$/.test(text)) throw new Refused(name, text, 'has a decimal comma: write degrees with a point');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Refused(name, text, 'is not a number of degrees');
  return Number(text);
}

/** Before it nobody reports by file; sources write 1900 for "never". A year 0 is no time that a database takes. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Luxon takes some 20 µs a time; the usual form is read by the engine itself. */
function parseTime(text: string, format: string, zone: string): Date | null {
  if (format === 'iso' && ISO_WITH_OFFSET.test(text)) {
    const at = new Date(text.replace(' ', 'T'));
    if (!Number.isNaN(at.getTime())) return at;
  }
  const at = format === 'iso' ? DateTime.fromISO(text.replace(' ', 'T'), { zone }) : DateTime.fromFormat(text, format, { zone });
  return at.isValid ? at.toJSDate() : null;
}
