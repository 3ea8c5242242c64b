import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { anonymousActor, type Actor } from './actor.ts';
import type { CityClock } from './clock.ts';
import { readCredentials, type CookieName, type Credentials, type Identify } from './credentials.ts';
import { problemOf, UNSTORABLE_TYPE } from './failure.ts';
import { unlessAway } from './give-up.ts';
import type { Call, Route } from './http-route.ts';
import { parseJson } from './json-text.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { fromOtherSite, originAllowed, type Origins } from './origins.ts';
import { scopeOf } from './policy.ts';
import { Problem } from './problem.ts';
import { rateLimiter, type LimitRate, type RateLimits } from './rate-limits.ts';
import { invalidInput, parseInput, swappedPoints, type Bounds } from './validation.ts';

export interface HttpOptions {
  readonly routes: readonly Route[];
  readonly identify: Identify;
  readonly cookie: CookieName;
  readonly origins: Origins;
  readonly clock: CityClock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly rateLimits: RateLimits;
  /** Express' setting: false, or how many proxies stand in front. */
  readonly trustProxy: boolean | number;
  /** The city's, to recognise points with lon and lat exchanged. */
  readonly bounds: () => Bounds | null;
  /** The database is known not to answer: nobody is kept waiting for it. */
  readonly databaseAway?: () => boolean;
  /** Files and pages, mounted after the routes and before the 404. */
  readonly files?: (app: Express) => void;
  /** Checks each answer against its schema, and fails loudly: for tests. */
  readonly checkAnswers?: boolean;
}

const DEFAULT_BODY_BYTES = 256 * 1024;
const never = (): boolean => false;
const WRITES = new Set(['post', 'put', 'patch', 'delete']);

/**
 * The HTTP application. Each route passes, in this order: who is it, may they (deny by default), did their own page
 * send it, not too often, is every field known and right; then its handler; and every refusal is problem+json.
 */
export function createHttp(options: HttpOptions): Express {
  const app = express();
  app.set('trust proxy', options.trustProxy);
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(helmet(securityHeaders(options.cookie.secure)));
  app.use((req, res, next) => {
    observe(options, req, res);
    next();
  });
  const limit = rateLimiter(options.rateLimits);
  const methods = new Map<string, Set<string>>();
  for (const one of options.routes) {
    const known = methods.get(one.path) ?? new Set();
    if (known.has(one.method)) throw new Error(`Two routes answer ${one.method.toUpperCase()} ${one.path}.`);
    methods.set(one.path, known.add(one.method));
    app[one.method](one.path, (req, res) => unlessAway(answer(options, limit, one, req, res), options.databaseAway ?? never));
  }
  for (const [path, known] of methods) {
    app.all(path, (req, res) => {
      res.set('Allow', [...known].map((method) => method.toUpperCase()).join(', '));
      throw new Problem(405, 'method-not-allowed', `${req.method} is not possible here.`);
    });
  }
  options.files?.(app);
  app.use(() => {
    throw new Problem(404, 'no-such-page', 'There is nothing at this address.');
  });
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    sendProblem(options.log, res, fromExpress(error));
  });
  return app;
}

/** Measured to work with MapLibre and our screens; nothing comes from or goes to another host. */
function securityHeaders(https: boolean): Parameters<typeof helmet>[0] {
  const self = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: self,
        scriptSrc: self,
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: self,
        workerSrc: self,
        fontSrc: self,
        objectSrc: ["'none'"],
        baseUri: self,
        formAction: self,
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}

