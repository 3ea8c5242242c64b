import type { MovementFacts, MovementKind } from '../../../stores/movements/contract.ts';
import type { SeenFix, WatchedPoint } from '../../../stores/movements/watched-shifts.ts';
import { metresBetween } from '../../../stores/positions/distance.ts';
import type { MovementPolicy } from './movement-policy.ts';
import type { WatchedWay } from './watched-way.ts';

/** A place of a shift that its vehicles come to. */
export interface WatchedPlace {
  /** An assignment's id, or `depotSubject`. */
  readonly subject: string;
  readonly jobId: string | null;
  readonly assignmentId: string | null;
  readonly points: readonly WatchedPoint[];
  /** Milliseconds; standing there until then is explained, coming there is no event. null: a place that is still to be come to. */
  readonly endedAt: number | null;
}

/** What a vehicle's fixes are held against. Milliseconds of city time. */
export interface WatchedDay {
  readonly places: readonly WatchedPlace[];
  readonly onDutySince: number | null;
  readonly breaks: readonly { readonly from: number; readonly until: number }[];
  /** The assignment the crew drives to; null: none. */
  readonly leg: string | null;
  /** The way there; null: not known. */
  readonly way: WatchedWay | null;
}

/** Something began or ended at a time (milliseconds): of the fix that showed it first, not of the one that confirmed it. */
export interface MovementChange {
  readonly kind: MovementKind;
  readonly subject: string;
  readonly change: 'begin' | 'end';
  readonly at: number;
  readonly facts: MovementFacts;
}

/** Coming to a place is confirmed by a second fix, or by so long without another. */
const ALONE_MILLIS = 120_000;
/** Faster than this it is driving through. */
const STILL_MPS = 3;
/** It stands while it keeps within this of where it stopped; GPS strays by less. */
const STANDING_METRES = 50;
const LEAVES_AT = 1.5;
/** A speed worked out from two fixes needs them this far apart in time: nearer it is noise, farther it is an average of anything. */
const SPEED_FROM_MILLIS = 5_000;
const SPEED_WITHIN_MILLIS = 60_000;
/** Slow again below this share of the limit. */
const SLOW_AGAIN = 0.9;
const NEAR_AGAIN = 1 / 1.5;

interface Coming {
  readonly place: WatchedPlace;
  /** Time of the first fix inside; a vehicle that drives through is not there yet. */
  first: number;
  /** Time of the first slow fix inside. */
  slowSince: number | null;
}

interface Anchor extends WatchedPoint {
  readonly since: number;
}

/**
 * Follows one vehicle through its shift, fix by fix, in the order of time: what it costs is a few distances, however much came
 * before. What begins has been seen twice and ends at another limit than it began: a vehicle that jitters at an edge says
 * nothing. Pure: no clock, no database.
 */
export class VehicleWatch {
  readonly vehicleId: string;
  readonly shiftId: string;
  /** The newest fix; null before the first. */
  last: { readonly time: number; readonly lon: number; readonly lat: number } | null = null;
  /** When it was heard of last, by this or another server. */
  heardAt: number;
  private reference: { time: number; lon: number; lat: number } | null = null;
  private speed: number | null = null;
  private readonly coming = new Map<string, Coming>();
  /** Places it is at, and the first fix outside, once there is one. */
  private readonly at = new Map<string, { place: WatchedPlace | null; outsideSince: number | null }>();
  private anchor: Anchor | null = null;
  private movingSince: Anchor | null = null;
  private explainedUntil = -Infinity;
  private standsLong = false;
  private offSince: number | null = null;
  private offSubject: string | null = null;
  private nearSince: number | null = null;
  private fastSince: number | null = null;
  private peakMps = 0;
  private slowSince: number | null = null;
  private isFast = false;
  private isSilent = false;

