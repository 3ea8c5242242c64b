import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { estimate, UNLEARNED } from '../../../routing/roads/estimate.ts';
import type { RoadNetwork } from '../../../routing/roads/road-network.ts';
import { anonymousActor, systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock, type SimulatedClock } from '../../platform/clock.ts';
import type { Ack, Status } from '../../platform/contract.ts';
import { sessionCookie, type Identify } from '../../platform/credentials.ts';
import { deliveryLoop, type DeliveryLoop } from '../../platform/deliveries.ts';
import type { NewEvent } from '../../platform/events.ts';
import { randomIds } from '../../platform/ids.ts';
import type { Role } from '../../platform/policy.ts';
import { openSockets, type Sockets } from '../../platform/sockets.ts';
import { quiet, startTestServer, type TestServer } from '../../platform/test-server.ts';
import { timerLoop, type TimerLoop } from '../../platform/timers.ts';
import { hashToken } from '../../platform/tokens.ts';
import type { Assignment } from '../../stores/assignments/contract.ts';
import { getAssignment } from '../../stores/assignments/store.ts';
import { CaseId } from '../../stores/cases/contract.ts';
import { findCaseByFollowToken } from '../../stores/cases/store.ts';
import { EtaPolicy } from '../../stores/city/contract.ts';
import { ShiftId } from '../../stores/crews/contract.ts';
import { deviceBindings } from '../../stores/positions/bindings.ts';
import { movementRoutes } from '../../stores/movements/http.ts';
import { positionRoutes } from '../../stores/positions/http.ts';
import { vehicleShifts } from '../../stores/positions/vehicle-shifts.ts';
import type { SentFix } from '../../stores/positions/contract.ts';
import { aFleet, type TestFleet } from '../../stores/positions/testing.ts';
import { actAsSystem } from '../../stores/work/act.ts';
import { WorkAnswer, type Command, type FieldFact } from '../../stores/work/contract.ts';
import { receiveCases } from '../../stores/work/receive.ts';
import { acknowledgeDay } from '../crew-day/acknowledge.ts';
import { crewDays, type CrewDays } from '../crew-day/day.ts';
import { crewDayRoutes } from '../crew-day/http.ts';
import { rememberedWays, roadLineBetween } from '../crew-day/ways.ts';
import type { ClientToServer, ServerToClient } from '../live/contract.ts';
import { live, type Live } from '../live/live.ts';
import { notificationRoutes } from '../notification/http.ts';
import { notificationReader } from '../notification/tell.ts';
import { trackingRoutes } from '../tracking/http.ts';
import { movement, type Movement } from '../tracking/movement/movement.ts';
import type { MovementPolicy } from '../tracking/movement/movement-policy.ts';
import { ORDINARY_LIMITS } from '../tracking/pipeline.ts';
import { tracking, type Tracking } from '../tracking/receive.ts';
import { deviceOrder } from './device-order.ts';
import { completionRoutes } from './http.ts';
import { acknowledgeFact } from './report.ts';
import { settleVisits } from './settle-visits.ts';

export const START = new Date('2026-01-27T12:00:00Z');
export const later = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);
export const JOB_PLACE = { lon: -77.03, lat: 38.9 };
export const CLIENT_PLACE = { lon: -77.05, lat: 38.91 };
/** Of the tests' city. */
export const MOVEMENT_POLICY: MovementPolicy = {
  fenceMetres: 60,
  longStopSeconds: 1200,
  offWayMetres: 400,
  offWaySeconds: 180,
  silentSeconds: 900,
  speedLimitMps: 33,
  speedingSeconds: 20,
};
export type Client = Socket<ServerToClient, ClientToServer>;

export interface MadeJob {
  readonly caseIds: readonly string[];
  readonly followTokens: readonly string[];
  readonly jobId: string;
  readonly assignmentId: string;
}