/** A number for each request, one line in the log and one figure when it is answered. Patterns, never addresses: those hold tokens. */
function observe(options: HttpOptions, req: Request, res: Response): void {
  const requestId = randomUUID();
  const started = performance.now();
  res.locals['requestId'] = requestId;
  res.set('Request-Id', requestId);
  res.on('close', () => {
    const seconds = (performance.now() - started) / 1000;
    const path = patternOf(req);
    options.metrics.httpAnswered(req.method, path, res.statusCode, seconds);
    const actor = res.locals['actor'] as Actor | undefined;
    const line = {
      requestId,
      method: req.method,
      route: path,
      status: res.statusCode,
      ms: Math.round(seconds * 1000),
      role: actor?.role,
      account: actor?.accountId ?? undefined,
      device: actor?.deviceId ?? undefined,
      ...(res.writableFinished ? {} : { gone: true }),
    };
    options.log[res.statusCode >= 500 ? 'error' : 'debug'](line, 'http');
  });
}

const patternOf = (req: Request): string => {
  const matched: unknown = req.route;
  return typeof matched === 'object' && matched !== null && 'path' in matched && typeof matched.path === 'string'
    ? matched.path
    : 'other';
};

async function answer(options: HttpOptions, limit: LimitRate, one: Route, req: Request, res: Response): Promise<void> {
  if (!one.path.startsWith('/api/city')) res.set('Cache-Control', 'no-store');
  const { actor, credentials } = await whoIs(options, one, req);
  res.locals['actor'] = actor;
  const scope = scopeOf(actor.role, one.action);
  if (scope === null) {
    throw actor.role === 'anonymous'
      ? new Problem(401, 'not-signed-in', 'Sign in first.')
      : new Problem(403, 'not-allowed', `The role ${actor.role} may not do this (${one.action}).`);
  }
  if (WRITES.has(one.method)) refuseForgery(options, one, req, credentials);
  await limit(one.action, actor, req, res);

  const call = await readCall(options, one, req, res, { actor, scope });
  // The handler may say another one: a repeated action answers with the status it got then.
  res.status(one.status ?? 200);
  const body = await one.handle(call);
  if (res.headersSent) return;
  if (body === undefined) {
    if (res.statusCode === 200) res.status(204);
    return void res.end();
  }
  if (options.checkAnswers && one.answer && res.statusCode < 400) one.answer.parse(JSON.parse(JSON.stringify(body)));
  if (res.statusCode >= 400) res.type('application/problem+json');
  res.json(body);
}

async function whoIs(options: HttpOptions, one: Route, req: Request): Promise<{ actor: Actor; credentials: Credentials | null }> {
  const follow = one.action === 'case.follow' ? req.params['token'] : undefined;
  if (typeof follow === 'string') {
    // The link in the address is the credential here, whoever opens it.
    const credentials: Credentials = { kind: 'follow', token: follow };
    const actor = await options.identify(credentials);
    if (!actor) throw new Problem(404, 'no-such-report', 'This link is not known, or no longer.');
    return { actor, credentials };
  }
  // A tracker's user and password are its protocol's matter; our own credentials are read here as everywhere.
  const isTrackers = one.action === 'tracker.report' && /^Basic /i.test(req.headers.authorization ?? '');
  const credentials = isTrackers ? null : readCredentials(req.headers, options.cookie);
  if (!credentials) return { actor: anonymousActor, credentials };
  const actor = credentials.token === '' ? null : await options.identify(credentials);
  if (actor) return { actor, credentials };
  // An old cookie comes by itself and must not stand in the way of signing in; a token was meant.
  if (credentials.kind === 'session' && scopeOf('anonymous', one.action) !== null) return { actor: anonymousActor, credentials };
  throw credentials.kind === 'session'
    ? new Problem(401, 'session-ended', 'This session has ended. Sign in again.')
    : new Problem(401, 'token-not-valid', 'This token or key is not known, or it was revoked.');
}

/**
 * A browser sends its cookie along with whatever page asks: a write by session must come from our own page, which
 * sets a header that no foreign page can set without asking us first. Tokens and keys are not sent by themselves.
 */
