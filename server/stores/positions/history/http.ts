import { z } from 'zod';
import type { Db } from '../../../../db/knex.ts';
import { greatCircleMetres, type LonLat } from '../../../../routing/units.ts';
import type { Actor } from '../../../platform/actor.ts';
import type { CityClock } from '../../../platform/clock.ts';
import { route, type Route } from '../../../platform/http-route.ts';
import type { Scope } from '../../../platform/policy.ts';
import { Problem } from '../../../platform/problem.ts';
import { reachOf } from '../../../platform/reach.ts';
import { trackOf, trackOfShift } from '../track.ts';
import { FleetReplay, LineComparison, NearVehicle, SnappedTrack, VehiclePast } from './contract.ts';
import { geoJsonOf, gpxOf, type ExportedTrack } from './export-track.ts';
import { compareLines } from './lines.ts';
import { listNear } from './near.ts';
import { replay } from './replay.ts';
import { findShiftLine, listJobsOfVehicle, type ShiftJob } from './shift-line.ts';
import { listSnapped } from './snapped.ts';
import { stopsAndTrips } from './stops.ts';

export interface HistoryDeps {
  readonly db: Db;
  readonly clock: CityClock;
  /** Of a job: who stands in it is at the job. */
  readonly fenceMetres: () => number;
  /** The way on the roads through these places. */
  readonly path: (
    places: readonly LonLat[],
    signal: AbortSignal,
  ) => Promise<{ readonly lines: readonly (readonly LonLat[])[]; readonly source: 'osrm' | 'estimate' }>;
  /** What must be said about the roads. */
  readonly attribution: () => string | null;
  readonly cityName: () => string;
}

const MOST_HOURS = 48;
const HOUR_MILLIS = 3_600_000;
const Instant = z.iso.datetime({ offset: true });
const Period = { from: Instant, until: Instant };
const Vehicle = z.strictObject({ id: z.uuid() });
const Lon = z.coerce.number().min(-180).max(180);
const Lat = z.coerce.number().min(-90).max(90);

/** A page of a replay reads no more of the past than this (a city's fleet of a fix a second is then some million points). */
const PAGE_SECONDS = 600;
const PAGE_MOVES = 100_000;
const SILENT_SECONDS = 900;
const STOP_RADIUS_METRES = 40;

