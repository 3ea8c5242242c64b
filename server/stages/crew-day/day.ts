import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { NewEvent } from '../../platform/events.ts';
import { UNDER_WAY_STATES, type Assignment } from '../../stores/assignments/contract.ts';
import { listAssignmentsOfShift } from '../../stores/assignments/store.ts';
import type { CrewShift } from '../../stores/crews/contract.ts';
import { getShift } from '../../stores/crews/store.ts';
import { listEventsOfShift } from '../../stores/events/store.ts';
import type { Job } from '../../stores/jobs/contract.ts';
import { listJobs } from '../../stores/jobs/store.ts';
import type { VehiclePosition } from '../../stores/positions/contract.ts';
import { metresBetween } from '../../stores/positions/distance.ts';
import { findPositionOfShift } from '../../stores/positions/store.ts';
import { changesSince } from './changes.ts';
import type { BreakStop, CrewDay, CrewStop, DayChanges, DepotStop, Eta, Way } from './contract.ts';
import { projectDay, type OpenStop } from './eta.ts';
import { AddedSpread, ETA_PERCENT, spreadOf, type EtaSpread } from './eta-spread.ts';
import type { WayPoint, Ways } from './ways.ts';

/** The part of the city's policy a crew's day needs. */
export interface DayPolicy {
  /** An older position is not where the crew is. */
  readonly positionFreshSeconds: number;
  /** This near to the job the crew has arrived. */
  readonly fenceMetres: number;
  /** Work that goes on longer than planned is expected to take this much more. */
  readonly leastServiceSeconds: number;
  /** How sure travel and work are, for the interval of a time of arrival. */
  readonly eta: {
    readonly osrm: EtaSpread;
    readonly estimate: EtaSpread;
    readonly serviceShare: { readonly least: number; readonly most: number };
  };
}

export interface CrewDayDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly ways: Ways;
  readonly policy: () => DayPolicy;
  /** Milliseconds that never run on the city clock. */
  readonly wallMillis: () => number;
}

export interface CrewDays {
  /** @throws Problem 404 `no-such-shift`. */
  dayOf(shiftId: string, signal?: AbortSignal): Promise<CrewDay>;
  /** Something was committed: what these events touch is read anew (`ChangeTools.committed`). */
  changed(events: readonly NewEvent[]): void;
}

/** What of a day comes from the database and changes only with events. */
interface ShiftRows {
  readonly shift: CrewShift;
  readonly stops: readonly { readonly assignment: Assignment; readonly job: Job }[];
  readonly changes: DayChanges;
}

/** A shift or job that another process changed is seen after this long at the latest. */
const KEPT_MILLIS = 10_000;
const MOST_EVENTS = 10_000;
/** No stops any more: taken back, given back, or moved away. */
const REVOKED: readonly Assignment['state'][] = ['recalled', 'cancelled', 'declined'];
const DONE: readonly Assignment['state'][] = ['completed', 'cannot_complete'];
const THERE: readonly Assignment['state'][] = ['on_site', 'working', 'paused'];

/** Crews' days: rows are kept until an event touches them, ways until the roads change; times are made anew for each answer. */
export function crewDays(deps: CrewDayDeps): CrewDays {
  const { db, clock, ways } = deps;
  const kept = new Map<string, { readonly rows: ShiftRows; readonly readAt: number }>();
  /** Rises with every event: what was read before it may be older than it. */
  let generation = 0;

  async function rowsOf(shiftId: string): Promise<ShiftRows> {
    const known = kept.get(shiftId);
    if (known && deps.wallMillis() - known.readAt < KEPT_MILLIS) return known.rows;
    const before = generation;
    const rows = await readRows(db, shiftId);
    if (before === generation) kept.set(shiftId, { rows, readAt: deps.wallMillis() });
    return rows;
  }

  return {
    async dayOf(shiftId, signal) {
      const rows = await rowsOf(shiftId);
      const now = clock.now();
      const position = await findPositionOfShift(db, shiftId, now);
      return makeDay(rows, position, now, ways, deps.policy(), signal);
    },
    changed(events) {
      generation++;
      // What a vehicle was seen to do changes nothing that is kept here.
      const touched = new Set(
        events
          .filter(({ type }) => !type.startsWith('movement.'))
          .flatMap((event) => [event.shiftId ?? [], event.jobId ?? []].flat()),
      );
      for (const [shiftId, { rows }] of kept) {
        if (touched.has(shiftId) || rows.stops.some(({ job }) => touched.has(job.id))) kept.delete(shiftId);
      }
    },
  };
}