  /** @param goingOn what was going on when it was last looked at */
  constructor(
    vehicleId: string,
    shiftId: string,
    heardAt: number,
    goingOn: readonly { readonly kind: MovementKind; readonly subject: string }[] = [],
  ) {
    this.vehicleId = vehicleId;
    this.shiftId = shiftId;
    this.heardAt = heardAt;
    for (const { kind, subject } of goingOn) {
      if (kind === 'fence') this.at.set(subject, { place: null, outsideSince: null });
      if (kind === 'long_stop') this.standsLong = true;
      if (kind === 'off_way') this.offSubject = subject;
      if (kind === 'speeding') this.isFast = true;
      if (kind === 'silent') this.isSilent = true;
    }
  }

  /** Takes the next fix at `now` (milliseconds); one that is not newer than the last says nothing. */
  take(fix: SeenFix, day: WatchedDay, policy: MovementPolicy, now: number): MovementChange[] {
    const time = fix.time.getTime();
    if (this.last !== null && time <= this.last.time) return [];
    const changes: MovementChange[] = [];
    this.heardAt = Math.max(this.heardAt, time);
    // What was kept while there was no network is no sign of life until it has caught up.
    if (this.isSilent && now - time <= policy.silentSeconds * 1000) {
      this.isSilent = false;
      changes.push({ kind: 'silent', subject: '', change: 'end', at: time, facts: {} });
    }
    this.measureSpeed(fix, time);
    const near = this.placesWithin(fix, day.places, policy.fenceMetres * LEAVES_AT);
    this.lookAtPlaces(fix, time, near, policy, changes);
    this.lookAtStanding(fix, time, near, day, policy, changes);
    this.lookAtWay(fix, time, day, policy, changes);
    this.lookAtSpeed(fix, time, policy, changes);
    this.last = { time, lon: fix.lon, lat: fix.lat };
    return changes;
  }

  /** Time passes without a fix. `onDutySince` in milliseconds, null: not on duty, and nobody waits to hear of it. */
  wait(now: number, onDutySince: number | null, policy: MovementPolicy): MovementChange[] {
    const changes: MovementChange[] = [];
    for (const [subject, coming] of this.coming) {
      if (coming.slowSince === null || this.last === null || now - this.last.time < ALONE_MILLIS) continue;
      this.coming.delete(subject);
      this.at.set(subject, { place: coming.place, outsideSince: null });
      changes.push(entered(coming.place, coming.slowSince, this.last));
    }
    const silentFor = onDutySince === null ? 0 : now - Math.max(this.heardAt, onDutySince);
    if (!this.isSilent && silentFor > policy.silentSeconds * 1000) {
      this.isSilent = true;
      const since = Math.max(this.heardAt, onDutySince ?? this.heardAt);
      const where = this.last === null ? {} : placeFacts(this.last);
      const facts = { ...where, seconds: Math.round(silentFor / 1000), limitSeconds: policy.silentSeconds };
      changes.push({ kind: 'silent', subject: '', change: 'begin', at: since, facts });
    }
    return changes;
  }

  /** Another server has heard from it. */
  heardElsewhere(time: number): void {
    this.heardAt = Math.max(this.heardAt, time);
  }

  /** The stop it drives to and is at, slow: the arrival, at the first slow fix there. */
  isAt(subject: string): boolean {
    return this.at.has(subject) && (this.speed === null || this.speed <= STILL_MPS);
  }

  /** `wait` has something to wait for. */
  get isWaiting(): boolean {
    return this.coming.size > 0;
  }

  private measureSpeed(fix: SeenFix, time: number): void {
    const { reference } = this;
    const apart = reference === null ? Infinity : time - reference.time;
    if (fix.speedMps !== null) this.speed = fix.speedMps;
    else if (apart > SPEED_WITHIN_MILLIS) this.speed = null;
    else if (apart >= SPEED_FROM_MILLIS) this.speed = metresBetween(reference!, fix) / (apart / 1000);
    if (apart >= SPEED_FROM_MILLIS) this.reference = { time, lon: fix.lon, lat: fix.lat };
  }