/** The past: who was where. Desks see the vehicles of their organisation. */
export function historyRoutes(deps: HistoryDeps): Route[] {
  const { db, clock } = deps;

  const vehicleOf = async (actor: Actor, scope: Scope, id: string): Promise<{ id: string; code: string }> => {
    const { organisationId } = reachOf(actor, scope);
    const vehicle = await db('vehicle')
      .where({ id, ...(organisationId === null ? {} : { organisation_id: organisationId }) })
      .first<{ id: string; code: string } | undefined>('id', 'code');
    if (!vehicle) throw new Problem(404, 'no-such-vehicle', 'There is no such vehicle among those you may see.');
    return vehicle;
  };

  const exported = async (
    actor: Actor,
    scope: Scope,
    id: string,
    query: { from: string; until: string },
  ): Promise<ExportedTrack> => {
    const { from, until } = periodOf(query, MOST_HOURS);
    const vehicle = await vehicleOf(actor, scope, id);
    return {
      name: `${vehicle.code} ${from.toISOString()}`,
      points: await trackOf(db, { vehicleId: id }, from, until),
      attribution: deps.cityName(),
      madeAt: clock.now(),
    };
  };

  return [
    route({
      method: 'get',
      path: '/api/vehicles/:id/track.gpx',
      action: 'position.read',
      summary: 'The track of a vehicle between two times as GPX 1.1',
      params: Vehicle,
      query: z.strictObject(Period),
      answerType: 'application/gpx+xml',
      async handle({ actor, scope, params, query, res }) {
        const track = await exported(actor, scope, params.id, query);
        res.attachment('track.gpx').type('application/gpx+xml').send(gpxOf(track));
      },
    }),
    route({
      method: 'get',
      path: '/api/vehicles/:id/track.geojson',
      action: 'position.read',
      summary: 'The track of a vehicle between two times as GeoJSON',
      params: Vehicle,
      query: z.strictObject(Period),
      answerType: 'application/geo+json',
      async handle({ actor, scope, params, query, res }) {
        const track = await exported(actor, scope, params.id, query);
        res
          .attachment('track.geojson')
          .type('application/geo+json')
          .send(JSON.stringify(geoJsonOf(track)));
      },
    }),
    route({
      method: 'get',
      path: '/api/vehicles/:id/snapped',
      action: 'position.read',
      summary: 'The way on the roads that the track of a vehicle was matched to, as far as that has been done',
      params: Vehicle,
      query: z.strictObject(Period),
      answer: SnappedTrack,
      async handle({ actor, scope, params, query }) {
        const { from, until } = periodOf(query, MOST_HOURS);
        await vehicleOf(actor, scope, params.id);
        const parts = await listSnapped(db, params.id, from, until);
        return {
          vehicleId: params.id,
          parts: parts.map((part) => ({ ...part, from: part.from.toISOString(), until: part.until.toISOString() })),
          attribution: deps.attribution(),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/vehicles/:id/stops',
      action: 'position.read',
      summary: 'Where a vehicle stood and when it drove, with the planned job in whose fence it stood',
      params: Vehicle,
      query: z.strictObject({ ...Period, leastMinutes: z.coerce.number().min(1).max(240).default(5) }),
      answer: VehiclePast,
      async handle({ actor, scope, params, query }) {
        const { from, until } = periodOf(query, MOST_HOURS);
        await vehicleOf(actor, scope, params.id);
        const points = await trackOf(db, { vehicleId: params.id }, from, until);
        const jobs = await listJobsOfVehicle(db, params.id, from, until);
        const rules = { leastSeconds: query.leastMinutes * 60, radiusMetres: STOP_RADIUS_METRES, silentSeconds: SILENT_SECONDS };
        return {
          vehicleId: params.id,
          parts: stopsAndTrips(points, rules).map((part) => {
            const times = { from: part.from.toISOString(), until: part.until.toISOString() };
            return part.kind === 'trip'
              ? { ...part, ...times }
              : { ...part, ...times, job: jobAt(part, jobs, deps.fenceMetres()) };
          }),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/fleet/near',
      action: 'position.read',
      summary: 'Which vehicles were within so many metres of a place between two times',
      query: z.strictObject({ lon: Lon, lat: Lat, metres: z.coerce.number().min(1).max(2_000), ...Period }),
      answer: z.array(NearVehicle),
      async handle({ actor, scope, query }) {
        const { from, until } = periodOf(query, 24);
        const { organisationId } = reachOf(actor, scope);
        const { lon, lat, metres } = query;
        return (await listNear(db, { lon, lat, metres, from, until, organisationId })).map((one) => ({
          ...one,
          firstAt: one.firstAt.toISOString(),
          lastAt: one.lastAt.toISOString(),
          nearestAt: one.nearestAt.toISOString(),
        }));
      },
    }),
    route({
      method: 'get',
      path: '/api/fleet/replay',
      action: 'position.read',
      summary: 'The whole fleet at each step between two times, a page at a time',
      query: z.strictObject({ ...Period, step: z.coerce.number().int().min(1).max(3_600).default(10) }),
      answer: FleetReplay,
      async handle({ actor, scope, query }) {
        const { from, until } = periodOf(query, MOST_HOURS);
        const { organisationId } = reachOf(actor, scope);
        const page = await replay(db, {
          from,
          until,
          stepSeconds: query.step,
          organisationId,
          mostFrames: Math.max(1, Math.floor(PAGE_SECONDS / query.step)),
          mostMoves: PAGE_MOVES,
        });
        return {
          stepSeconds: query.step,
          vehicles: [...page.vehicles],
          frames: page.frames.map(({ time, moved }) => ({ time: time.toISOString(), moved: [...moved] })),
          next: page.next?.toISOString() ?? null,
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/shifts/:id/line-comparison',
      action: 'position.read',
      summary: 'How far a shift drove from the line through its stops',
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ withinMetres: z.coerce.number().min(5).max(1_000).default(50) }),
      answer: LineComparison,
      async handle({ actor, scope, params, query, signal }) {
        const { organisationId } = reachOf(actor, scope);
        const shift = await findShiftLine(db, params.id);
        if (shift === undefined || (organisationId !== null && organisationId !== shift.organisationId)) {
          throw new Problem(404, 'no-such-shift', 'There is no such shift among those you may see.');
        }
        const planned = await deps.path(shift.places, signal);
        const track = await trackOfShift(db, params.id, shift.from, shift.until);
        const { furthestAt, off, ...figures } = compareLines(track, planned.lines, query.withinMetres);
        return {
          shiftId: params.id,
          source: planned.source,
          withinMetres: query.withinMetres,
          ...figures,
          furthestAt: furthestAt?.toISOString() ?? null,
          off: off.map((one) => ({ ...one, from: one.from.toISOString(), until: one.until.toISOString() })),
        };
      },
    }),
  ];
}

function periodOf(query: { readonly from: string; readonly until: string }, mostHours: number): { from: Date; until: Date } {
  const [from, until] = [new Date(query.from), new Date(query.until)];
  if (until < from || until.getTime() - from.getTime() > mostHours * HOUR_MILLIS) {
    throw new Problem(422, 'period-too-long', `Ask for at most ${mostHours} hours, first the start, then the end.`);
  }
  return { from, until };
}

function jobAt(place: LonLat, jobs: readonly ShiftJob[], fenceMetres: number) {
  let best: { jobId: string; number: number; assignmentId: string; metres: number } | null = null;
  for (const { jobId, number, assignmentId, lon, lat } of jobs) {
    const metres = greatCircleMetres(place, { lon, lat });
    if (metres <= fenceMetres && (best === null || metres < best.metres)) best = { jobId, number, assignmentId, metres };
  }
  return best;
}