function refuseForgery(options: HttpOptions, one: Route, req: Request, credentials: Credentials | null): void {
  if (credentials?.kind !== 'session' && one.action !== 'session.open') return;
  if (!originAllowed(options.origins, req.headers) || fromOtherSite(req.headers)) {
    throw new Problem(403, 'foreign-origin', 'This request comes from a page of another site and was refused.');
  }
  if (req.headers['thuma-request'] !== '1') {
    throw new Problem(403, 'header-missing', 'Send the header "Thuma-Request: 1" with every change made by a signed-in session.');
  }
}

async function readCall(
  options: HttpOptions,
  one: Route,
  req: Request,
  res: Response,
  who: Pick<Call<unknown, unknown, unknown>, 'actor' | 'scope'>,
): Promise<Call<unknown, unknown, unknown>> {
  const receivedAt = options.clock.now();
  const params = one.params ? parseInput(one.params, { ...req.params }, 'address') : { ...req.params };
  const unknown = one.query ? [] : Object.keys(req.query);
  if (unknown.length > 0) {
    const fields = unknown.slice(0, 20).map((path) => ({ path: path.slice(0, 100), message: 'is not a known parameter' }));
    throw invalidInput(fields, 'query');
  }
  const query = one.query ? parseInput(one.query, { ...req.query }, 'query') : {};
  const body = one.body ? await readBody(options, one, req, res) : one.anyBody ? await readBytes(one, req, res) : undefined;
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const requestId = res.locals['requestId'] as string;
  return { ...who, params, query, body, receivedAt, requestId, signal: gone.signal, req, res };
}

async function readBody(options: HttpOptions, one: Route, req: Request, res: Response): Promise<unknown> {
  const type = req.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(type)) {
    throw new Problem(415, 'not-json', 'Send JSON, with the header "Content-Type: application/json".');
  }
  const input = parseJson(await readBytes(one, req, res));
  // Before the schema: a latitude of 200 is better called an exchanged pair than a number too large.
  const swapped = swappedPoints(input, options.bounds());
  if (swapped.length > 0) throw invalidInput(swapped, 'body');
  return parseInput(one.body!, input, 'body');
}

/** The body, unzipped, at most as large as the route allows. */
async function readBytes(one: Route, req: Request, res: Response): Promise<Uint8Array> {
  const read = express.raw({ type: () => true, limit: one.maxBodyBytes ?? DEFAULT_BODY_BYTES });
  await new Promise<void>((resolve, reject) => {
    void read(req, res, (error?: unknown) => (error ? reject(error as Error) : resolve()));
  });
  const bytes: unknown = req.body;
  return bytes instanceof Uint8Array ? bytes : new Uint8Array();
}

/** What Express and its body reader throw, in our words. */
function fromExpress(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const { type, status, limit } = error as Error & { type?: unknown; status?: unknown; limit?: unknown };
  if (type === 'entity.too.large') {
    return new Problem(
      413,
      'too-large',
      `The body is larger than the ${Math.round(Number(limit) / 1024)} kB that are read here.`,
    );
  }
  if (type === 'encoding.unsupported') {
    return new Problem(415, 'encoding-unknown', 'This content encoding is not known here; send the body as it is, or gzipped.');
  }
  if (error instanceof URIError) return new Problem(400, 'malformed-address', 'The address holds a broken percent escape.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, 'unreadable', 'The request could not be read.', { cause: error });
  }
  return error;
}

function sendProblem(log: Log, res: Response, error: unknown): void {
  const problem = problemOf(error);
  const requestId = res.locals['requestId'] as string;
  if (problem.status >= 500 || problem.type === UNSTORABLE_TYPE) {
    log.error({ err: problem.cause ?? problem, requestId }, problem.type);
  }
  if (problem.status === 503) res.set('Retry-After', '2');
  if (problem.status === 401 && !res.hasHeader('WWW-Authenticate')) res.set('WWW-Authenticate', 'Bearer');
  res
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem.toJSON(), ...(problem.status >= 500 ? { requestId } : {}) }));
}
