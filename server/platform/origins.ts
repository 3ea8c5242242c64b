import type { IncomingHttpHeaders } from 'node:http';

export interface Origins {
  /** Where people reach this server, when it is known; then only this and `allowed` count. */
  readonly publicUrl: string | null;
  readonly allowed: readonly string[];
}

/**
 * True when a browser page of this origin may act here. Without a known public URL the page must come from the very
 * host it talks to (a name rebound to us by someone else's DNS carries none of our cookies). `null`, which sandboxed
 * pages and files send, never may. No Origin at all is not a browser's cross-site request.
 */
export function originAllowed(origins: Origins, headers: IncomingHttpHeaders): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  const from = URL.canParse(origin) ? new URL(origin) : null;
  if (from === null || (from.protocol !== 'http:' && from.protocol !== 'https:')) return false;
  if (origins.allowed.some((allowed) => URL.canParse(allowed) && new URL(allowed).origin === from.origin)) return true;
  if (origins.publicUrl !== null) return new URL(origins.publicUrl).origin === from.origin;
  return from.host === headers.host;
}

/** What the browser itself says about where a request comes from; older ones say nothing. */
export function fromOtherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
