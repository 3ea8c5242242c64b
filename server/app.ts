import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Db } from '../db/knex.ts';
import { cachedRoads } from '../routing/roads/cached.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import type { ChangeTools } from './platform/change.ts';
import { clockRoutes } from './platform/clock-http.ts';
import { sessionCookie } from './platform/credentials.ts';
import { deliveryLoop, type DeliveryLoop, type Reader } from './platform/deliveries.ts';
import { endRequests } from './platform/end-requests.ts';
import { serveFiles } from './platform/files.ts';
import { healthRoutes, watchHealth } from './platform/health.ts';
import type { Route } from './platform/http-route.ts';
import { createHttp } from './platform/http-server.ts';
import type { NewEvent } from './platform/events.ts';
import { closeInOrder } from './platform/lifecycle.ts';
import { inProcessJobs } from './platform/background-jobs.ts';
import { createMetrics, metricsRoutes } from './platform/metrics.ts';
import { openApiRoutes } from './platform/openapi.ts';
import { paceKeeper } from './platform/pace.ts';
import { DEFAULT_RATE_LIMITS } from './platform/rate-limits.ts';
import { openSockets, type Sockets } from './platform/sockets.ts';
import { timerLoop, type DueTimer, type TimerHandler, type TimerLoop } from './platform/timers.ts';
import type { App, AppDeps } from './app-deps.ts';
import { givingWay } from './giving-way.ts';
import { describeWork } from './work-metrics.ts';
import { PAGES } from './pages.ts';
import { busProbe, databaseProbe, positionsProbe, routerFinding, workProbes } from './probes.ts';
import { matchOn } from './track-matching.ts';
import { cityRoutes } from './stages/city/http.ts';
import { deviceOrder } from './stages/completion/device-order.ts';
import { completionRoutes } from './stages/completion/http.ts';
import { acknowledgeFact } from './stages/completion/report.ts';
import { settleVisits, type SettleVisits } from './stages/completion/settle-visits.ts';
import { acknowledgeDay } from './stages/crew-day/acknowledge.ts';
import { crewDays, type CrewDays } from './stages/crew-day/day.ts';
import { crewDayRoutes } from './stages/crew-day/http.ts';
import { rememberedWays, roadLineBetween } from './stages/crew-day/ways.ts';
import { dispatchRoutes } from './stages/dispatch/http.ts';
import { explainingRoutes } from './stages/explaining/http.ts';
import { intakeRoutes } from './stages/intake/http.ts';
import { placeRoutes } from './stages/intake/place-http.ts';
import { live, type Live } from './stages/live/live.ts';
import { openPositionBus, type PositionBus } from './stages/live/nodes/position-bus.ts';
import { notificationRoutes } from './stages/notification/http.ts';
import { notificationReader } from './stages/notification/tell.ts';
import { startAsker } from './stages/planning/asking/start-asker.ts';
import { planningRoutes } from './stages/planning/http.ts';
import { planner, type Planner } from './stages/planning/planner.ts';
import { MOST_PLAN_POINTS, planningPolicy } from './stages/planning/planning-policy.ts';
import { provingRoutes } from './stages/planning/proving/http.ts';
import { claims } from './stages/planning/proving/claims.ts';
import { planProver, type PlanProver } from './stages/planning/proving/prove-plans.ts';
import { overridePrices, type OverridePrices } from './stages/planning/price-overrides.ts';
import { vroomRoutes } from './stages/planning/vroom-http.ts';
import { reportingRoutes } from './stages/reporting/http.ts';
import { retention } from './stages/retention/erase-when-due.ts';
import { positionJobs } from './stages/retention/position-jobs.ts';
import { snapJob } from './stages/snapping/snap-tracks.ts';
import { trackingRoutes } from './stages/tracking/http.ts';
import { movement, type Movement } from './stages/tracking/movement/movement.ts';
import { relayOf } from './stages/tracking/relay.ts';
import { ORDINARY_LIMITS } from './stages/tracking/pipeline.ts';
import { openTrackers, type Trackers } from './stages/tracking/protocols/trackers.ts';
import { tracking, type Tracking } from './stages/tracking/receive.ts';
import { watchShifts } from './stages/tracking/watch-shifts.ts';
import { accountRoutes } from './stores/accounts/http.ts';
import { identifier, identifierOfMany } from './stores/accounts/identify.ts';
import { AssignmentId } from './stores/assignments/contract.ts';
import { findCaseByFollowToken } from './stores/cases/store.ts';
import type { LoadedCity } from './stores/city/load.ts';
import { ShiftId } from './stores/crews/contract.ts';
import { caseRoutes } from './stores/cases/http.ts';
import { crewRoutes } from './stores/crews/http.ts';
import { overrideRoutes } from './stores/overrides/http.ts';
import { PlanId } from './stores/plans/contract.ts';
import { getPlanAnswer, getPlanProblem } from './stores/plans/store.ts';
import { deviceBindings } from './stores/positions/bindings.ts';
import { movementRoutes } from './stores/movements/http.ts';
import { vehicleShifts } from './stores/positions/vehicle-shifts.ts';
import { historyRoutes } from './stores/positions/history/http.ts';
import { positionRoutes } from './stores/positions/http.ts';
import { recordedDayRoutes } from './stores/recorded-days/http.ts';
import { apply } from './stores/work/apply.ts';
import type { SystemCommand } from './stores/work/contract.ts';
import { workRoutes } from './stores/work/http.ts';

