import type { Actor } from '../../../platform/actor.ts';
import { systemActor } from '../../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../../platform/change.ts';
import type { NewEvent } from '../../../platform/events.ts';
import type { Log } from '../../../platform/log.ts';
import { AssignmentId } from '../../../stores/assignments/contract.ts';
import { MOVEMENT_EVENTS } from '../../../stores/movements/contract.ts';
import { beginMovements, endMovements, listMovements, movementKey, type BegunMovement } from '../../../stores/movements/store.ts';
import { listFixesSince, listVehiclesOnDuty, type WatchedPoint } from '../../../stores/movements/watched-shifts.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { actAsSystem } from '../../../stores/work/act.ts';
import type { MovementPolicy } from './movement-policy.ts';
import { ToldMovements, type ToldEnd } from './told-movements.ts';
import { placeFacts, VehicleWatch, type MovementChange } from './vehicle-watch.ts';
import { WatchedDays, type Depot, type PlaceOf } from './watched-days.ts';

export interface MovementDeps {
  readonly tools: ChangeTools;
  readonly log: Log;
  readonly policy: () => MovementPolicy & {
    /** True: being at the job is the arrival. False: it is a hint on the crew's screen, which asks the crew. */
    readonly stampsArrival: boolean;
  };
  readonly depots: () => readonly Depot[];
  /** The planned way between two places; null where no road engine knows one. */
  readonly wayBetween: (from: WatchedPoint, to: WatchedPoint) => Promise<readonly WatchedPoint[] | null>;
  /** Milliseconds that never run on the city clock. */
  readonly wallMillis: () => number;
}

export interface Movement {
  /** Positions that are stored. Resolves when what follows from them is written. Rejects with what the database threw. */
  moved(moves: readonly VehicleMove[]): Promise<void>;
  /** Another server looks at these; here it is only known that they are alive. */
  heardElsewhere(moves: readonly VehicleMove[]): void;
  /** Something was committed (`ChangeTools.committed`). */
  changed(events: readonly NewEvent[]): void;
  /** Looks again at the last fixes of every vehicle on duty, so that what a crash interrupted goes on. */
  restore(): Promise<void>;
  /** Looks for what shows by the time that passes: nothing heard, nobody left. */
  look(): Promise<void>;
  /** A person pressed the alarm. Once in five minutes a vehicle; false: it had been said. */
  alarm(actor: Actor, alarm: { readonly shiftId: string; readonly vehicleId: string; readonly at: Date }): Promise<boolean>;
  /** Looks by itself, so often (milliseconds of wall time). */
  start(everyMillis: number): void;
  stop(): Promise<void>;
}

type News = BegunMovement | ToldEnd;
const hasBegun = (news: News): news is BegunMovement => 'since' in news;

/** City time between two looks at everybody on duty. */
const LOOK_MILLIS = 60_000;
/** After a start so much is looked at again, beyond the longest limit of the policy. */
const AGAIN_MILLIS = 300_000;
/** A shift that nobody has moved in for so long is forgotten. */
const FORGOTTEN_MILLIS = 6 * 3_600_000;
const SAME_ALARM_MILLIS = 300_000;
const MOST_UNWRITTEN = 20_000;

/**
 * Events from movement: each vehicle has a watch that takes its newest fix after every write; what begins or ends is written
 * with its event in one transaction.
 */
