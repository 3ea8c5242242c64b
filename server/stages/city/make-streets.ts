import { FIXED, NAMELESS, encodeStreets } from '../../stores/city/street-file.ts';
import { BadOsmFile, type Tags } from './osm.ts';
import type { Features } from './features.ts';

/** What OSRM's car profile drives on (its default speeds name these and no others). */
const DRIVABLE = new Set([
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
  'tertiary',
  'tertiary_link',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'road',
]);
const CLOSED = new Set(['no', 'agricultural', 'forestry', 'emergency', 'psv']);
/** Driven on, but no place where a citizen reports something. */
const EXTRAORDINARY = new Set(['motorway', 'motorway_link', 'trunk', 'trunk_link', 'service']);

export interface StreetsMade {
  readonly content: Buffer;
  readonly segments: number;
  readonly names: number;
  readonly crossings: number;
}

/** The street index of the drivable roads. Throws BadOsmFile when there are none. */
export function makeStreets(features: Features, file: string): StreetsMade {
  const roads = features.roads.filter(({ tags }) => isDrivable(tags));
  if (roads.length === 0) throw new BadOsmFile(file, 'holds ways, but none that a car may drive on.');

  const numbers = new Map<string, number>();
  const nameOf = (tags: Tags): number => {
    const name = tags['name'] ?? tags['ref'];
    if (!name) return NAMELESS;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };

  const count = roads.reduce((sum, { line }) => sum + line.length - 1, 0);
  const segments = new Int32Array(count * 4);
  const segmentNames = new Uint32Array(count);
  const segmentOrdinary = new Uint8Array(count);
  const meeting = new Map<number, { lon: number; lat: number; names: Set<number> }>();
  let segment = 0;
  for (const { tags, line, refs } of roads) {
    const name = nameOf(tags);
    const ordinary = isOrdinary(tags) ? 1 : 0;
    line.forEach(([lon, lat], i) => {
      const ref = refs[i];
      if (name !== NAMELESS && ref !== undefined) {
        const known = meeting.get(ref);
        if (known) known.names.add(name);
        else meeting.set(ref, { lon, lat, names: new Set([name]) });
      }
      const next = line[i + 1];
      if (!next) return;
      segments.set([fixed(lon), fixed(lat), fixed(next[0]), fixed(next[1])], segment * 4);
      segmentNames[segment] = name;
      segmentOrdinary[segment] = ordinary;
      segment++;
    });
  }

  const crossings: number[] = [];
  const crossingNames: number[] = [];
  for (const { lon, lat, names } of meeting.values()) {
    const here = [...names];
    here.forEach((a, i) => {
      for (const b of here.slice(i + 1)) {
        crossings.push(fixed(lon), fixed(lat));
        crossingNames.push(a, b);
      }
    });
  }
  const names = [...numbers.keys()];
  const content = encodeStreets(names, {
    segments,
    segmentNames,
    segmentOrdinary,
    crossings: Int32Array.from(crossings),
    crossingNames: Uint32Array.from(crossingNames),
  });
  return { content, segments: count, names: names.length, crossings: crossingNames.length / 2 };
}

/** As OSRM's car profile decides it, in its order of the access tags. */
export function isDrivable(tags: Tags): boolean {
  if (!DRIVABLE.has(tags['highway'] ?? '')) return false;
  const access = tags['motorcar'] ?? tags['motor_vehicle'] ?? tags['vehicle'] ?? tags['access'];
  return !(access !== undefined && CLOSED.has(access)) && tags['service'] !== 'emergency_access' && tags['area'] !== 'yes';
}

function isOrdinary(tags: Tags): boolean {
  return !EXTRAORDINARY.has(tags['highway'] ?? '') && (tags['tunnel'] ?? 'no') === 'no' && tags['access'] !== 'private';
}

const fixed = (degrees: number): number => Math.round(degrees * FIXED);