/** The life of a case, top to bottom. */
export function createApp(deps: AppDeps): App {
  const { db, clock, wallClock, ids, log, city, roads } = deps;
  const { policy } = city.config;
  const isSimulated = 'set' in clock;
  const metrics = createMetrics();
  const wallMillis = (): number => performance.now();

  // Events: who reads them, and what a commit wakes.
  const readers: readonly Reader[] = [notificationReader];
  let lastSeq: number | null = null;
  const tools: ChangeTools = {
    db,
    clock,
    ids,
    readers,
    committed(firstSeq, events) {
      lastSeq = Math.max(lastSeq ?? 0, firstSeq + events.length - 1);
      heard(events);
      // The server of the decision prices it: every server hears of it, and one price is enough.
      prices.changed(events);
      stream.committed();
      bus?.committed();
      trackers.changed();
      deliveries.wake();
    },
  };
  const recheckRights = (who: Parameters<Sockets['recheck']>[0]): void =>
    void sockets.recheck(who).catch((error: unknown) => log.warn({ err: error }, 'rights are read again at the next look'));
  /** What is remembered here follows what became true, whichever server of the city committed it. */
  const heard = (events: readonly NewEvent[]): void => {
    if (events.some(({ type }) => type.startsWith('shift.'))) shifts.invalidate();
    for (const { type, body } of events) {
      if (type.startsWith('device.')) bindings.invalidate(body['deviceId'] as string | undefined);
      if (type === 'device.revoked' || type === 'account.changed')
        recheckRights(body as { deviceId?: string; accountId?: string });
    }
    days.changed(events);
    movements.changed(events);
    prover.changed(events);
    asker.changed(events);
  };
  const deliveries: DeliveryLoop = deliveryLoop({ tools, readers, log });

  // A report comes in and becomes a case; the policy makes jobs of cases.
  const intake = intakeRoutes({ tools, city: () => city, streets: () => roads.streets() });

  // Jobs are planned.
  const planning = planningPolicy(city.config, deps.configVersionId);
  const planRoads = cachedRoads(roads.network, { maxPoints: MOST_PLAN_POINTS });
  const policyInForce = () => Promise.resolve(planning);
  // How far a plan is from the best is proven when the machine has nothing better to do.
  const prover: PlanProver = planProver({ tools, log, ...(deps.redisUrl === null ? {} : { claim: claims(db) }) });
  const plans: Planner = planner({
    tools,
    roads: planRoads,
    engine: givingWay(deps.engine, prover),
    policy: policyInForce,
    log,
    ...(deps.planQueue === undefined ? {} : { openQueue: deps.planQueue }),
  });

  // Plans are asked why.
  const asker = startAsker(
    async (planId) => {
      const id = PlanId.parse(planId);
      return { record: await getPlanAnswer(db, id), problem: await getPlanProblem(db, id) };
    },
    { log },
  );

  // What a dispatcher decides against a plan has a price, at that moment.
  const prices: OverridePrices = overridePrices({ tools, policy: policyInForce, roads: planRoads, log, asker });

  // Other programs have their problems solved.
  const guestEngine = startPlanner();

  // Crews have their day.
  const ways = rememberedWays({ roads: roads.network, locale: city.config.language, most: MOST_WAYS });
  const days: CrewDays = crewDays({
    db,
    clock,
    wallMillis,
    ways,
    policy: () => ({
      positionFreshSeconds: policy.positionFreshSeconds,
      fenceMetres: policy.fence.radiusMetres,
      leastServiceSeconds: planning.leastServiceSeconds,
      eta: policy.eta,
    }),
  });

  // Vehicles are followed; what crews say is held against it.
  const visits: SettleVisits = settleVisits({ tools, log, policy: () => policy.fence });
  const completion = { tools, order: deviceOrder(), visits };
  const bindings = deviceBindings(BINDINGS_KEPT_MILLIS, wallMillis);
  const shifts = vehicleShifts(BINDINGS_KEPT_MILLIS, wallMillis);
  const movements: Movement = movement({
    tools,
    log,
    wallMillis,
    policy: () => ({
      ...policy.movement,
      fenceMetres: policy.fence.radiusMetres,
      stampsArrival: policy.fence.stampsArrival,
    }),
    depots: () => city.config.depots,
    wayBetween: (from, to) => roadLineBetween(ways, from, to),
  });
  const positions: Tracking = tracking({
    db,
    clock,
    bindings,
    shifts,
    log,
    limits: ORDINARY_LIMITS,
    tickMillis: isSimulated ? 0 : POSITION_TICK_MILLIS,
    count: metrics.counter('thuma_fixes_total', 'Positions received, stored, known before, and flagged by rule.', 'what'),
    onMoved(moves) {
      stream.moved(moves);
      bus?.moved(moves);
    },
    onRestored: (moves) => stream.moved(moves),
    async onStored({ moved, tracks }) {
      await movements.moved(moved);
      await visits.fixesArrived(tracks);
    },
  });

  const trackers: Trackers = openTrackers({
    tools,
    tracking: positions,
    log,
    policy: () => policy.fence,
    count: metrics.counter('thuma_tracker_messages_total', 'Messages of trackers by protocol and what became of them.', 'what'),
    wallMillis,
    limited: deps.rateLimits,
    mqtt: deps.mqtt ?? null,
  });
  const relay = relayOf({ db, bindings, tracking: positions });

  const shiftWatch = watchShifts({ db, clock, log, shifts, everyMillis: SHIFT_WATCH_MILLIS }, (shiftOf) =>
    stream.shiftsChanged(shiftOf),
  );

  // Everything is told: to desks and crews live, to reporters on their page.
  const stream: Live = live({
    db,
    clock,
    log,
    status: () => health.status(),
    receiveFixes: (actor, batch) => positions.receive(actor, batch),
    receiveFixesAndTell: (actor, batch, told) => positions.receiveAndTell(actor, batch, told),
    relayFixes: relay,
    onEvents(events) {
      lastSeq = Math.max(lastSeq ?? 0, events.at(-1)!.seq);
      heard(events);
    },
    reportFact: (actor, scope, report) => acknowledgeFact(completion, actor, scope, report),
    dayOf: (shiftId) => days.dayOf(shiftId),
    acknowledgeDay: (actor, scope, seen) => acknowledgeDay(tools, actor, scope, seen),
  });

  // Other servers of the same city, which hear other vehicles and commit other changes.
  const bus: PositionBus | null =
    deps.redisUrl === null || isSimulated
      ? null
      : openPositionBus({
          url: deps.redisUrl,
          city: city.config.name,
          nodeId: randomUUID(),
          wallMillis,
          log,
          onMoves(moves) {
            positions.heardElsewhere(moves.map(({ marker }) => marker));
            movements.heardElsewhere(moves);
            stream.moved(moves);
          },
          onCutOff: (vehicleIds) => stream.cutOff(vehicleIds),
          onCommitted: () => stream.committed(),
        });

  // What is due on the city clock.
  const timers: TimerLoop = timerLoop(
    { tools, log, ...(isSimulated ? { simulated: clock, afterEach: () => deliveries.drain() } : {}) },
    {
      freeze: bySystem(({ subjectId }) => ({ type: 'timer.freeze', assignmentId: AssignmentId.parse(subjectId) })),
      recall_timeout: bySystem(({ subjectId }) => ({
        type: 'timer.recall_timeout',
        assignmentId: AssignmentId.parse(subjectId),
      })),
      shift_end: bySystem(({ subjectId }) => ({ type: 'timer.shift_end', shiftId: ShiftId.parse(subjectId) })),
      verification_timeout: visits.onTimeout,
    },
  );

  // What reporters said of themselves is kept so long and no longer.
  const keeping = retention({ db, clock, log, contactDays: () => policy.retentionDays.contacts });

  // Positions get old: single fixes become tracks, tracks are matched to the roads, and go when their days are over.
  const jobs = (deps.openJobs ?? inProcessJobs(log))([
    ...positionJobs({ tools, log, days: () => policy.retentionDays }),
    snapJob({ db, clock, log, match: matchOn(roads) }),
  ]);

  // How all of it is.
  const pace = paceKeeper({ simulated: isSimulated, onChange: () => stream.statusChanged(health.status()) });
  const health = watchHealth({
    probes: [
      databaseProbe(db, (seq) => (lastSeq = seq)),
      positionsProbe(positions),
      { name: 'router', look: () => routerFinding(roads) },
      ...workProbes({ plans, stream, timers, deliveries, jobs }),
      ...(bus === null ? [] : [busProbe(bus)]),
      ...trackers.probes,
    ],
    clock,
    pace: () => pace.present(),
    wallClock,
    lastSeq: () => lastSeq,
    log,
    onChange: (status) => stream.statusChanged(status),
  });

  // The faces: HTTP, sockets, files.
  const cookie = sessionCookie(deps.publicUrl?.startsWith('https:') ?? false);
  const identifying = {
    db,
    clock,
    wallClock,
    findFollowedCase: async (tx: Db, hash: string) => (await findCaseByFollowToken(tx, hash))?.id ?? null,
  };
  const identify = identifier(identifying);
  const databaseAway = (): boolean =>
    health.status().dependencies.some(({ name, state }) => name === 'database' && state === 'down');
  const origins = { publicUrl: deps.publicUrl, allowed: deps.allowedOrigins };
  const described: Route[] = [
    ...intake,
    ...placeRoutes({ db, city: () => city, streets: () => roads.streets() }),
    ...planningRoutes({ tools, policy: policyInForce, log, roads: planRoads, planner: plans }),
    ...explainingRoutes({ db, asker }),
    ...provingRoutes({ tools, prover }),
    ...vroomRoutes({ roads: roads.network, engine: guestEngine, wallMillis, log }),
    ...dispatchRoutes({ tools, city: () => city.config }),
    ...caseRoutes({ tools }),
    ...workRoutes({ tools }),
    ...crewRoutes({ tools }),
    ...crewDayRoutes({ tools, days }),
    ...trackingRoutes({ tracking: positions, movements, db, clock, relay }),
    ...trackers.routes,
    ...positionRoutes({ db, clock }),
    ...movementRoutes({ db }),
    ...historyRoutes({
      db,
      clock,
      fenceMetres: () => policy.fence.radiusMetres,
      async path(places, signal) {
        const { legs, source } = await roads.network.path(places, signal);
        return { lines: legs.map(({ line }) => line), source };
      },
      attribution: () => roads.attribution(),
      cityName: () => city.config.name,
    }),
    ...completionRoutes(completion),
    ...cityRoutes({ db, city: () => city.config, clock, attribution: () => roads.attribution() }),
    ...reportingRoutes({ db, clock, zone: () => city.config.zone, wallMillis, lastSeq: () => lastSeq }),
    ...overrideRoutes({ db, clock, city: () => city.config }),
    ...recordedDayRoutes({
      folder: deps.recordedDays,
      city: () => ({ name: city.config.name, invented: city.config.demand !== null }),
    }),
    ...notificationRoutes({ db, serviceLabel: labelOf(city) }),
    ...stream.routes,
    ...accountRoutes({
      tools,
      wallClock,
      cookie,
      publicUrl: deps.publicUrl,
      rightsChanged: recheckRights,
      bindingsChanged: (deviceId) => bindings.invalidate(deviceId),
    }),
    ...clockRoutes({ db, clock, timers, deliveries, pace }),
    ...healthRoutes(health),
    ...metricsRoutes(metrics),
  ];
  const routes = [...described, ...openApiRoutes(described, { version: deps.version, cookie })];
  const http = createServer(
    createHttp({
      routes,
      identify,
      cookie,
      origins,
      clock,
      log,
      metrics,
      rateLimits: deps.rateLimits ? DEFAULT_RATE_LIMITS : null,
      trustProxy: deps.trustProxy === 0 ? false : deps.trustProxy,
      bounds: () => boundsOf(city),
      databaseAway,
      files: serveFiles({ ui: deps.ui, pages: PAGES, baseMap: () => roads.baseMap() }),
      ...(deps.checkAnswers === undefined ? {} : { checkAnswers: deps.checkAnswers }),
    }),
  );
  // A body that never ends does not hold a connection for ever.
  http.requestTimeout = 60_000;
  const sockets: Sockets = openSockets({
    http,
    identify,
    identifyMany: identifierOfMany(identifying),
    cookie,
    origins,
    clock,
    log,
    events: stream.events,
    databaseAway,
    onConnect: (socket) => stream.onConnect(socket),
    count: { event: (name, result) => metrics.socketEvent(name, result), connections: (now) => metrics.sockets(now) },
  });
  describeWork(metrics, { timers, deliveries, lastSeq: () => lastSeq });

  return {
    http,
    tools,
    routes,
    socketEvents: stream.events,
    health,
    lookAtHealth: () => void health.look().catch((error: unknown) => log.error({ err: error }, 'health could not be told')),
    async listen(port, host) {
      await positions.restore();
      await movements.restore();
      await bus?.start();
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          resolve();
        });
      });
      trackers.start();
      await health.look();
      health.start();
      await plans.start();
      prover.start();
      // In a simulated city time moves, and with it timers and deliveries, only when it is told to.
      if (!isSimulated) {
        timers.start();
        deliveries.start();
        keeping.start();
        movements.start(MOVEMENT_LOOK_MILLIS);
        await jobs.start();
      }
      return `http://${host.includes(':') ? `[${host}]` : host}:${(http.address() as AddressInfo).port}`;
    },
    close: () =>
      closeInOrder(
        [
          { name: 'readiness', close: () => health.close() },
          { name: 'listening', close: () => void http.close() },
          { name: 'pace', close: () => pace.stop() },
          { name: 'sockets', close: () => sockets.closeAll(COME_BACK_WITHIN_MILLIS) },
          { name: 'planner', close: () => plans.stop() },
          { name: 'prices of overrides', close: () => prices.stop() },
          { name: 'proofs of plans', close: () => prover.stop() },
          { name: 'answers about plans', close: () => asker.close() },
          { name: 'guest engine', close: () => guestEngine.close() },
          { name: 'timers', close: () => timers.stop() },
          { name: 'deliveries', close: () => deliveries.stop() },
          { name: 'retention', close: () => keeping.stop() },
          { name: 'other servers', close: () => bus?.stop() },
          { name: 'background jobs', close: () => jobs.stop() },
          { name: 'shifts of vehicles', close: () => shiftWatch() },
          { name: 'trackers', close: () => trackers.stop() },
          { name: 'positions', close: () => positions.stop() },
          { name: 'movements', close: () => movements.stop() },
          { name: 'live stream', close: () => stream.stop() },
          { name: 'requests', close: () => endRequests(http) },
          { name: 'health', close: () => health.stop() },
          { name: 'metrics', close: () => metrics.close() },
        ],
        log,
      ),
  };
}

const MOST_WAYS = 5_000;
const BINDINGS_KEPT_MILLIS = 60_000;
/** Of positions written together; what a device waits for its acknowledgement at most, and the disk. */
const POSITION_TICK_MILLIS = 100;
const MOVEMENT_LOOK_MILLIS = 10_000;
const SHIFT_WATCH_MILLIS = 2_000;
const COME_BACK_WITHIN_MILLIS = 5_000;
const bySystem =
  (command: (timer: DueTimer) => SystemCommand): TimerHandler =>
  async (change, timer) => {
    await apply(change, 'all', command(timer));
  };

function labelOf(city: LoadedCity): (serviceType: string) => string {
  const labels = new Map(city.config.requestTypes.map((type) => [type.code, type.label]));
  return (serviceType) => labels.get(serviceType) ?? serviceType;
}

function boundsOf(city: LoadedCity): { west: number; south: number; east: number; north: number } {
  const [west, south, east, north] = city.config.bounds;
  return { west, south, east, north };
}
