import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import type { Db } from '../../../db/knex.ts';
import { simulatedClock } from '../../platform/clock.ts';
import type { Actor } from '../../platform/actor.ts';
import { startTestServer, tokenFor, type TestServer } from '../../platform/test-server.ts';
import { aFleet, type TestFleet } from '../../stores/positions/testing.ts';
import type { FleetToday, JobsBehindPage, ReportsBehindPage } from './contract.ts';
import { reportingRoutes } from './http.ts';

/** 14:30 in Stockholm; the local day began at 23:00 UTC of the day before. */
const NOW = new Date('2026-03-02T13:30:00Z');
const DAY = new Date('2026-03-01T23:00:00Z');
const at = (minutes: number): Date => new Date(DAY.getTime() + minutes * 60_000);
const NOW_MINUTES = (NOW.getTime() - DAY.getTime()) / 60_000;
const STATES = [
  'draft',
  'ready',
  'planned',
  'dispatched',
  'under_way',
  'on_hold',
  'completed',
  'cannot_complete',
  'cancelled',
] as const;

/** A job as the test makes it: minutes of the local day, negative ones are yesterday. */
interface Made {
  readonly state: (typeof STATES)[number];
  readonly reported: number;
  readonly due: number | null;
  readonly begun: number | null;
  readonly ended: number;
  readonly verification: 'verified' | 'pending' | 'unverified';
  readonly emergency: boolean;
  readonly area: number;
  readonly shift: number;
  readonly other: boolean;
}

const minute = fc.integer({ min: -600, max: NOW_MINUTES });
const made: fc.Arbitrary<Made> = fc.record({
  state: fc.constantFrom(...STATES),
  reported: minute,
  due: fc.option(fc.integer({ min: -600, max: 2_000 })),
  begun: fc.option(minute),
  ended: minute,
  verification: fc.constantFrom('verified', 'pending', 'unverified'),
  emergency: fc.boolean(),
  area: fc.nat(2),
  shift: fc.nat(1),
  other: fc.boolean(),
});

const ENDED = new Set(['completed', 'cannot_complete', 'cancelled']);
const ASSIGNMENT: Partial<Record<Made['state'], string>> = {
  planned: 'planned',
  dispatched: 'accepted',
  under_way: 'working',
  completed: 'completed',
  cannot_complete: 'cannot_complete',
};

