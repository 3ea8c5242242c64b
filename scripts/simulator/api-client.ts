import { setTimeout as sleep } from 'node:timers/promises';

/** Who the client is to the server: a device's bearer token, an integrator's key, or a session's cookie. */
export type Credentials =
  | { readonly kind: 'device'; readonly token: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'session'; readonly cookie: string }
  | { readonly kind: 'nobody' };

/** A refusal: the server's problem+json. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
  constructor(method: string, path: string, status: number, body: unknown) {
    const problem = typeof body === 'object' && body !== null ? (body as { type?: unknown; detail?: unknown }) : {};
    super(`${method} ${path}: ${status} ${String(problem.detail ?? '')}`);
    this.status = status;
    this.type = typeof problem.type === 'string' ? problem.type.replace('/problems/', '') : 'unknown';
    this.body = body;
  }
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

/** What the clients of one run counted together. */
export interface Traffic {
  requests: number;
  /** Sent again because the connection broke or the server said "not now". */
  retries: number;
  /** Longest time, in wall milliseconds, that one request needed until it was answered. */
  longestMs: number;
}

/** Answers to wait out: the server or something it needs is away for a moment. */
const AWAY = new Set([502, 503, 504]);
const PATIENCE_MS = 60_000;

/**
 * A client of the public API that does what a phone does: sends again, with the same action id, until it is
 * answered. A refusal is thrown; a server that is away for more than a minute ends the run.
 */
export function apiClient(base: string, credentials: Credentials, traffic: Traffic) {
  const headers: Record<string, string> = { 'thuma-request': '1', origin: base };
  if (credentials.kind === 'device') headers['authorization'] = `Bearer ${credentials.token}`;
  if (credentials.kind === 'key') headers['api-key'] = credentials.key;
  if (credentials.kind === 'session') headers['cookie'] = credentials.cookie;

  async function request<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> {
    const started = performance.now();
    for (let wait = 50; ; wait = Math.min(1000, wait * 2)) {
      traffic.requests++;
      let failure: unknown;
      try {
        const response = await fetch(base + path, {
          method,
          headers: { ...headers, ...more, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        const text = await response.text();
        const answer: unknown = text === '' ? null : JSON.parse(text);
        traffic.longestMs = Math.max(traffic.longestMs, performance.now() - started);
        if (response.ok) return { status: response.status, body: answer as T };
        failure = new Refused(method, path, response.status, answer);
        if (!AWAY.has(response.status)) throw failure;
      } catch (error) {
        if (error instanceof Refused && !AWAY.has(error.status)) throw error;
        failure = error;
      }
      if (performance.now() - started > PATIENCE_MS)
        throw new Error(`${method} ${path} stayed unanswered for a minute`, { cause: failure });
      traffic.retries++;
      await sleep(wait);
    }
  }

  return {
    base,
    get: <T>(path: string) => request<T>('GET', path),
    post: <T>(path: string, body: unknown, more?: Record<string, string>) => request<T>('POST', path, body, more),
  };
}

export type ApiClient = ReturnType<typeof apiClient>;