export function movement(deps: MovementDeps): Movement {
  const { tools, log } = deps;
  const { db, clock } = tools;
  const days = new WatchedDays({ db, ...deps });
  const told = new ToldMovements();
  const watches = new Map<string, VehicleWatch>();
  const waiting = new Set<VehicleWatch>();
  const stamped = new Set<string>();
  /** Where each shift's vehicle was seen last: its next way starts there. */
  const lastPlaces = new Map<string, WatchedPoint>();
  let unwritten: News[] = [];
  let lookedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  /** One after the other: a watch takes fixes in their order. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  /** Days and what was said of them, in memory. */
  async function know(shiftIds: ReadonlySet<string>, now: Date, placeOf: PlaceOf = () => null): Promise<void> {
    await days.refresh(shiftIds, now, (shiftId, setOutAt) => lastPlaces.get(shiftId) ?? placeOf(shiftId, setOutAt));
    const unknown = [...shiftIds].filter((shiftId) => !told.knows(shiftId));
    if (unknown.length > 0) told.know(unknown, await listMovements(db, unknown));
  }

  function watchOf(vehicleId: string, shiftId: string, heardAt: number): VehicleWatch {
    const known = watches.get(vehicleId);
    if (known?.shiftId === shiftId) return known;
    if (known !== undefined) waiting.delete(known);
    const watch = new VehicleWatch(vehicleId, shiftId, heardAt, told.goingOn(shiftId, vehicleId));
    watches.set(vehicleId, watch);
    return watch;
  }

  function note(watch: VehicleWatch, changes: readonly MovementChange[]): void {
    const { shiftId, vehicleId } = watch;
    for (const change of changes) {
      const news = change.change === 'begin' ? told.begin(shiftId, vehicleId, change) : told.end(shiftId, vehicleId, change);
      if (news !== null) unwritten.push(news);
    }
    if (watch.isWaiting) waiting.add(watch);
    else waiting.delete(watch);
  }

  function takeMoves(moves: readonly VehicleMove[], now: number): Set<VehicleWatch> {
    const policy = deps.policy();
    const looked = new Set<VehicleWatch>();
    for (const { shiftId, marker } of moves) {
      const day = shiftId === null ? undefined : days.of(shiftId);
      if (shiftId === null || day === undefined) continue;
      const watch = watchOf(marker.vehicleId, shiftId, marker.time.getTime());
      note(watch, watch.take(marker, day, policy, now));
      lastPlaces.set(shiftId, marker);
      looked.add(watch);
    }
    return looked;
  }

  /** Writes what is news. What cannot be written is tried again with the next; after a crash the fixes tell it again. */
  async function write(): Promise<void> {
    if (unwritten.length > MOST_UNWRITTEN) unwritten = unwritten.slice(-MOST_UNWRITTEN);
    while (unwritten.length > 0) {
      const [now, later] = apart(unwritten);
      const begun = now.filter(hasBegun);
      const ended = now.filter((one): one is ToldEnd => !hasBegun(one));
      await inChange(tools, systemActor, async (change) => {
        const news = new Set([...(await beginMovements(change.tx, begun)), ...(await endMovements(change.tx, ended))]);
        for (const one of now) {
          if (!news.has(movementKey(one))) continue;
          const { begin, end } = MOVEMENT_EVENTS[one.kind];
          if (hasBegun(one)) change.emit(eventOf(one, begin, one.since));
          else if (end !== null) change.emit(eventOf(one, end, one.until));
        }
      });
      unwritten = later;
    }
  }

  function eventOf(one: News, type: string, at: Date): NewEvent {
    const { assignmentId, jobId, ...facts } = one.facts;
    return {
      type,
      at,
      shiftId: one.shiftId,
      organisationId: days.of(one.shiftId)?.organisationId ?? null,
      assignmentId: typeof assignmentId === 'string' ? assignmentId : null,
      jobId: typeof jobId === 'string' ? jobId : null,
      body: { vehicleId: one.vehicleId, ...facts },
    };
  }

  /** Stamps the arrival of crews that are at what they drive to, where the policy says so. */
  async function stampArrivals(looked: ReadonlySet<VehicleWatch>): Promise<void> {
    if (!deps.policy().stampsArrival) return;
    for (const watch of looked) {
      const going = days.of(watch.shiftId)?.goingTo ?? null;
      if (going === null || watch.last === null || stamped.has(going.assignmentId) || !watch.isAt(going.assignmentId)) continue;
      const since = told.since(watch.shiftId, watch.vehicleId, 'fence', going.assignmentId) ?? watch.last.time;
      const at = Math.max(since, Math.min(watch.last.time, going.travellingAt?.getTime() ?? since));
      try {
        const assignmentId = AssignmentId.parse(going.assignmentId);
        await actAsSystem(tools, { type: 'fence.arrive', assignmentId, at: new Date(at).toISOString() });
        stamped.add(going.assignmentId);
      } catch (error) {
        // The crew says so itself, or the next fix does.
        log.warn({ err: error, assignment: going.assignmentId }, 'an arrival by fence could not be stamped');
      }
    }
  }

  /** What shows by the time that passes. */
  async function lookNow(now: Date): Promise<Set<VehicleWatch>> {
    const policy = deps.policy();
    const looked = new Set(waiting);
    for (const watch of looked) note(watch, watch.wait(now.getTime(), null, policy));
    if (Math.abs(now.getTime() - lookedAt) < LOOK_MILLIS) return looked;
    lookedAt = now.getTime();
    const onDuty = await listVehiclesOnDuty(db, now);
    await know(new Set(onDuty.map(({ shiftId }) => shiftId)), now);
    for (const { vehicleId, shiftId, onDutySince } of onDuty) {
      const watch = watchOf(vehicleId, shiftId, onDutySince.getTime());
      note(watch, watch.wait(now.getTime(), onDutySince.getTime(), policy));
    }
    for (const shiftId of days.unusedSince(now.getTime() - FORGOTTEN_MILLIS)) {
      for (const { subject } of days.of(shiftId)?.places ?? []) stamped.delete(subject);
      days.forget(shiftId);
      told.forget(shiftId);
      lastPlaces.delete(shiftId);
      for (const [vehicleId, watch] of watches) {
        if (watch.shiftId !== shiftId) continue;
        watches.delete(vehicleId);
        waiting.delete(watch);
      }
    }
    return looked;
  }

  const look = (): Promise<void> =>
    inTurn(async () => {
      const looked = await lookNow(clock.now());
      await write();
      await stampArrivals(looked);
    });

  return {
    moved: (moves) =>
      inTurn(async () => {
        const now = clock.now();
        const places = new Map<string, WatchedPoint>();
        for (const { shiftId, marker } of moves) if (shiftId !== null) places.set(shiftId, marker);
        await know(new Set(places.keys()), now, (shiftId) => places.get(shiftId) ?? null);
        const looked = takeMoves(moves, now.getTime());
        for (const watch of await lookNow(now)) looked.add(watch);
        await write();
        await stampArrivals(looked);
      }),
    heardElsewhere(moves) {
      for (const { marker } of moves) watches.get(marker.vehicleId)?.heardElsewhere(marker.time.getTime());
    },
    changed(events) {
      days.changed(events);
      // Sent to it again, or taken up again: it can arrive again.
      for (const { assignmentId } of events)
        if (assignmentId !== null && assignmentId !== undefined) stamped.delete(assignmentId);
    },
    restore: () =>
      inTurn(async () => {
        const now = clock.now();
        const policy = deps.policy();
        const onDuty = await listVehiclesOnDuty(db, now);
        const longest = Math.max(policy.longStopSeconds, policy.offWaySeconds, policy.speedingSeconds) * 1000;
        const since = new Date(now.getTime() - longest - AGAIN_MILLIS);
        const fixes = await listFixesSince(
          db,
          onDuty.map(({ vehicleId }) => vehicleId),
          since,
        );
        const shiftOf = new Map(onDuty.map(({ vehicleId, shiftId }) => [vehicleId, shiftId]));
        await know(new Set(shiftOf.values()), now, (shiftId, setOutAt) => {
          const own = fixes.filter(({ vehicleId }) => shiftOf.get(vehicleId) === shiftId);
          return own.findLast(({ time }) => setOutAt === null || time <= setOutAt) ?? own[0] ?? null;
        });
        for (const { vehicleId, shiftId, onDutySince } of onDuty) watchOf(vehicleId, shiftId, onDutySince.getTime());
        for (const fix of fixes) {
          const watch = watches.get(fix.vehicleId);
          const day = watch === undefined ? undefined : days.of(watch.shiftId);
          if (watch === undefined || day === undefined) continue;
          note(watch, watch.take(fix, day, policy, now.getTime()));
          lastPlaces.set(watch.shiftId, fix);
        }
        await write();
      }),
    look,
    alarm: (actor, { shiftId, vehicleId, at }) =>
      inTurn(async () => {
        await know(new Set([shiftId]), clock.now());
        const where = watches.get(vehicleId)?.last ?? null;
        const facts = where === null ? {} : placeFacts(where);
        const change: MovementChange = { kind: 'panic', subject: '', change: 'begin', at: at.getTime(), facts };
        const news = told.begin(shiftId, vehicleId, change, at.getTime() + SAME_ALARM_MILLIS);
        if (news === null) return false;
        try {
          return await inChange(tools, actor, async (inside) => {
            const first = (await beginMovements(inside.tx, [news])).size > 0;
            if (first) inside.emit(eventOf(news, MOVEMENT_EVENTS.panic.begin, at));
            return first;
          });
        } catch (error) {
          // Not said after all: the next press says it.
          told.forget(shiftId);
          throw error;
        }
      }),
    start(everyMillis) {
      timer = setInterval(() => {
        void look().catch((error: unknown) => log.debug({ err: error }, 'movements could not be looked for'));
      }, everyMillis).unref();
    },
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

/** The first of each key, and in their order those that have to wait for it. */
function apart(news: readonly News[]): [News[], News[]] {
  const keys = new Set<string>();
  const now: News[] = [];
  const later: News[] = [];
  for (const one of news) {
    const key = movementKey(one);
    if (keys.has(key)) later.push(one);
    else now.push(one);
    keys.add(key);
  }
  return [now, later];
}
