/** A repeatable source of chance: the same seed and stream name give the same numbers, in order. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, count). */
  below(count: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller, 1958). */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** FNV-1a over the name, so that each actor has its own stream and one more crew disturbs nobody else's. */
function hash(seed: number, name: string): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193) >>> 0;
  return h;
}

/** mulberry32: 32 bits of state, good enough for a simulation and the same on every machine. */
export function chanceOf(seed: number, name: string): Chance {
  let state = hash(seed, name);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[below(items.length)]!;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}
