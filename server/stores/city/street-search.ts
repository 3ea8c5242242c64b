import type { LonLat } from '../../../routing/units.ts';
import { FIXED, NAMELESS, type StreetFile } from './street-file.ts';

/** A street, or the crossing of two, that somebody asked for by name. */
export interface FoundStreet {
  readonly street: string;
  /** The street it crosses there; null: somewhere on the street. */
  readonly crossing: string | null;
  /** On the road: the crossing, or about the middle of the street. */
  readonly place: LonLat;
}

/** Finds by what somebody typed, best first, at most so many. */
export type SearchStreets = (typed: string, most: number) => FoundStreet[];

const METRES_PER_DEGREE = 111_195.08;
/** Pieces of one name further apart than this are streets of their own: every suburb has its Main Street. */
const APART_METRES = 1_500;
const MOST_PIECES = 3;
const MOST_WORDS = 8;
/** When a street is meant for certain, so many of the answers at most are streets; the rest says where on it. */
const STREETS_BESIDE_CROSSINGS = 4;
/** "and", "near" and "at" in the languages of the cities at hand, and the signs people write for them. */
const BETWEEN = /\s*[&/,+]\s*|\s+(?:and|near|at|by|och|vid|nära|en|naby|x)(?:\s+|$)/iu;
const HOUSE_NUMBER = /^\d+\p{L}?$/u;
/** What a name is cut to when its beginning does not tell. */
const SHORT: Readonly<Record<string, string>> = {
  nw: 'northwest',
  ne: 'northeast',
  sw: 'southwest',
  se: 'southeast',
  rd: 'road',
  ln: 'lane',
  ct: 'court',
  blvd: 'boulevard',
  pkwy: 'parkway',
  hwy: 'highway',
};

/** How people type a name: no capitals, no accents, no signs. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

interface Name {
  readonly index: number;
  readonly plain: string;
  readonly words: readonly string[];
  readonly metres: number;
}
interface Match {
  readonly name: Name;
  /** 0 = the very name; lower is better. */
  readonly rank: number;
}

/** The search over one city's streets; what it needs is made at the first question (30 ms for 50,000 segments). */
export function streetSearch(file: StreetFile): SearchStreets {
  let made: ReturnType<typeof prepare> | null = null;
  return (typed, most) => {
    made ??= prepare(file);
    return search(file, made, typed, most);
  };
}

/** Segments in the order of their names, and what each name is called and how long it is. */
function prepare({ segments, segmentNames, names }: StreetFile) {
  const ends = new Uint32Array(names.length + 1);
  const metres = new Float64Array(names.length);
  segmentNames.forEach((name, segment) => {
    if (name === NAMELESS) return;
    ends[name + 1] = (ends[name + 1] ?? 0) + 1;
    metres[name] = (metres[name] ?? 0) + lengthOf(segments, segment);
  });
  for (let i = 0; i < names.length; i++) ends[i + 1] = (ends[i + 1] ?? 0) + (ends[i] ?? 0);
  const next = ends.slice();
  const byName = new Uint32Array(ends.at(-1) ?? 0);
  segmentNames.forEach((name, segment) => {
    if (name === NAMELESS) return;
    byName[next[name] ?? 0] = segment;
    next[name] = (next[name] ?? 0) + 1;
  });
  const listed = names.map((name, index): Name => {
    const simple = plain(name);
    return { index, plain: simple, words: simple.split(' '), metres: metres[index] ?? 0 };
  });
  return { listed, segmentsOf: (name: number) => byName.subarray(ends[name], ends[name + 1]) };
}

function search(file: StreetFile, known: ReturnType<typeof prepare>, typed: string, most: number): FoundStreet[] {
  const { names } = file;
  const onStreet = ({ name }: Match, pieces: number): FoundStreet[] =>
    middles(file.segments, known.segmentsOf(name.index), pieces).map((place) => ({
      street: names[name.index] ?? '',
      crossing: null,
      place,
    }));
  const whole = matching(known.listed, typed);
  // "Church and Main" may be one street's name: only when it is not are they two.
  const [first = '', second] = typed.split(BETWEEN, 2);
  if (second !== undefined && (plain(second) === '' || (whole[0]?.rank ?? 9) > 1)) {
    const a = matching(known.listed, first);
    const b = plain(second) === '' ? null : matching(known.listed, second);
    const crossings = crossingsOf(file, a, b, most);
    if (crossings.length > 0) return crossings;
    return a.flatMap((match) => onStreet(match, 1)).slice(0, most);
  }
  const best = whole[0];
  if (best === undefined) return [];
  const certain = best.rank === 0 || whole.length === 1;
  const streets = whole
    .slice(0, most)
    .flatMap((match) => onStreet(match, match === best ? MOST_PIECES : 1))
    .slice(0, certain ? STREETS_BESIDE_CROSSINGS : most);
  return certain ? [...streets, ...crossingsOf(file, [best], null, most - streets.length)] : streets;
}

/** Names that fit what was typed, best first; a house number is left out when nothing is called so. */
function matching(listed: readonly Name[], typed: string): Match[] {
  const words = plain(typed).split(' ').slice(0, MOST_WORDS);
  const found = byWords(listed, words);
  if (found.length > 0) return found;
  const named = words.filter((word) => !HOUSE_NUMBER.test(word));
  return named.length > 0 && named.length < words.length ? byWords(listed, named) : [];
}

