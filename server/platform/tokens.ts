import { createHash, randomBytes, randomInt } from 'node:crypto';

/** A secret nobody can guess (256 bits, base64url). Shown once; only its hash is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token. Tokens have 256 bits of chance, so a plain SHA-256 is enough (passwords get argon2). */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Crockford's base 32 without I, L, O and U: can be read out on the radio. */
const SPOKEN = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code to be typed by hand within minutes and used once: 10 characters, 50 bits, `7Q2XK-M40ZD`. */
export function newSpokenCode(): string {
  const letters = Array.from({ length: 10 }, () => SPOKEN[randomInt(SPOKEN.length)]!).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** The same code however it was typed: case, spaces, hyphens and look-alikes (o, i, l) do not matter. */
export function normalSpokenCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
