/** A seeded source of chance: the same seed gives the same numbers everywhere. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below n; 0 when n is 0. */
  below(n: number): number;
}

/** Marsaglia's 32-bit xorshift (Journal of Statistical Software 8, 2003, triple 13, 17, 5). Enough for a search, not for secrets. */
export function random(seed: number): Random {
  // Small seeds differ in few bits; a multiplication and some discarded numbers spread them. The state is never 0.
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32) || 0x2545f491;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return { next, below: (n) => Math.floor(next() * n) };
}
