import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { CityClock } from './clock.ts';
import type { Ack } from './contract.ts';
import { readCredentials, type CookieName, type Credentials, type Identify, type IdentifyMany } from './credentials.ts';
import { problemOf } from './failure.ts';
import { unlessAway } from './give-up.ts';
import type { Log } from './log.ts';
import { originAllowed, type Origins } from './origins.ts';
import { scopeOf, type ActionName, type Scope } from './policy.ts';
import { Problem } from './problem.ts';
import { tokenBucket, type BucketSize } from './token-bucket.ts';
import { parseInput } from './validation.ts';

/** A signed-in client. Its actor never changes: when rights change the connection is closed and made anew. */
export interface LiveSocket {
  readonly id: string;
  readonly actor: Actor;
  join(room: string): void;
  leave(room: string): void;
  rooms(): readonly string[];
  /** To this client only. Names and shapes are those of `stages/live/contract.ts`. */
  emit(name: string, ...payload: readonly unknown[]): void;
  /** Emits and calls back when the client has acknowledged, or with false after `millis`. */
  emitAcked(name: string, payload: unknown, millis: number, done: (acknowledged: boolean) => void): void;
  /** Ends the connection; a client that is only asked to come back (`again`) reconnects by itself. */
  close(again: boolean): void;
  onClose(heard: () => void): void;
}

export interface SocketCall<T> {
  readonly socket: LiveSocket;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly input: T;
  /** When it arrived, in city time. */
  readonly receivedAt: Date;
  /** The client waits for the acknowledgement. One that does not is told of a refusal by `refused`. */
  readonly isAsked: boolean;
}

/** One event a client may send. Guard, validation and the authorisation matrix are made from this description. */
export interface SocketEvent<T = unknown, A = unknown> {
  readonly name: string;
  readonly action: ActionName;
  /** Of its one argument. */
  readonly input: z.ZodType<T>;
  /** A quick look that knows most good input, for what comes thousands of times a second: what it does not know the schema judges. */
  isPlain?(input: unknown): input is T;
  /** What it returns is the acknowledgement's answer. */
  handle(call: SocketCall<T>): Promise<A> | A;
}

/** Keeps the types of one event together and forgets them for the list. */
export function socketEvent<T, A>(definition: SocketEvent<T, A>): SocketEvent {
  // A list of events is heterogeneous; each was checked here, where its own types are known.
  return definition as unknown as SocketEvent;
}

export interface SocketCounters {
  /** result: ok, refused, failed, unknown. */
  event(name: string, result: string): void;
  connections(now: number): void;
}

export interface SocketsOptions {
  readonly http: HttpServer;
  readonly identify: Identify;
  /** Left out: one by one. */
  readonly identifyMany?: IdentifyMany;
  readonly cookie: CookieName;
  readonly origins: Origins;
  readonly clock: CityClock;
  readonly log: Log;
  readonly events: readonly SocketEvent[];
  /** Called for every client that is signed in and allowed (rooms by role are joined here). */
  readonly onConnect?: (socket: LiveSocket) => void;
  readonly count?: SocketCounters;
  /** The database is known not to answer: nobody is kept waiting for it. */
  readonly databaseAway?: () => boolean;
  /** Events per client; the default is a burst of 200 and 50 a second. */
  readonly bucket?: BucketSize;
  /** Rights of all sessions' sockets are read again this often, of devices' a tenth as often, for changes nobody told us of; 2 s. */
  readonly recheckMillis?: number;
}

export interface Sockets {
  /** To everybody in the room. */
  emitTo(room: string, name: string, ...payload: readonly unknown[]): void;
  list(): readonly LiveSocket[];
  /** Rights of these have changed, or may have: read them again now. Left out: all sockets. */
  recheck(who?: { accountId?: string; deviceId?: string; sessionId?: string }): Promise<void>;
  /** Tells every client to come back after a random part of `withinMillis`, then disconnects it. */
  closeAll(withinMillis: number): Promise<void>;
}

/** Who may hold a connection open at all. */
const CONNECT: readonly ActionName[] = ['live.watch', 'live.crew', 'position.relay'];
const DEFAULT_BUCKET: BucketSize = { burst: 200, perSecond: 50 };
/** A client that keeps sending this far beyond its allowance is cut off; each message within it makes up for ten beyond. */
const MOST_REFUSALS = 1_000;