/** The whole field side of the product on a real database and real sockets, in a city whose clock stands still. */
export interface FieldStack {
  readonly fresh: FreshDb;
  readonly clock: SimulatedClock;
  readonly tools: ChangeTools;
  readonly fleet: TestFleet;
  readonly live: Live;
  readonly days: CrewDays;
  readonly tracking: Tracking;
  /** Positions are stored and nobody looks at them: what a crash in that moment leaves. */
  lookAtMoves(does: boolean): void;
  /** As after kill -9: what was in memory of movements is gone, and a new server has begun. */
  loseMovements(): Promise<void>;
  /** Looks for what shows by the time that passes. */
  lookForMovements(): Promise<void>;
  readonly timers: TimerLoop;
  readonly deliveries: DeliveryLoop;
  readonly server: TestServer;
  readonly sockets: Sockets;
  /** A token by which this actor is known from now on. */
  tokenOf(actor: Actor): string;
  desk(over?: Partial<Actor>): Actor;
  connect(actor: Actor): Promise<Client>;
  status: Status;
  /** Cases at one place with one job, given to the fleet's shift and sent to the crew. */
  makeJob(options?: { cases?: number; shiftId?: string; place?: typeof JOB_PLACE; contact?: boolean }): Promise<MadeJob>;
  system(command: Command): Promise<WorkAnswer>;
  assignment(id: string): Promise<Assignment>;
  /** POST /api/field by the crew; returns the answer as the phone gets it. */
  fact(command: FieldFact, at: Date, over?: { actionId?: string; deviceSeq?: number; actor?: Actor }): Promise<HttpAnswer>;
  /** POST /api/positions by the crew. */
  fixes(...fixes: SentFix[]): Promise<HttpAnswer>;
  get(path: string, actor: Actor): Promise<HttpAnswer>;
  post(path: string, body: unknown, actor: Actor): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly repeated: boolean;
  readonly body: Record<string, unknown>;
}

