import { z } from 'zod';

/**
 * The binary frame of positions: one per client and tick, little-endian, all numbers unsigned unless said otherwise.
 *
 *     header  0  u8   version of this layout
 *             1  u8   bits of FRAME_BITS
 *             2  u16  bytes of one entry; a reader of a later version skips what it does not know
 *             4  u32  tick: rises by one each tick of the server, also when nothing is sent
 *             8  f64  city time of the frame, milliseconds since 1970
 *            16  u32  entries
 *            20  u32  hash of what the client should now hold, where `HASHED`
 *            24  u32  vehicles the hash is over, where `HASHED`
 *     entry   0  u32  index of the vehicle in the roster of this connection
 *             4  i32  longitude, 1e-7 degrees
 *             8  i32  latitude, 1e-7 degrees
 *            12  i32  time of the fix, in hundredths of a second before the frame's time; below 0 = after it
 *            16  u16  from the fix to its receipt, in tenths of a second, at most 65,534; 65,535 = not known
 *            18  u16  accuracy, metres, at most 65,534; 65,535 = not known
 *            20  u8   speed, half metres a second, at most 254; 255 = not known
 *            21  u8   heading, 1/254 of a circle clockwise from north; 255 = not known
 *            22  u8   how the place is known: a place in POSITION_SOURCES
 *            23  u8   bits of ENTRY_BITS
 */
export const FRAME_VERSION = 1;
export const HEADER_BYTES = 28;
export const ENTRY_BYTES = 24;

export const FRAME_BITS = {
  /** Everything in view, not only what changed: what is not in it is not there. */
  full: 1,
  hashed: 2,
} as const;

/** Their order is the wire's: new ones at the end. */
export const POSITION_SOURCES = ['unknown', 'crew_phone', 'tracker'] as const;

export const ENTRY_BITS = {
  /** Heard by another server, which does not answer now: the place is the last it told. */
  cut_off: 1,
} as const;

/** Times of fixes are compared and hashed in hundredths of a second. */
export const hundredths = (millis: number): number => Math.round(millis / 10);

/**
 * What one vehicle adds to the hash of a picture; the hash is their sum modulo 2^32, so their order does not matter and a
 * picture that changes can keep it up to date. An avalanche of 32-bit multiplications, after Austin Appleby's MurmurHash3.
 */
export function hashEntry(index: number, lonE7: number, latE7: number, timeHundredths: number): number {
  let hash = Math.imul(index + 1, 0x9e3779b1);
  for (const word of [lonE7, latE7, timeHundredths % 4_294_967_296]) {
    hash = Math.imul(hash ^ (word | 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** What a desk looks at: it is told at once of vehicles in it, and every few seconds of the others. West may be east of east where the view spans the date line. */
export const View = z.strictObject({
  west: z.number().min(-180).max(180),
  south: z.number().min(-90).max(90),
  east: z.number().min(-180).max(180),
  north: z.number().min(-90).max(90),
});
export type View = z.infer<typeof View>;

/** null: the whole city, as far as the desk may see. */
export const SetView = z.strictObject({ view: View.nullable() });
export type SetView = z.infer<typeof SetView>;

/** A desk whose picture does not add up asks for all of it. */
export const Resync = z.strictObject({});

/** Which vehicle an index means, on this connection. Told before the first frame that has it, and anew when its shift changes. */
export interface RosterEntry {
  readonly index: number;
  readonly vehicleId: string;
  readonly shiftId: string | null;
}

/** Whether a place (1e-7 degrees) lies in a view. */
export function isInView({ west, south, east, north }: View, lonE7: number, latE7: number): boolean {
  const lon = lonE7 / 1e7;
  const lat = latE7 / 1e7;
  return lat >= south && lat <= north && (west <= east ? lon >= west && lon <= east : lon >= west || lon <= east);
}