/**
 * Devices are looked at in every so manieth round only: there may be ten thousand, and what is done to one is an event (`recheck`)
 * on every server. Sessions end without one.
 */
const DEVICE_ROUNDS = 10;

/** Sockets whose rights are read in one question. */
const MOST_RECHECKED = 500;

const HandshakeToken = z.object({ token: z.string().max(200) });

/**
 * The guarded Socket.IO server: WebSocket only; the Origin is checked before the upgrade (CORS does not apply to
 * WebSockets), the client is signed in before anything flows, and each event passes policy, rate and schema before
 * its handler. Whatever is thrown becomes a typed acknowledgement; no payload can stop the process.
 */
export function openSockets(options: SocketsOptions): Sockets {
  const { log, clock } = options;
  const io = new Server(options.http, {
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: 64 * 1024,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 10_000,
    serveClient: false,
    allowRequest: (request, answer) => {
      const allowed = originAllowed(options.origins, request.headers);
      if (!allowed) log.warn({ origin: request.headers.origin }, 'a socket from a foreign origin was refused');
      answer(allowed ? null : 'origin-not-allowed', allowed);
    },
  });
  const events = new Map(options.events.map((event) => [event.name, event]));
  if (events.size !== options.events.length) throw new Error('Two socket events have the same name.');
  const open = new Map<string, Signed>();
  const dispatching: Dispatching = {
    events,
    clock,
    log,
    count: options.count,
    databaseAway: options.databaseAway ?? (() => false),
  };

  io.use((socket, next) => {
    void signIn(options, socket).then(
      (signed) => {
        open.set(socket.id, signed);
        next();
      },
      (error: unknown) => next(refusal(error, log)),
    );
  });

  io.on('connection', (socket) => {
    const signed = open.get(socket.id);
    if (!signed) return void socket.disconnect(true);
    options.count?.connections(open.size);
    // Nobody reads it again, and of ten thousand connections it is 20 MB (socket.io/docs/v4/memory-usage).
    (socket.conn as { request: unknown }).request = null;
    const bucket = tokenBucket(options.bucket ?? DEFAULT_BUCKET, () => performance.now());
    let refusals = 0;
    socket.on('disconnect', () => {
      open.delete(socket.id);
      options.count?.connections(open.size);
    });
    socket.onAny((...received: unknown[]) => {
      refusals = bucket.take() ? Math.max(0, refusals - 10) : refusals + 1;
      if (refusals > MOST_REFUSALS) {
        log.warn({ socket: socket.id, role: signed.live.actor.role }, 'a socket sends far too much and is cut off');
        socket.disconnect(true);
        return;
      }
      dispatch(dispatching, signed, received, bucket.overdrawn());
    });
    try {
      options.onConnect?.(signed.live);
    } catch (error) {
      log.error({ err: error }, 'a new socket could not be set up');
      signed.live.close(true);
    }
  });
  // A broken frame closes that one connection; without a listener it would be nobody's error.
  io.engine.on('connection_error', (error: { code?: unknown; message?: unknown }) =>
    log.debug({ code: error.code, reason: error.message }, 'a socket did not connect'),
  );

  const identifyMany: IdentifyMany =
    options.identifyMany ?? ((credentials) => Promise.all(credentials.map((one) => options.identify(one))));
  const recheckThese = async (these: readonly (readonly [string, Signed])[]): Promise<void> => {
    const present = await identifyMany(these.map(([, { credentials }]) => credentials));
    these.forEach(([id, signed], i) => {
      const now = present[i] ?? null;
      if (!open.has(id)) return;
      if (now === null || !mayConnect(now)) {
        signed.live.emit('signed-out', { because: 'revoked' });
        signed.live.close(false);
      } else if (!sameRights(now, signed.live.actor)) signed.live.close(true);
    });
  };
  const recheck: Sockets['recheck'] = async (who = {}) => {
    const these = [...open].filter(
      ([
        ,
        {
          live: { actor },
        },
      ]) => {
        if (who.accountId !== undefined && who.accountId !== actor.accountId) return false;
        if (who.deviceId !== undefined && who.deviceId !== actor.deviceId) return false;
        return who.sessionId === undefined || who.sessionId === actor.sessionId;
      },
    );
    for (let k = 0; k < these.length; k += MOST_RECHECKED) await recheckThese(these.slice(k, k + MOST_RECHECKED));
  };
  let closing = false;
  let slices = 1;
  const recheckMillis = options.recheckMillis ?? 2_000;
  /** All of a round once in `recheckMillis`, some at a time: all at once would hold up what they send. */
  const again = async (left: (readonly [string, Signed])[]): Promise<void> => {
    const these = left.splice(0, MOST_RECHECKED);
    // While the database is away nobody's rights can have changed by our hand; the next look comes soon.
    if (these.length > 0) {
      await recheckThese(these).catch((error: unknown) => log.debug({ err: error }, 'rights of sockets could not be read again'));
    }
    if (closing) return;
    const next = left.length > 0 ? left : thisRound();
    if (left.length === 0) slices = Math.ceil(Math.max(1, next.length) / MOST_RECHECKED);
    timer = setTimeout(() => void again(next), recheckMillis / slices).unref();
  };
  let round = 0;
  const thisRound = (): (readonly [string, Signed])[] => {
    round = (round + 1) % DEVICE_ROUNDS;
    return [...open].filter(([, { credentials, turn }]) => credentials.kind !== 'device' || turn === round);
  };
  let timer = setTimeout(() => void again(thisRound()), recheckMillis).unref();

  return {
    emitTo: (room, name, ...payload) => void io.to(room).emit(name, ...payload),
    list: () => [...open.values()].map((signed) => signed.live),
    recheck,
    async closeAll(withinMillis) {
      closing = true;
      clearTimeout(timer);
      for (const { live } of open.values()) {
        live.emit('server-closing', { comeBackAfterMillis: Math.round(Math.random() * withinMillis) });
      }
      // One turn of the loop, so that the hint leaves before the connection does.
      await new Promise((resolve) => setImmediate(resolve));
      io.disconnectSockets(true);
      await new Promise<void>((resolve) => {
        io.engine.close();
        setImmediate(resolve);
      });
    },
  };
}