  /** Places no farther than `metres`, with the distance. */
  private placesWithin(fix: SeenFix, places: readonly WatchedPlace[], metres: number): Map<WatchedPlace, number> {
    const near = new Map<WatchedPlace, number>();
    // A degree of latitude is 111 km everywhere: most places are ruled out without a cosine.
    const degrees = metres / 111_000;
    for (const place of places) {
      for (const point of place.points) {
        if (Math.abs(point.lat - fix.lat) > degrees) continue;
        const distance = metresBetween(point, fix);
        if (distance <= metres && distance < (near.get(place) ?? Infinity)) near.set(place, distance);
      }
    }
    return near;
  }

  private lookAtPlaces(
    fix: SeenFix,
    time: number,
    near: ReadonlyMap<WatchedPlace, number>,
    policy: MovementPolicy,
    changes: MovementChange[],
  ): void {
    const slow = this.speed === null || this.speed <= STILL_MPS;
    const subjects = new Set<string>();
    for (const [place, distance] of near) {
      const { subject } = place;
      subjects.add(subject);
      const there = this.at.get(subject);
      if (there !== undefined) {
        there.place = place;
        there.outsideSince = null;
        continue;
      }
      if (place.endedAt !== null || distance > policy.fenceMetres) continue;
      const coming = this.coming.get(subject);
      if (coming === undefined) {
        this.coming.set(subject, { place, first: time, slowSince: slow ? time : null });
        continue;
      }
      if (!slow) continue;
      coming.slowSince ??= time;
      this.coming.delete(subject);
      this.at.set(subject, { place, outsideSince: null });
      changes.push(entered(place, coming.slowSince, fix));
    }
    for (const subject of this.coming.keys()) if (!subjects.has(subject)) this.coming.delete(subject);
    for (const [subject, there] of this.at) {
      if (subjects.has(subject)) continue;
      if (there.outsideSince === null) {
        there.outsideSince = time;
        continue;
      }
      this.at.delete(subject);
      const { place } = there;
      const facts = { ...placeFacts(fix), ...subjectFacts(subject, place) };
      changes.push({ kind: 'fence', subject, change: 'end', at: there.outsideSince, facts });
    }
  }

  private lookAtStanding(
    fix: SeenFix,
    time: number,
    near: ReadonlyMap<WatchedPlace, number>,
    day: WatchedDay,
    policy: MovementPolicy,
    changes: MovementChange[],
  ): void {
    const over = (at: number): void => {
      if (this.standsLong) changes.push({ kind: 'long_stop', subject: '', change: 'end', at, facts: {} });
      this.standsLong = false;
    };
    this.anchor ??= { lon: fix.lon, lat: fix.lat, since: time };
    const strayed = metresBetween(this.anchor, fix);
    if (strayed > STANDING_METRES * LEAVES_AT) {
      const here = { lon: fix.lon, lat: fix.lat, since: time };
      if (this.movingSince === null) {
        this.movingSince = here;
        return;
      }
      const since = this.movingSince;
      // Where it was seen first may be where it stands now.
      this.anchor = metresBetween(since, fix) <= STANDING_METRES * LEAVES_AT ? since : here;
      this.movingSince = null;
      over(since.since);
      return;
    }
    this.movingSince = null;
    for (const place of near.keys()) this.explainedUntil = Math.max(this.explainedUntil, Math.min(time, place.endedAt ?? time));
    for (const { from, until } of day.breaks) if (from <= time) this.explainedUntil = Math.max(this.explainedUntil, until);
    const explained = this.explainedUntil >= time || day.onDutySince === null;
    if (explained) return over(time);
    const since = Math.max(this.anchor.since, this.explainedUntil, day.onDutySince ?? time);
    if (this.standsLong || time - since < policy.longStopSeconds * 1000) return;
    this.standsLong = true;
    const facts = {
      ...placeFacts(this.anchor),
      seconds: Math.round((time - since) / 1000),
      limitSeconds: policy.longStopSeconds,
    };
    changes.push({ kind: 'long_stop', subject: '', change: 'begin', at: since, facts });
  }