function byWords(listed: readonly Name[], words: readonly string[]): Match[] {
  const text = words.join(' ');
  if (text === '') return [];
  const long = words.map((word) => SHORT[word] ?? word);
  const begins = (name: Name, i: number): boolean =>
    name.words.some((word) => word.startsWith(words[i] ?? '') || word.startsWith(long[i] ?? ''));
  const rankOf = (name: Name): number | null => {
    if (name.plain === text) return 0;
    if (name.plain.startsWith(text)) return 1;
    if (words.every((_, i) => begins(name, i))) return 2;
    return name.plain.includes(text) ? 3 : null;
  };
  return listed
    .flatMap((name): Match[] => {
      const rank = rankOf(name);
      return rank === null ? [] : [{ name, rank }];
    })
    .sort((a, b) => a.rank - b.rank || b.name.metres - a.name.metres || (a.name.plain < b.name.plain ? -1 : 1));
}

/** Where one of the first meets one of the second (null: anything); each pair of names once. */
function crossingsOf(file: StreetFile, first: readonly Match[], second: readonly Match[] | null, most: number): FoundStreet[] {
  const { crossings, crossingNames, names } = file;
  const rankA = new Map(first.map(({ name, rank }) => [name.index, rank]));
  const rankB = second && new Map(second.map(({ name, rank }) => [name.index, rank]));
  const best = new Map<string, FoundStreet & { rank: number }>();
  const take = (a: number, b: number, at: number): void => {
    const [one, other] = [rankA.get(a), rankB ? rankB.get(b) : 0];
    if (one === undefined || other === undefined) return;
    const key = `${a} ${b}`;
    if (best.has(key) || best.has(`${b} ${a}`)) return;
    const place = { lon: (crossings[at * 2] ?? 0) / FIXED, lat: (crossings[at * 2 + 1] ?? 0) / FIXED };
    best.set(key, { street: names[a] ?? '', crossing: names[b] ?? '', place, rank: one + other });
  };
  for (let i = 0; i < crossingNames.length / 2; i++) {
    const [a = NAMELESS, b = NAMELESS] = crossingNames.subarray(i * 2, i * 2 + 2);
    take(a, b, i);
    take(b, a, i);
  }
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank || `${a.street} ${a.crossing}`.localeCompare(`${b.street} ${b.crossing}`))
    .slice(0, most)
    .map(({ street, crossing, place }) => ({ street, crossing, place }));
}

/** A point on the road about the middle of each piece of a street, the longest piece first. */
function middles(segments: Int32Array, own: Uint32Array, most: number): LonLat[] {
  const pieces = new Map<number, { metres: number; segments: number[] }>();
  const root = joined(segments, own);
  own.forEach((segment, i) => {
    const piece = pieces.get(root(i)) ?? { metres: 0, segments: [] };
    piece.metres += lengthOf(segments, segment);
    piece.segments.push(segment);
    pieces.set(root(i), piece);
  });
  const found: LonLat[] = [];
  for (const piece of [...pieces.values()].sort((a, b) => b.metres - a.metres)) {
    const middle = middleOf(segments, piece.segments);
    if (found.every((other) => metresApart(other, middle) > APART_METRES)) found.push(middle);
    if (found.length === most) break;
  }
  return found;
}

/** Which piece each segment belongs to: those that share an end hang together (union-find). */
function joined(segments: Int32Array, own: Uint32Array): (i: number) => number {
  const parent = Array.from(own, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] ?? at] ?? at;
    return at;
  };
  const ends = new Map<string, number>();
  own.forEach((segment, i) => {
    for (const end of [0, 2]) {
      const key = `${segments[segment * 4 + end]} ${segments[segment * 4 + end + 1]}`;
      const other = ends.get(key);
      if (other === undefined) ends.set(key, i);
      else parent[root(i)] = root(other);
    }
  });
  return root;
}

/** The middle of the segment that lies nearest to the middle of all. */
function middleOf(segments: Int32Array, own: readonly number[]): LonLat {
  const points = own.map((segment) => {
    const [ax = 0, ay = 0, bx = 0, by = 0] = segments.subarray(segment * 4, segment * 4 + 4);
    return { lon: (ax + bx) / 2 / FIXED, lat: (ay + by) / 2 / FIXED };
  });
  const mean = {
    lon: points.reduce((sum, { lon }) => sum + lon, 0) / points.length,
    lat: points.reduce((sum, { lat }) => sum + lat, 0) / points.length,
  };
  return points.reduce((best, point) => (metresApart(point, mean) < metresApart(best, mean) ? point : best));
}

function lengthOf(segments: Int32Array, segment: number): number {
  const [ax = 0, ay = 0, bx = 0, by = 0] = segments.subarray(segment * 4, segment * 4 + 4);
  return metresApart({ lon: ax / FIXED, lat: ay / FIXED }, { lon: bx / FIXED, lat: by / FIXED });
}

/** Flat: within a city that is right to a thousandth. */
const metresApart = (a: LonLat, b: LonLat): number =>
  Math.hypot((b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * METRES_PER_DEGREE;