interface Signed {
  readonly live: LiveSocket;
  readonly credentials: Credentials;
  /** In which round its rights are read again. */
  readonly turn: number;
}

const sameRights = (one: Actor, other: Actor): boolean =>
  one.role === other.role &&
  one.accountId === other.accountId &&
  one.deviceId === other.deviceId &&
  one.sessionId === other.sessionId &&
  one.organisationId === other.organisationId &&
  one.caseId === other.caseId &&
  one.areaIds.length === other.areaIds.length &&
  one.areaIds.every((id, i) => id === other.areaIds[i]);

const mayConnect = (actor: Actor): boolean => CONNECT.some((action) => scopeOf(actor.role, action) !== null);

async function signIn(options: SocketsOptions, socket: Socket): Promise<Signed> {
  const { headers, auth } = socket.handshake;
  const given = HandshakeToken.safeParse(auth);
  const credentials: Credentials | null = given.success
    ? { kind: 'device', token: given.data.token }
    : readCredentials(headers, options.cookie);
  if (credentials === null) throw new Problem(401, 'not-signed-in', 'Sign in first, then connect.');
  const actor = await options.identify(credentials);
  if (actor === null) throw new Problem(401, 'not-signed-in', 'This session or token has ended. Sign in again.');
  if (!mayConnect(actor)) throw new Problem(403, 'not-allowed', `The role ${actor.role} has no live connection.`);
  return { live: new SignedSocket(socket, actor), credentials, turn: Math.floor(Math.random() * DEVICE_ROUNDS) };
}

/** Socket.IO hands `data` of the error to the client. */
function refusal(error: unknown, log: Log): Error {
  const problem = problemOf(error);
  if (problem.status >= 500) log.error({ err: error }, 'a socket could not sign in');
  return Object.assign(new Error(problem.message), { data: problem.toJSON() });
}

/** A class, not an object of closures: there are ten thousand of them. */
class SignedSocket implements LiveSocket {
  readonly actor: Actor;
  private readonly socket: Socket;

  constructor(socket: Socket, actor: Actor) {
    this.socket = socket;
    this.actor = actor;
  }

  get id(): string {
    return this.socket.id;
  }

  join(room: string): void {
    void this.socket.join(room);
  }

  leave(room: string): void {
    void this.socket.leave(room);
  }