  private lookAtWay(
    fix: SeenFix,
    time: number,
    { leg, way }: WatchedDay,
    policy: MovementPolicy,
    changes: MovementChange[],
  ): void {
    const over = (at: number): void => {
      if (this.offSubject !== null) {
        const facts = subjectFacts(this.offSubject, null);
        changes.push({ kind: 'off_way', subject: this.offSubject, change: 'end', at, facts });
      }
      this.offSubject = null;
      this.nearSince = null;
    };
    if (this.offSubject !== leg) over(time);
    if (way === null) {
      this.offSince = null;
      return;
    }
    const distance = way.distanceMetres(fix);
    if (this.offSubject !== null) {
      if (distance > policy.offWayMetres * NEAR_AGAIN) this.nearSince = null;
      else if (this.nearSince === null) this.nearSince = time;
      else over(this.nearSince);
      return;
    }
    if (distance <= policy.offWayMetres) {
      this.offSince = null;
      return;
    }
    this.offSince ??= time;
    if (time === this.offSince || time - this.offSince < policy.offWaySeconds * 1000) return;
    this.offSubject = way.assignmentId;
    const facts = {
      ...placeFacts(fix),
      assignmentId: way.assignmentId,
      metres: Math.round(distance),
      limitMetres: policy.offWayMetres,
      seconds: Math.round((time - this.offSince) / 1000),
    };
    changes.push({ kind: 'off_way', subject: way.assignmentId, change: 'begin', at: this.offSince, facts });
    this.offSince = null;
  }

  private lookAtSpeed(fix: SeenFix, time: number, policy: MovementPolicy, changes: MovementChange[]): void {
    const { speed } = this;
    if (speed === null) return;
    if (this.isFast) {
      if (speed > policy.speedLimitMps * SLOW_AGAIN) this.slowSince = null;
      else if (this.slowSince === null) this.slowSince = time;
      else {
        changes.push({ kind: 'speeding', subject: '', change: 'end', at: this.slowSince, facts: {} });
        this.isFast = false;
        this.slowSince = null;
      }
      return;
    }
    if (speed <= policy.speedLimitMps) {
      this.fastSince = null;
      return;
    }
    this.peakMps = this.fastSince === null ? speed : Math.max(this.peakMps, speed);
    this.fastSince ??= time;
    if (time === this.fastSince || time - this.fastSince < policy.speedingSeconds * 1000) return;
    this.isFast = true;
    const facts = {
      ...placeFacts(fix),
      speedMps: Math.round(this.peakMps * 10) / 10,
      limitMps: policy.speedLimitMps,
      seconds: Math.round((time - this.fastSince) / 1000),
    };
    changes.push({ kind: 'speeding', subject: '', change: 'begin', at: this.fastSince, facts });
    this.fastSince = null;
  }
}

/** Four decimals of a degree are about 11 m: an event says where, not at which door. */
const rounded = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;
export const placeFacts = ({ lon, lat }: WatchedPoint): MovementFacts => ({ lon: rounded(lon), lat: rounded(lat) });

const DEPOT = 'depot:';
/** How a depot is told from an assignment. */
export const depotSubject = (code: string): string => `${DEPOT}${code}`;

function subjectFacts(subject: string, place: WatchedPlace | null): MovementFacts {
  if (subject.startsWith(DEPOT)) return { depot: subject.slice(DEPOT.length) };
  return { assignmentId: subject, ...(place?.jobId === undefined || place.jobId === null ? {} : { jobId: place.jobId }) };
}

function entered(place: WatchedPlace, at: number, where: WatchedPoint): MovementChange {
  return {
    kind: 'fence',
    subject: place.subject,
    change: 'begin',
    at,
    facts: { ...placeFacts(where), ...subjectFacts(place.subject, place) },
  };
}
