/** What the server refused, in its own words (problem+json); status 0: no answer came at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly type: string;
  /** What is true now, with `stale-version`. */
  readonly present: unknown;
  /** What is wrong with which field, with `invalid-input`. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];
  constructor(status: number, type: string, sentence: string, present?: unknown, fields: ApiProblem['fields'] = []) {
    super(sentence);
    this.status = status;
    this.type = type;
    this.present = present;
    this.fields = fields;
  }
  /** Sending the same again, with the same action id, may work and cannot do it twice. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { 'thuma-request': '1', ...more, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiProblem(0, 'no-answer', 'The server does not answer.');
  }
  let answer: unknown = null;
  try {
    answer = text === '' ? null : JSON.parse(text);
  } catch {
    // Not from our server: a proxy's page, said by its status below.
  }
  if (response.ok) return answer as T;
  const problem = (answer ?? {}) as { type?: string; detail?: string; present?: unknown; fields?: ApiProblem['fields'] };
  throw new ApiProblem(
    response.status,
    (problem.type ?? 'unknown').replace('/problems/', ''),
    problem.detail ?? `${response.status} ${response.statusText}`,
    problem.present,
    problem.fields,
  );
}

/** The public HTTP API, same origin, with the session's cookie. */
export const api = {
  get: <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> => request<T>('POST', path, body, signal),
  put: <T>(path: string, body: unknown): Promise<T> => request<T>('PUT', path, body),
  delete: <T>(path: string): Promise<T> => request<T>('DELETE', path),
};

/** A phone that waits longer than this is in a tunnel: it tries again by itself. */
const DEVICE_PATIENCE_MS = 20_000;

export interface DeviceApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** The same API for a device, by its token. What is not answered in time is as good as no answer (ApiProblem, status 0). */
export function deviceApi(token: string): DeviceApi {
  const more = { authorization: `Bearer ${token}` };
  return { get: (path) => inTime('GET', path, undefined, more), post: (path, body) => inTime('POST', path, body, more) };
}

/** Sends what must not happen twice, however often it is sent, under a UUID of our own; not answered in time is no answer. */
export const postOnce = <T>(path: string, body: unknown, key: string): Promise<T> =>
  inTime<T>('POST', path, body, { 'idempotency-key': key });

async function inTime<T>(method: string, path: string, body: unknown, more: Readonly<Record<string, string>>): Promise<T> {
  const patience = AbortSignal.timeout(DEVICE_PATIENCE_MS);
  try {
    return await request<T>(method, path, body, patience, more);
  } catch (error) {
    if (error instanceof ApiProblem || !patience.aborted) throw error;
    throw new ApiProblem(0, 'no-answer', 'The server does not answer.');
  }
}

const RETRY_AFTER_MS = [400, 1_200, 3_000];

/**
 * Sends an action, and sends it again as it is when no answer came: its id makes that safe.
 * @throws ApiProblem with the refusal, or when it still cannot be reached.
 */
export async function sendAction<T>(path: string, body: object, actionId: string): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await api.post<T>(path, { envelope: { actionId }, ...body });
    } catch (error) {
      const pause = RETRY_AFTER_MS[attempt];
      if (!(error instanceof ApiProblem) || !error.passing || pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** A new action id (UUIDv7): made once per thing done, kept over its retries. */
export function newActionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
