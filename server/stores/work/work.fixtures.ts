import { freshDb, type FreshDb } from '../../../db/testing.ts';
import type { Answer, Envelope } from '../../platform/action.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock, type SimulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import type { Scope } from '../../platform/policy.ts';
import type { CaseId } from '../cases/contract.ts';
import { getShift, insertShift } from '../crews/store.ts';
import type { CrewShift, ShiftId } from '../crews/contract.ts';
import { JobId } from '../jobs/contract.ts';
import { act } from './act.ts';
import { apply } from './apply.ts';
import { NewJob, type Command, type WorkAnswer } from './contract.ts';
import { receiveCases, type NewCase } from './receive.ts';

/** Tests only: a city with one department, and builders with overrides. Times are around 27 January 2026, 13:00 UTC. */
export interface TestCity {
  readonly fresh: FreshDb;
  readonly tools: ChangeTools;
  readonly clock: SimulatedClock;
  readonly organisationId: string;
  readonly dispatcher: Actor;
  drop(): Promise<void>;
}

export const MORNING = new Date('2026-01-27T13:00:00Z');
export const SERVICE_DAY = '2026-01-27';
export const minutesLater = (minutes: number, from: Date = MORNING): Date => new Date(from.getTime() + minutes * 60_000);

export async function aCity(seed = 1): Promise<TestCity> {
  const fresh = await freshDb();
  const clock = simulatedClock(MORNING);
  const tools: ChangeTools = { db: fresh.db, clock, ids: seededIds(seed), readers: [], committed: () => undefined };
  const organisationId = tools.ids.next(MORNING);
  await fresh.db('organisation').insert({ id: organisationId, code: 'dept', name: 'Department' });
  const dispatcher: Actor = { ...systemActor, role: 'dispatcher', accountId: tools.ids.next(MORNING) };
  return { fresh, tools, clock, organisationId, dispatcher, drop: () => fresh.drop() };
}

let reports = 0;

export function aNewCase(city: Pick<TestCity, 'organisationId'>, over: Partial<NewCase> = {}): NewCase {
  reports++;
  return {
    source: 'test',
    sourceId: `report-${reports}`,
    organisationId: city.organisationId,
    serviceType: 'pothole',
    place: { lon: -77.03, lat: 38.9 },
    address: '100 Main Street',
    roadPoint: { lon: -77.0301, lat: 38.9001 },
    roadMetres: 12,
    placeQuality: 'on_road',
    placeText: 'Main Street',
    areaIds: [],
    reportedAt: new Date('2026-01-27T12:00:00Z'),
    reportedYear: 2026,
    dueAt: new Date('2026-01-28T12:00:00Z'),
    priority: 3,
    sourceStatus: 'Open',
    sourceClosedAt: null,
    sourceUpdatedAt: null,
    words: null,
    contact: null,
    followTokenHash: null,
    ...over,
  };
}

/** A case in the database, received. */
export async function aCase(city: TestCity, over: Partial<NewCase> = {}): Promise<CaseId> {
  const [received] = await inChange(city.tools, systemActor, (change) => receiveCases(change, [aNewCase(city, over)]));
  return received!.id;
}

export const aNewJob = (over: Partial<NewJob> = {}): NewJob =>
  NewJob.parse({
    jobType: 'fill',
    title: 'Fill pothole',
    place: { lon: -77.03, lat: 38.9 },
    roadPoint: { lon: -77.0301, lat: 38.9001 },
    placeText: 'Main Street',
    serviceSeconds: 1800,
    slots: [{ skills: ['asphalt'], plant: [] }],
    dueAt: '2026-01-28T12:00:00.000Z',
    priority: 3,
    ...over,
  });

/** A job in the database, answering the given cases, or a new one. */
export async function aJob(
  city: TestCity,
  over: Partial<NewJob> = {},
  caseIds?: readonly CaseId[],
): Promise<{ jobId: JobId; caseIds: readonly CaseId[] }> {
  const ids = caseIds ?? [await aCase(city)];
  const answer = await applied(city, { type: 'case.make_job', caseIds: [...ids], job: aNewJob(over), cause: 'policy' });
  return { jobId: JobId.parse(answer.jobs[0]!.id), caseIds: ids };
}