  rooms(): readonly string[] {
    return [...this.socket.rooms].filter((room) => room !== this.socket.id);
  }

  emit(name: string, ...payload: readonly unknown[]): void {
    this.socket.emit(name, ...payload);
  }

  emitAcked(name: string, payload: unknown, millis: number, done: (acknowledged: boolean) => void): void {
    this.socket.timeout(millis).emit(name, payload, (error: Error | null) => done(error === null));
  }

  close(again: boolean): void {
    if (again) this.socket.conn.close();
    else this.socket.disconnect(true);
  }

  onClose(heard: () => void): void {
    this.socket.on('disconnect', () => heard());
  }
}

interface Dispatching {
  readonly events: ReadonlyMap<string, SocketEvent>;
  readonly clock: CityClock;
  readonly log: Log;
  readonly count: SocketCounters | undefined;
  readonly databaseAway: () => boolean;
}

type Acknowledge = (ack: Ack<unknown>) => void;

/** Never throws. Written without a promise of its own: at ten thousand messages a second each costs as much as the work. */
function dispatch(given: Dispatching, signed: Signed, received: readonly unknown[], overdrawn: boolean): void {
  const name = received[0];
  const last = received.at(-1);
  const isAsked = received.length > 1 && typeof last === 'function';
  const event = typeof name === 'string' ? given.events.get(name) : undefined;
  const acknowledge = isAsked ? (last as Acknowledge) : unasked(signed, event);
  const end = received.length - (isAsked ? 1 : 0);
  try {
    if (overdrawn) throw new Problem(429, 'too-many', 'Too many messages at once; send fewer a second.');
    if (!event) throw new Problem(404, 'no-such-event', 'There is no such event.');
    const { live } = signed;
    const { actor } = live;
    const scope = scopeOf(actor.role, event.action);
    if (scope === null) throw new Problem(403, 'not-allowed', `The role ${actor.role} may not do this (${event.action}).`);
    if (end > 2) throw new Problem(400, 'invalid-input', 'Send one argument and an acknowledgement.');
    const sent = end > 1 ? received[1] : undefined;
    const input = event.isPlain?.(sent) === true ? sent : parseInput(event.input, sent, 'message');
    const answer = event.handle({ socket: live, actor, scope, input, receivedAt: given.clock.now(), isAsked });
    if (answer instanceof Promise) {
      unlessAway(answer, given.databaseAway).then(
        (value) => answered(given, event, acknowledge, value),
        (error: unknown) => refused(given, signed, event, acknowledge, error),
      );
    } else answered(given, event, acknowledge, answer);
  } catch (error) {
    refused(given, signed, event, acknowledge, error);
  }
}

function answered(given: Dispatching, event: SocketEvent, acknowledge: Acknowledge, answer: unknown): void {
  given.count?.event(event.name, 'ok');
  send(given, event.name, acknowledge, { ok: true, answer });
}

function refused(
  given: Dispatching,
  signed: Signed,
  event: SocketEvent | undefined,
  acknowledge: Acknowledge,
  error: unknown,
): void {
  // The name of an unknown event is the client's own text: it does not become a label.
  const label = event?.name ?? 'unknown';
  const problem = problemOf(error);
  // Said on purpose, "not now" is no fault: written down for each of ten thousand devices it would be a load of its own.
  const notNow = error instanceof Problem && problem.status === 503;
  if (problem.status >= 500 && !notNow)
    given.log.error({ err: error, event: label, socket: signed.live.id }, 'a socket event failed');
  given.count?.event(label, event ? (problem.status >= 500 ? 'failed' : 'refused') : 'unknown');
  send(given, label, acknowledge, { ok: false, problem: problem.toJSON() });
}

function send(given: Dispatching, label: string, acknowledge: Acknowledge, ack: Ack<unknown>): void {
  try {
    acknowledge(ack);
  } catch (unsendable) {
    given.log.error({ err: unsendable, event: label }, 'an acknowledgement could not be sent');
  }
}

/** A client that did not ask for an answer is told of a refusal: nothing is lost in silence. */
const unasked =
  ({ live }: Signed, event: SocketEvent | undefined): Acknowledge =>
  (ack) => {
    if (!ack.ok) live.emit('refused', { event: event?.name ?? null, problem: ack.problem });
  };
