import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** A secret nobody can guess (256 bits, base64url). Shown once; only its hash is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token. Tokens have 256 bits of chance, so a plain SHA-256 is enough (passwords get argon2). */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Crockford's base 32 without I, L, O and U: can be read out on the radio. */
const SPOKEN = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Groups of five such letters, 25 bits each. */
const spokenGroups = (groups: number): string =>
  Array.from({ length: groups }, () => Array.from({ length: 5 }, () => SPOKEN[randomInt(SPOKEN.length)]!).join('')).join('-');

/** A code to be typed by hand within minutes and used once: 10 characters, 50 bits, `7Q2XK-M40ZD`. */
export const newSpokenCode = (): string => spokenGroups(2);

/** A secret that is typed by hand into a device's settings and stays there: 20 such characters, 100 bits, in small letters. */
export const newTypedSecret = (): string => spokenGroups(4).toLowerCase();

/** What is kept of a typed secret, however it was typed. With 100 bits of chance a plain SHA-256 is enough. */
export const hashTypedSecret = (typed: string): string => hashToken(normalSpokenCode(typed));

/** Whether this is the secret of that hash, in a time that says nothing about either. `hash` null: nobody's, and false. */
export function isTypedSecret(typed: string, hash: string | null): boolean {
  const given = Buffer.from(hashTypedSecret(typed));
  const kept = Buffer.from(hash ?? hashToken(''));
  return timingSafeEqual(given, kept) && hash !== null;
}

/** The same code however it was typed: case, spaces, hyphens and look-alikes (o, i, l) do not matter. */
export function normalSpokenCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
