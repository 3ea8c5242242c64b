import { randomBytes } from 'node:crypto';

/** Makes UUIDv7 ids (RFC 9562, 5.7): 48 bits of Unix milliseconds, then chance. */
export interface IdMaker {
  next(at: Date): string;
}

type Bytes = (count: number) => Uint8Array;

const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

function uuid(at: Date, chance: Uint8Array): string {
  const b = Uint8Array.from([...new Uint8Array(6), ...chance]);
  let ms = at.getTime();
  for (let i = 5; i >= 0; i--) {
    b[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  b[6] = (b[6]! & 0x0f) | 0x70;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const h = Array.from(b, (n) => HEX[n]!);
  return `${h.slice(0, 4).join('')}-${h.slice(4, 6).join('')}-${h.slice(6, 8).join('')}-${h.slice(8, 10).join('')}-${h.slice(10).join('')}`;
}

const makerFrom = (bytes: Bytes): IdMaker => ({ next: (at) => uuid(at, bytes(10)) });

/** Ids nobody can guess. */
export const randomIds: IdMaker = makerFrom((n) => randomBytes(n));

/**
 * The same ids for the same seed, in the order they are asked for: recorded days only. The generator is
 * splitmix32, which is plenty for ids that need not be secret.
 */
export function seededIds(seed: number): IdMaker {
  let state = seed >>> 0;
  return makerFrom((count) => {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      out[i] = (z ^ (z >>> 15)) & 0xff;
    }
    return out;
  });
}