export async function startField(
  options: { tickMillis?: number; stampsArrival?: boolean; roads?: RoadNetwork; endPlace?: typeof JOB_PLACE } = {},
): Promise<FieldStack> {
  const fresh = await freshDb();
  const clock = simulatedClock(START);
  const fleet = await aFleet(fresh.db, { from: later(-4 * 3600), until: later(4 * 3600), startPlace: CLIENT_PLACE });
  const policy = { radiusMetres: 60, minimumDwellSeconds: 120, stampsArrival: options.stampsArrival ?? false };
  const roads = options.roads ?? estimate({ ...UNLEARNED, version: 'test' });
  const known = new Map<string, Actor>();

  const heard: ((events: readonly NewEvent[]) => void)[] = [];
  const tools: ChangeTools = {
    db: fresh.db,
    clock,
    ids: randomIds,
    readers: [notificationReader],
    committed: (_first, events) => heard.forEach((hear) => hear(events)),
  };
  const ways = rememberedWays({ roads, locale: 'en', most: 1000 });
  const days = crewDays({
    db: fresh.db,
    clock,
    ways,
    policy: () => ({ positionFreshSeconds: 120, fenceMetres: 60, leastServiceSeconds: 300, eta: EtaPolicy.parse({}) }),
    wallMillis: () => performance.now(),
  });
  const visits = settleVisits({ tools, log: quiet, policy: () => policy });
  const completion = { tools, order: deviceOrder(), visits };
  const stack: { status: Status } = {
    status: {
      ready: true,
      closing: false,
      dependencies: [{ name: 'router', state: 'ok', since: START.toISOString(), detail: null }],
      degraded: [],
      clock: { kind: 'simulated', now: START.toISOString() },
      lastSeq: 0,
      at: START.toISOString(),
    },
  };
  const stream: Live = live({
    db: fresh.db,
    clock,
    log: quiet,
    status: () => stack.status,
    receiveFixes: (actor, batch) => positions.receive(actor, batch),
    receiveFixesAndTell: (actor, batch, told) => positions.receiveAndTell(actor, batch, told),
    reportFact: (actor, scope, report) => acknowledgeFact(completion, actor, scope, report),
    dayOf: (shiftId) => days.dayOf(shiftId),
    acknowledgeDay: (actor, scope, input) => acknowledgeDay(tools, actor, scope, input),
    times: { tickMillis: options.tickMillis ?? 10, pollMillis: 200, keptMillis: 300 },
  });
  const openMovements = (): Movement =>
    movement({
      tools,
      log: quiet,
      wallMillis: () => performance.now(),
      policy: () => ({ ...MOVEMENT_POLICY, stampsArrival: policy.stampsArrival }),
      depots: () => [],
      wayBetween: (from, to) => roadLineBetween(ways, from, to),
    });
  let movements = openMovements();
  let looksAtMoves = true;
  const positions = tracking({
    db: fresh.db,
    clock,
    bindings: deviceBindings(60_000, () => performance.now()),
    limits: ORDINARY_LIMITS,
    log: quiet,
    tickMillis: 0,
    count: () => undefined,
    shifts: vehicleShifts(60_000, () => performance.now()),
    onMoved: (moves) => stream.moved(moves),
    onRestored: (moves) => stream.moved(moves),
    async onStored(stored) {
      if (looksAtMoves) await movements.moved(stored.moved);
      await visits.fixesArrived(stored.tracks);
    },
  });
  heard.push(
    (events) => days.changed(events),
    (events) => movements.changed(events),
    () => stream.committed(),
  );
  const deliveries = deliveryLoop({ tools, readers: [notificationReader], log: quiet });
  const timers = timerLoop({ tools, log: quiet, simulated: clock }, { verification_timeout: visits.onTimeout });

  const identify: Identify = async ({ kind, token }) => {
    if (kind !== 'follow') return known.get(token) ?? null;
    const followed = await findCaseByFollowToken(fresh.db, hashToken(token));
    return followed ? { ...anonymousActor, role: 'reporter', caseId: followed.id } : null;
  };
  const server = await startTestServer({
    identify,
    clock,
    routes: [
      ...crewDayRoutes({ tools, days }),
      ...trackingRoutes({
        tracking: positions,
        movements: { alarm: (...said) => movements.alarm(...said) },
        db: fresh.db,
        clock,
      }),
      ...movementRoutes({ db: fresh.db }),
      ...completionRoutes(completion),
      ...notificationRoutes({ db: fresh.db, serviceLabel: (code) => `Label of ${code}` }),
      ...positionRoutes({ db: fresh.db, clock }),
      ...stream.routes,
    ],
  });
  const sockets = openSockets({
    http: server.http,
    identify,
    cookie: sessionCookie(false),
    origins: { publicUrl: null, allowed: [] },
    clock,
    log: quiet,
    events: stream.events,
    onConnect: (socket) => stream.onConnect(socket),
  });
  const clients: Client[] = [];

  const tokenOf = (actor: Actor): string => {
    const known_ = [...known].find(([, a]) => JSON.stringify(a) === JSON.stringify(actor));
    if (known_) return known_[0];
    const token = `token-${randomUUID()}`;
    known.set(token, actor);
    return token;
  };
  const request = async (method: string, path: string, actor: Actor, body?: unknown): Promise<HttpAnswer> => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'thuma-request': '1',
        ...(actor.role === 'anonymous' ? {} : { authorization: `Bearer ${tokenOf(actor)}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      repeated: response.headers.get('thuma-repeated') === 'true',
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const system = async (command: Command): Promise<WorkAnswer> => WorkAnswer.parse((await actAsSystem(tools, command)).body);

  return Object.assign(stack, {
    fresh,
    clock,
    tools,
    fleet,
    live: stream,
    days,
    tracking: positions,
    lookAtMoves: (does: boolean) => void (looksAtMoves = does),
    async loseMovements() {
      movements = openMovements();
      await movements.restore();
    },
    lookForMovements: () => movements.look(),
    timers,
    deliveries,
    server,
    sockets,
    tokenOf,
    desk: (over: Partial<Actor> = {}): Actor => ({
      ...anonymousActor,
      role: 'dispatcher' as Role,
      accountId: randomUUID(),
      organisationId: fleet.organisationId,
      ...over,
    }),
    async connect(actor: Actor): Promise<Client> {
      const client: Client = io(server.url, {
        transports: ['websocket'],
        auth: { token: tokenOf(actor) },
        forceNew: true,
        reconnection: false,
      });
      clients.push(client);
      await new Promise<void>((resolve, reject) => {
        client.once('connect', resolve);
        client.once('connect_error', reject);
      });
      return client;
    },
    async makeJob(wanted: { cases?: number; shiftId?: string; place?: typeof JOB_PLACE; contact?: boolean } = {}) {
      const place = wanted.place ?? JOB_PLACE;
      const followTokens = Array.from({ length: wanted.cases ?? 1 }, () => `follow-${randomUUID()}`);
      const received = await inChange(tools, systemActor, (change) =>
        receiveCases(
          change,
          followTokens.map((token) => ({
            source: 'web',
            sourceId: token,
            organisationId: fleet.organisationId,
            serviceType: 'pothole',
            place,
            address: '1 Test Street',
            roadPoint: place,
            roadMetres: 2,
            placeQuality: 'on_road' as const,
            placeText: 'Test Street near Second',
            areaIds: [],
            reportedAt: later(-3600),
            reportedYear: 2026,
            dueAt: later(86_400),
            priority: 3,
            sourceStatus: null,
            sourceClosedAt: null,
            sourceUpdatedAt: null,
            words: 'my own secret words',
            contact: wanted.contact ? { name: 'Ada Private', email: 'ada@example.org', phone: null } : null,
            followTokenHash: hashToken(token),
          })),
        ),
      );
      const caseIds = received.map((c) => CaseId.parse(c.id));
      const made = await system({
        type: 'case.make_job',
        caseIds,
        cause: 'policy',
        job: {
          jobType: 'pothole',
          title: 'Pothole',
          place,
          roadPoint: place,
          placeText: 'Test Street near Second',
          serviceSeconds: 1800,
          slots: [{ skills: [], plant: [] }],
          windows: [],
          dueAt: later(86_400).toISOString(),
          priority: 3,
          emergency: false,
          proof: [],
          draft: false,
        },
      });
      const job = made.jobs[0]!;
      const assigned = await system({
        type: 'assignment.assign',
        jobId: job.id,
        version: job.version,
        slot: 0,
        shiftId: ShiftId.parse(wanted.shiftId ?? fleet.shiftId),
        lockCrew: true,
      });
      const planned = assigned.assignments[0]!;
      await system({ type: 'assignment.dispatch', assignmentId: planned.id, version: planned.version });
      return { caseIds, followTokens, jobId: job.id as string, assignmentId: planned.id as string };
    },
    system,
    assignment: (id: string) => getAssignment(fresh.db, id),
    fact: (command: FieldFact, at: Date, over: { actionId?: string; deviceSeq?: number; actor?: Actor } = {}) =>
      request('POST', '/api/field', over.actor ?? fleet.actor, {
        envelope: {
          actionId: over.actionId ?? randomIds.next(at),
          deviceTime: at.toISOString(),
          sentAt: clock.now().toISOString(),
          ...(over.deviceSeq === undefined ? {} : { deviceSeq: over.deviceSeq }),
        },
        command,
      }),
    fixes: (...fixes: SentFix[]) => request('POST', '/api/positions', fleet.actor, { sentAt: clock.now().toISOString(), fixes }),
    get: (path: string, actor: Actor) => request('GET', path, actor),
    post: (path: string, body: unknown, actor: Actor) => request('POST', path, actor, body),
    async close() {
      for (const client of clients) client.disconnect();
      await sockets.closeAll(0);
      await stream.stop();
      await positions.stop();
      await movements.stop();
      await deliveries.stop();
      await timers.stop();
      await server.close();
      await fresh.drop();
    },
  });
}

/** Asks and insists on an answer. */
export async function answered<A extends Ack<unknown>>(asked: Promise<A>): Promise<Extract<A, { ok: true }>['answer']> {
  const ack = await asked;
  if (!ack.ok) throw new Error(`${ack.problem.type}: ${ack.problem.detail}`);
  return ack.answer as Extract<A, { ok: true }>['answer'];
}

/** Waits until it is so; the limit only ends a test that would fail anyway. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