async function readRows(db: Db, shiftId: string): Promise<ShiftRows> {
  const shift = await getShift(db, shiftId);
  const assignments = (await listAssignmentsOfShift(db, shiftId)).filter((a) => !REVOKED.includes(a.state));
  const jobs = new Map(
    (
      await listJobs(
        db,
        assignments.map((a) => a.jobId),
      )
    ).map((job) => [job.id, job]),
  );
  const seen = shift.orderAcknowledged;
  const none: DayChanges = { since: seen, added: [], moved: [], removed: [] };
  const ids = assignments.map((a) => a.id);
  return {
    shift,
    stops: inOrder(assignments).map((assignment) => ({ assignment, job: jobs.get(assignment.jobId)! })),
    changes:
      seen === shift.orderVersion
        ? none
        : changesSince(seen, seen === 0 ? [] : await listEventsOfShift(db, shiftId, 0, MOST_EVENTS), ids),
  };
}

/** What is done by the time it ended, then what the crew is on, then the rest in the order of the plan. */
function inOrder(assignments: readonly Assignment[]): Assignment[] {
  const done = assignments.filter((a) => DONE.includes(a.state));
  const under = assignments.filter((a) => UNDER_WAY_STATES.includes(a.state));
  const rest = assignments.filter((a) => !done.includes(a) && !under.includes(a));
  done.sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? -1 : 1));
  return [...done, ...under, ...rest];
}

const millis = (text: string): number => Date.parse(text);
const instant = (at: number): string => new Date(at).toISOString();

async function makeDay(
  rows: ShiftRows,
  position: VehiclePosition | undefined,
  now: Date,
  ways: Ways,
  policy: DayPolicy,
  signal: AbortSignal | undefined,
): Promise<CrewDay> {
  const { shift, stops } = rows;
  const fresh = position !== undefined && position.ageSeconds <= policy.positionFreshSeconds;
  const open = stops.filter(({ assignment }) => !DONE.includes(assignment.state));
  const done = stops.filter(({ assignment }) => DONE.includes(assignment.state));
  const there = open.filter(({ assignment }) => THERE.includes(assignment.state));
  const ahead = open.filter(({ assignment }) => !THERE.includes(assignment.state));

  // From where: the job the crew is at, else where it was seen, else its last stop, else where the shift starts.
  const last = there.at(-1) ?? done.at(-1);
  const seen: WayPoint | null = fresh ? { lon: position.lon, lat: position.lat, moving: true } : null;
  const from: WayPoint = there.at(-1)?.job.roadPoint ?? seen ?? last?.job.roadPoint ?? shift.startPlace;
  const home = shift.endPlace;
  const points = [from, ...ahead.map(({ job }) => job.roadPoint), ...(home === null ? [] : [home])];
  const legs = (points.length > 1 ? await ways.through(points, signal) : []).map((way) => corrected(way, policy));
  const wayTo = new Map<string, Way>(ahead.map(({ assignment }, i) => [assignment.id, legs[i]!]));

  const begin = shift.state === 'scheduled' ? Math.max(now.getTime(), millis(shift.from)) : now.getTime();
  const projected = projectDay(
    [...there, ...ahead].map(({ assignment, job }) => openStop(assignment, job, wayTo.get(assignment.id), now, policy)),
    shift.breaks.map((b) => ({
      id: b.id,
      earliest: millis(b.earliest),
      latest: millis(b.latest),
      lengthSeconds: b.lengthSeconds,
      takenAt: b.takenAt === undefined ? null : millis(b.takenAt),
    })),
    begin,
    now.getTime(),
  );

  const ageSeconds = there.length === 0 && fresh ? position.ageSeconds : null;
  const byId = new Map(stops.map((stop) => [stop.assignment.id as string, stop]));
  const view = (id: string, eta: Eta | null): CrewStop => {
    const { assignment, job } = byId.get(id)!;
    return stopView(assignment, job, eta, eta === null ? null : (wayTo.get(id) ?? null), seen, policy);
  };
  const breakView = (id: string, start: number | null): BreakStop => {
    const found = shift.breaks.find((b) => b.id === id)!;
    const { earliest, latest, lengthSeconds, takenAt } = found;
    return {
      kind: 'break',
      breakId: id,
      earliest,
      latest,
      lengthSeconds,
      takenAt: takenAt ?? null,
      etaStart: start === null ? null : instant(start),
    };
  };

  let sure: Eta['source'] = 'osrm';
  let time = begin;
  // What is not known of the ways and the work up to a stop; since the position was taken the crew may have come nearer.
  const spread = new AddedSpread();
  const rangeOf = (arrival: number): Eta['range'] => ({
    from: instant(Math.max(Math.min(now.getTime(), arrival), arrival - (spread.early + (ageSeconds ?? 0)) * 1000)),
    until: instant(arrival + spread.late * 1000),
    percent: ETA_PERCENT,
  });
  const addWay = (way: Way | undefined): void => {
    if (way !== undefined) spread.add(spreadOf(policy.eta[way.source], way.seconds));
  };
  const addWork = (seconds: number): void => {
    const { least, most } = policy.eta.serviceShare;
    spread.add({ early: (1 - least) * seconds, late: (most - 1) * seconds });
  };
  const coming = projected.map((step): CrewStop | BreakStop => {
    if (step.kind === 'break') {
      time = step.start + (shift.breaks.find((b) => b.id === step.id)?.lengthSeconds ?? 0) * 1000;
      return breakView(step.id, step.start);
    }
    const way = wayTo.get(step.id);
    if (way?.source === 'estimate') sure = 'estimate';
    time = step.end;
    addWay(way);
    const range = way === undefined ? null : rangeOf(step.arrival);
    addWork(way === undefined ? (step.end - now.getTime()) / 1000 : byId.get(step.id)!.job.serviceSeconds);
    return view(step.id, { arrival: instant(step.arrival), end: instant(step.end), range, source: sure, ageSeconds });
  });
  const depot: DepotStop[] = [];
  if (home !== null) {
    const way = legs.at(-1)!;
    const arrival = time + way.seconds * 1000;
    addWay(way);
    if (way.source === 'estimate') sure = 'estimate';
    const eta = { arrival: instant(arrival), end: instant(arrival), range: rangeOf(arrival), source: sure, ageSeconds };
    depot.push({ kind: 'depot', place: home, eta, way });
  }

  return {
    shiftId: shift.id,
    crewId: shift.crewId,
    serviceDay: shift.serviceDay,
    from: shift.from,
    until: shift.until,
    state: shift.state,
    orderVersion: shift.orderVersion,
    acknowledgedVersion: shift.orderAcknowledged,
    changes: rows.changes,
    now: now.toISOString(),
    roads: { source: legs.some((way) => way.source === 'estimate') ? 'estimate' : 'osrm', version: ways.version() },
    position:
      position === undefined
        ? null
        : {
            lon: position.lon,
            lat: position.lat,
            fixTime: position.fixTime,
            ageSeconds: position.ageSeconds,
            fresh,
            source: position.source,
          },
    stops: [
      ...done.map(({ assignment }) => view(assignment.id, null)),
      ...shift.breaks.filter((b) => b.takenAt !== undefined).map((b) => breakView(b.id, null)),
      ...coming,
      ...depot,
    ],
  };
}