describe('the day in figures', function () {
  this.timeout(120_000);
  let fresh: FreshDb;
  let db: Db;
  let server: TestServer;
  let fleets: TestFleet[];
  let elsewhere: string;
  const areas = [randomUUID(), randomUUID()];
  let actor: Partial<Actor> = {};
  /** Each look is a minute after the last: nothing is remembered from one to the next. */
  let wall = 0;

  before(async () => {
    fresh = await freshDb();
    db = fresh.db;
    const first = await aFleet(db, { from: at(420), until: at(960), number: 1, breaks: [{ lengthSeconds: 1_800 }] });
    const second = await aFleet(db, { from: at(420), until: at(960), number: 2, organisationId: first.organisationId });
    fleets = [first, second];
    elsewhere = randomUUID();
    await db('organisation').insert({ id: elsewhere, code: 'elsewhere', name: 'Elsewhere' });
    await db('area').insert(areas.map((id, i) => ({ id, kind: 'ward', code: String(i + 1), name: `Ward ${i + 1}` })));
    server = await startTestServer({
      routes: reportingRoutes({
        db,
        clock: simulatedClock(NOW),
        zone: () => 'Europe/Stockholm',
        wallMillis: () => (wall += 60_000),
        lastSeq: () => 41,
      }),
      identify: ({ token }) =>
        Promise.resolve(
          token !== tokenFor('supervisor')
            ? null
            : {
                role: 'supervisor',
                accountId: fleets[0]!.crewId,
                deviceId: null,
                sessionId: null,
                organisationId: null,
                areaIds: [],
                caseId: null,
                ...actor,
              },
        ),
    });
  });
  after(async () => {
    await server.close();
    await fresh.drop();
  });
  afterEach(async () => {
    actor = {};
    await db.raw('truncate job, cases, case_job, assignment, fix, plan, action, config_version cascade');
  });

  async function read<T>(address: string): Promise<T> {
    const reply = await fetch(server.url + address, { headers: { Authorization: `Bearer ${tokenFor('supervisor')}` } });
    expect(reply.status, await reply.clone().text()).to.equal(200);
    return (await reply.json()) as T;
  }
  const today = () => read<FleetToday>('/api/fleet/today');
  const behind = (query: string) => read<JobsBehindPage>(`/api/fleet/today/jobs?limit=500&${query}`);

  let number = 0;
  async function make(list: readonly Made[]): Promise<void> {
    for (const one of list) {
      number++;
      const [job, report] = [randomUUID(), randomUUID()];
      const organisation = one.other ? elsewhere : fleets[0]!.organisationId;
      const place = db.raw('st_setsrid(st_makepoint(11.97, 57.7), 4326)');
      const ended = ENDED.has(one.state) ? at(Math.max(one.ended, one.begun ?? -600)) : null;
      const decided = ['draft', 'on_hold', 'cancelled'].includes(one.state) ? one.state : null;
      const area_ids = one.area === 2 ? [] : [areas[one.area]!];
      await db('job').insert({
        id: job,
        number,
        organisation_id: organisation,
        job_type: 'fill',
        title: `Job ${number}`,
        place,
        road_point: place,
        area_ids,
        service_seconds: 1_800,
        slots: JSON.stringify([{ skills: [], plant: [] }]),
        due_at: one.due === null ? null : at(one.due),
        release_at: at(one.reported),
        priority: 2,
        emergency: one.emergency,
        state: one.state,
        decided,
        created_at: at(one.reported + 1),
        ended_at: ended,
      });
      await db('cases').insert({
        id: report,
        number: `26-${number}`,
        source: 'test',
        source_id: String(number),
        organisation_id: organisation,
        service_type: 'pothole',
        place_quality: 'none',
        area_ids,
        reported_at: at(one.reported),
        received_at: at(one.reported),
        priority: 2,
        state: 'triaged',
      });
      await db('case_job').insert({
        id: randomUUID(),
        case_id: report,
        job_id: job,
        cause: 'policy',
        joined_at: at(one.reported),
      });
      const state = ASSIGNMENT[one.state];
      if (state === undefined) continue;
      const begun = one.begun === null || ['planned', 'accepted'].includes(state) ? null : at(one.begun);
      await db('assignment').insert({
        id: randomUUID(),
        job_id: job,
        slot: 0,
        shift_id: fleets[one.shift]!.shiftId,
        position: number,
        state,
        created_at: at(one.reported),
        travelling_at: begun === null ? null : new Date(begun.getTime() - 600_000),
        on_site_at: begun,
        working_at: begun,
        working_since: state === 'working' ? begun : null,
        ended_at: ended,
        reason: state === 'cannot_complete' ? 'no_access' : null,
        verification: state === 'completed' ? one.verification : null,
      });
    }
  }

  it('every figure equals the list behind it, whatever the day, and both equal what a plain count says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 14 }), async (list) => {
        await make(list);
        const day = await today();
        const isToday = (one: Made): boolean => ENDED.has(one.state) && Math.max(one.ended, one.begun ?? -600) >= 0;
        const plain = (state: Made['state']): number => list.filter((one) => one.state === state && isToday(one)).length;
        const open = (...states: Made['state'][]): number => list.filter((one) => states.includes(one.state)).length;
        expect(day.done.jobs).to.equal(plain('completed'));
        expect(day.done.notDone).to.equal(plain('cannot_complete'));
        expect(day.done.verified + day.done.pending + day.done.unverified).to.equal(day.done.jobs);
        expect(day.waiting.jobs).to.equal(open('ready', 'planned', 'dispatched'));
        expect(day.waiting.aside).to.equal(open('draft', 'on_hold'));

        for (const [query, figure] of [
          ['of=done', day.done.jobs],
          ['of=done&verification=verified', day.done.verified],
          ['of=done&verification=pending', day.done.pending],
          ['of=done&verification=unverified', day.done.unverified],
          ['of=not_done', day.done.notDone],
          ['of=late', day.late.jobs],
          ['of=overdue', day.overdue.jobs],
          ['of=waiting', day.waiting.jobs],
          ['of=waiting&withCrew=true', day.waiting.withCrew],
          ['of=waiting&withCrew=false', day.waiting.jobs - day.waiting.withCrew],
          ['of=under_way', day.waiting.underWay],
          ['of=aside', day.waiting.aside],
          ['of=emergencies', day.emergencies.jobs],
          ['of=emergencies&reached=true', day.emergencies.reached],
          ['of=emergencies&reached=false', day.emergencies.jobs - day.emergencies.reached],
          ...day.waiting.areas.map((area) => [
            `of=waiting&areaKind=${area.kind}${area.areaId === null ? '' : `&areaId=${area.areaId}`}`,
            area.jobs,
          ]),
          ...day.hours.map((hour) => [`of=done&hour=${hour.hour}`, hour.done]),
        ] as [string, number][]) {
          const page = await behind(query);
          expect([page.total, page.jobs.length], query).to.deep.equal([figure, figure]);
        }
        for (const crew of day.crews) {
          const jobs = (await behind(`of=crew&shiftId=${crew.shiftId}`)).jobs.filter(
            ({ state, endedAt }) => endedAt === null || state !== 'cancelled',
          );
          const counted = list.filter((one) => fleets[one.shift]!.shiftId === crew.shiftId);
          expect(crew.open).to.equal(
            counted.filter(({ state }) => ['planned', 'dispatched', 'under_way'].includes(state)).length,
          );
          expect(crew.done).to.equal(counted.filter(({ state }) => state === 'completed').length);
          // What a shift did before this local day began is its own, and not of this day's jobs.
          expect(jobs.length).to.equal(
            crew.open + counted.filter((one) => ['completed', 'cannot_complete'].includes(one.state) && isToday(one)).length,
          );
        }
        const reports = await read<ReportsBehindPage>('/api/fleet/today/reports?limit=500');
        expect(reports.total).to.equal(list.filter(({ reported }) => reported >= 0).length);
        expect(day.hours.reduce((sum, hour) => sum + hour.reports, 0)).to.equal(reports.total);
        expect(day.hours.reduce((sum, hour) => sum + hour.done, 0)).to.equal(day.done.jobs);

        const late = (await behind('of=late')).jobs.map(({ lateSeconds }) => lateSeconds!);
        expect(day.late.medianSeconds).to.equal(quantile(late, 0.5));
        expect(day.late.p90Seconds).to.equal(quantile(late, 0.9));
        const toSite = (await behind('of=emergencies')).jobs.flatMap(({ reachedAt, reportedAt }) =>
          reachedAt === null ? [] : [(Date.parse(reachedAt) - Date.parse(reportedAt)) / 1000],
        );
        expect([day.emergencies.reached, day.emergencies.medianSeconds]).to.deep.equal([toSite.length, quantile(toSite, 0.5)]);
        const waiting = (await behind('of=waiting')).jobs;
        const oldest = waiting.map(({ reportedAt }) => (NOW.getTime() - Date.parse(reportedAt)) / 1000);
        expect(day.waiting.oldestSeconds).to.equal(oldest.length === 0 ? null : Math.max(...oldest));
        await db.raw('truncate job, cases, case_job, assignment cascade');
      }),
      { numRuns: 25 },
    );
  });

  it('shows a department its own and an area its own', async () => {
    const one: Made = {
      state: 'ready',
      reported: 10,
      due: 60,
      begun: null,
      ended: 0,
      verification: 'verified',
      emergency: false,
      area: 0,
      shift: 0,
      other: false,
    };
    await make([one, { ...one, area: 1 }, { ...one, other: true }]);
    expect((await today()).waiting.jobs).to.equal(3);
    actor = { organisationId: fleets[0]!.organisationId };
    expect((await today()).waiting.jobs).to.equal(2);
    expect((await behind('of=waiting')).total).to.equal(2);
    expect((await read<ReportsBehindPage>('/api/fleet/today/reports')).total).to.equal(2);
    actor = { role: 'dispatcher', organisationId: fleets[0]!.organisationId, areaIds: [areas[1]!] };
    expect((await today()).waiting.jobs).to.equal(1);
    expect((await behind('of=overdue')).total).to.equal(1);
    actor = { organisationId: elsewhere };
    expect((await today()).crews).to.deep.equal([]);
  });

  it('tells driven from planned kilometres, and noise from driving', async () => {
    const [crew, silent] = fleets as [TestFleet, TestFleet];
    const fix = (minutes: number, lat: number, speed: number, seq: number) => ({
      device_id: crew.deviceId,
      vehicle_id: crew.vehicleId,
      fix_time: at(minutes),
      corrected_time: at(minutes),
      received_at: at(minutes),
      device_seq: seq,
      lon: 11.97,
      lat,
      speed_mps: speed,
      source: 'crew_phone',
    });
    // 1/100 degree of latitude is 1,112 m; then it stands, and its receiver wanders by 6 m.
    const standing = Array.from({ length: 60 }, (_, i) => fix(440 + i, 57.71 + (i % 2) * 0.00005, 0, 10 + i));
    await db('fix').insert([fix(430, 57.7, 8, 1), fix(431, 57.705, 9, 2), fix(432, 57.71, 3, 3), ...standing]);
    const configId = randomUUID();
    await db('config_version').insert({ id: configId, hash: configId, content: '{}', loaded_at: NOW });
    const jobId = randomUUID();
    const plan = (state: string) => ({
      id: randomUUID(),
      service_day: '2026-03-02',
      state,
      requested_at: at(400),
      made_at: at(400),
      published_at: at(401),
      seed: 1,
      iterations: 1,
      engine: 'test',
      config_version_id: configId,
      roads_version: 'test',
      roads_source: 'osrm',
      problem: Buffer.from([]),
      problem_hash: 'x',
      saw: '{}',
      result: JSON.stringify({
        format: 1,
        shifts: [{ shiftId: crew.shiftId }, { shiftId: silent.shiftId }],
        slots: [{ jobId, slot: 0 }],
        plan: { shifts: [{ shift: 1, stops: [{ job: 0, travel: 300, metres: 2_500 }] }] },
      }),
      cost: JSON.stringify({ total: 4_200 }),
      lp: JSON.stringify({ rounds: [{ certified: true }] }),
    });
    const published = plan('published');
    await db('plan').insert([plan('superseded'), published]);
    await db('action').insert({
      id: randomUUID(),
      actor_role: 'dispatcher',
      kind: 'plan.publish',
      fingerprint: 'x',
      received_at: at(401),
      status: 200,
      answer: { planId: published.id, assigned: 3, moved: 1, unassigned: 0, unchanged: 2, dispatched: 1, leftAlone: [{}] },
    });
    const day = await today();
    expect(day.crews.map(({ metresFrom }) => metresFrom)).to.deep.equal(['fixes', 'plan']);
    expect(day.crews[0]!.metres).to.be.within(1_100, 1_125);
    expect(day.kilometres).to.include({ plannedMetres: 2_500, plannedCrews: 1, drivenCrews: 1, unknownCrews: 0 });
    expect(day.kilometres.drivenMetres).to.equal(day.crews[0]!.metres);
    expect(day.crews[0]!.availableSeconds).to.equal(540 * 60 - 1_800);
    expect(day.plans.map(({ state, cost }) => [state, cost]).sort()).to.deep.equal([
      ['published', 4_200],
      ['superseded', 4_200],
    ]);
    expect(day.plans.find(({ state }) => state === 'published')?.changes).to.deep.equal({
      assigned: 3,
      moved: 1,
      unassigned: 0,
      unchanged: 2,
      dispatched: 1,
      leftAlone: 1,
    });
    expect(day.plans.find(({ state }) => state === 'superseded')?.changes).to.equal(null);
  });

  it('asks which crew, and shows nothing to somebody without the right', async () => {
    const ask = (address: string, headers = {}) => fetch(server.url + address, { headers });
    const signed = { Authorization: `Bearer ${tokenFor('supervisor')}` };
    expect((await ask('/api/fleet/today/jobs?of=crew', signed)).status).to.equal(422);
    expect((await ask('/api/fleet/today/jobs?of=everything', signed)).status).to.equal(400);
    expect((await ask('/api/fleet/today')).status).to.equal(401);
  });
});

/** PostgreSQL's percentile_cont, rounded; null of nothing. */
function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return Math.round(low + (high - low) * (place - Math.floor(place)));
}
