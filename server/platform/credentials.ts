import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from './actor.ts';

/** What a caller shows to say who they are: a secret, and where it came from. */
export interface Credentials {
  readonly kind: 'session' | 'device' | 'api_key' | 'follow';
  readonly token: string;
}

/**
 * Turns credentials into the actor with the rights they have at this moment; null when they are unknown, expired
 * or revoked. Asked anew for every request: a revoked session is out at once.
 */
export type Identify = (credentials: Credentials) => Promise<Actor | null>;

/** The same for many at once, in their order: the rights of ten thousand open sockets are read again every few seconds. */
export type IdentifyMany = (credentials: readonly Credentials[]) => Promise<(Actor | null)[]>;

export interface CookieName {
  readonly name: string;
  readonly secure: boolean;
}

/** Browsers tie a `__Host-` cookie to this very host and to https. */
export const sessionCookie = (https: boolean): CookieName =>
  https ? { name: '__Host-thuma', secure: true } : { name: 'thuma', secure: false };

/** A token of ours is 43 base64url characters; anything else is not worth a question to the database. */
const TOKEN = /^[A-Za-z0-9_-]{20,200}$/;

/**
 * Reads what the headers show. A bearer token (device) or an `Api-Key` (integrator) is meant and goes before the
 * cookie, which a browser sends by itself. A header that holds no possible token comes back as an empty token.
 */
export function readCredentials(headers: IncomingHttpHeaders, cookie: CookieName): Credentials | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    return { kind: 'device', token: TOKEN.test(bearer) ? bearer : '' };
  }
  const key = headers['api-key'];
  if (key !== undefined) return { kind: 'api_key', token: typeof key === 'string' && TOKEN.test(key) ? key : '' };
  const session = readCookie(headers.cookie, cookie.name);
  return session === null ? null : { kind: 'session', token: TOKEN.test(session) ? session : '' };
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** The Set-Cookie value for a new session, or one that forgets it (`token` null). Lax would do; Strict costs nothing here. */
export function sessionCookieHeader(cookie: CookieName, token: string | null, maxAgeSeconds: number): string {
  const age = token === null ? 0 : Math.max(0, Math.floor(maxAgeSeconds));
  return `${cookie.name}=${token ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${cookie.secure ? '; Secure' : ''}`;
}