function openStop(assignment: Assignment, job: Job, way: Way | undefined, now: Date, policy: DayPolicy): OpenStop {
  const isThere = way === undefined;
  const worked =
    (assignment.workedSeconds ?? 0) +
    (assignment.workingSince === null ? 0 : Math.max(0, (now.getTime() - millis(assignment.workingSince)) / 1000));
  const left = Math.round(job.serviceSeconds - worked);
  return {
    id: assignment.id,
    legSeconds: way?.seconds ?? 0,
    serviceSeconds: job.serviceSeconds,
    windows: job.windows.map((w) => ({ from: millis(w.from), until: millis(w.until) })),
    there: isThere
      ? {
          since: millis(assignment.onSiteAt ?? assignment.workingAt ?? now.toISOString()),
          secondsLeft: Math.max(left, policy.leastServiceSeconds),
        }
      : null,
  };
}

function stopView(
  assignment: Assignment,
  job: Job,
  eta: Eta | null,
  way: Way | null,
  seen: WayPoint | null,
  policy: DayPolicy,
): CrewStop {
  const slot = job.slots[assignment.slot];
  const inFence =
    seen !== null && Math.min(metresBetween(seen, job.place), metresBetween(seen, job.roadPoint)) <= policy.fenceMetres;
  return {
    kind: 'job',
    assignmentId: assignment.id,
    version: assignment.version,
    state: assignment.state,
    requested: assignment.requested,
    jobId: job.id,
    jobNumber: job.number,
    jobType: job.jobType,
    title: job.title,
    place: job.place,
    roadPoint: job.roadPoint,
    placeText: job.placeText,
    priority: job.priority,
    emergency: job.emergency,
    serviceSeconds: job.serviceSeconds,
    slot: assignment.slot,
    slots: job.slots.length,
    skills: slot?.skills ?? [],
    plant: slot?.plant ?? [],
    proof: job.proof,
    windows: job.windows,
    dueAt: job.dueAt,
    promisedFrom: assignment.promisedFrom,
    promisedUntil: assignment.promisedUntil,
    plannedArrival: assignment.plannedArrival,
    plannedStart: assignment.plannedStart,
    plannedEnd: assignment.plannedEnd,
    eta,
    arrivalSuggested: assignment.state === 'travelling' && inFence,
    endedAt: assignment.endedAt,
    verification: assignment.verification,
    way,
  };
}

/** A way with its time as this city's crews drive it. */
function corrected(way: Way, policy: DayPolicy): Way {
  const { travelFactor } = policy.eta[way.source];
  return travelFactor === 1 ? way : { ...way, seconds: Math.round(way.seconds * travelFactor) };
}