export interface TestCrew {
  readonly shift: CrewShift;
  readonly shiftId: ShiftId;
  readonly vehicleId: string;
  /** The crew's phone, bound to its vehicle. */
  readonly crew: Actor;
}

let crews = 0;

/** A crew with a vehicle, a phone and a shift from 12:00 to 20:00 UTC. */
export async function aCrewShift(city: TestCity, over: Partial<Parameters<typeof insertShift>[1]> = {}): Promise<TestCrew> {
  const { tools, organisationId } = city;
  const { db } = tools;
  const [crewId, vehicleId, deviceId, bindingId] = Array.from({ length: 4 }, () => tools.ids.next(MORNING));
  crews++;
  await db('crew').insert({
    id: crewId,
    number: crews,
    code: `crew-${crews}`,
    name: `Crew ${crews}`,
    organisation_id: organisationId,
  });
  await db('vehicle').insert({ id: vehicleId, code: `truck-${crews}`, organisation_id: organisationId, kind: 'truck' });
  await db('device').insert({ id: deviceId, kind: 'crew_phone', label: `phone ${crews}`, enrolled_at: MORNING });
  await db('device_binding').insert({
    id: bindingId,
    device_id: deviceId,
    vehicle_id: vehicleId,
    during: db.raw('tstzrange(?, null)', [minutesLater(-24 * 60)]),
  });
  const shiftId = await inChange(tools, systemActor, (change) =>
    insertShift(change, {
      crewId: crewId!,
      organisationId,
      serviceDay: SERVICE_DAY,
      from: minutesLater(-60),
      until: minutesLater(7 * 60),
      startPlace: { lon: -77.0, lat: 38.9 },
      endPlace: null,
      skills: ['asphalt'],
      plant: [],
      breaks: [],
      overtimeAllowedSeconds: 1800,
      members: [{ kind: 'vehicle', resourceId: vehicleId! }],
      ...over,
    }),
  );
  const crew: Actor = { ...systemActor, role: 'crew', deviceId: deviceId! };
  return { shift: await getShift(db, shiftId), shiftId, vehicleId: vehicleId!, crew };
}

/** Applies a command as a dispatcher of the whole city; a refusal is thrown. */
export async function applied(
  city: TestCity,
  command: Command,
  actor: Actor = city.dispatcher,
  scope: Scope = 'area',
): Promise<WorkAnswer> {
  const answer = await inChange(city.tools, actor, (change) => apply(change, scope, command));
  return answer.body as WorkAnswer;
}

export const anEnvelope = (city: TestCity, over: Partial<Envelope> = {}): Envelope => ({
  actionId: city.tools.ids.next(city.clock.now()),
  ...over,
});

/** The crew says something, now unless the envelope names a time. */
export const says = (city: TestCity, crew: TestCrew, command: Command, over: Partial<Envelope> = {}): Promise<Answer> =>
  act(city.tools, crew.crew, 'own', anEnvelope(city, over), command);

/** A plan's row, as a draft; only what publishing reads of it means anything. */
export async function aDraftPlan(city: TestCity, serviceDay: string = SERVICE_DAY): Promise<string> {
  const { db } = city.tools;
  const id = city.tools.ids.next(city.clock.now());
  const configId = city.tools.ids.next(city.clock.now());
  await db('config_version').insert({ id: configId, hash: configId, content: '{}', loaded_at: MORNING });
  await db('plan').insert({
    id,
    service_day: serviceDay,
    state: 'draft',
    requested_at: city.clock.now(),
    made_at: city.clock.now(),
    seed: 1,
    iterations: 1,
    engine: 'test',
    config_version_id: configId,
    roads_version: 'test',
    roads_source: 'estimate',
    problem: Buffer.from([]),
    problem_hash: id,
    saw: '{}',
    result: '{}',
    cost: '{}',
    lp: '[]',
  });
  return id;
}
