import { expect } from 'chai';
import { anonymousActor, systemActor, type Actor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import type { Call, Route } from '../../platform/http-route.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { DispatcherCase, HistoryEntry, IntegratorCase, PrivateCase } from '../cases/contract.ts';
import { caseRoutes } from '../cases/http.ts';
import { getJob } from '../jobs/store.ts';
import { AssignmentView, JobView, Question } from './contract.ts';
import { workRoutes } from './http.ts';
import { receiveCases } from './receive.ts';
import {
  aCase,
  aCity,
  aCrewShift,
  aJob,
  aNewCase,
  anEnvelope,
  applied,
  minutesLater,
  says,
  type TestCity,
} from './work.fixtures.ts';

describe('reading', () => {
  let city: TestCity;
  let routes: Route[];
  beforeEach(async () => {
    city = await aCity();
    routes = [...caseRoutes(city), ...workRoutes(city)];
  });
  afterEach(() => city.drop());

  /** Calls a route as the guards would: input parsed, scope given. Headers go nowhere. */
  const call = async (
    method: Route['method'],
    path: string,
    input: { params?: unknown; query?: unknown; body?: unknown } = {},
    actor: Actor = city.dispatcher,
    scope: Scope = 'area',
  ): Promise<unknown> => {
    const found = routes.find((r) => r.method === method && r.path === path)!;
    const answered: { status?: number } = {};
    const res = { status: (s: number) => void (answered.status = s), set: () => undefined };
    const answer = await found.handle({
      actor,
      scope,
      params: found.params?.parse(input.params),
      query: found.query?.parse(input.query ?? {}),
      body: found.body?.parse(input.body),
      receivedAt: city.clock.now(),
      requestId: 'test',
      signal: new AbortController().signal,
      res,
    } as unknown as Call<unknown, unknown, unknown>);
    if ((answered.status ?? 200) < 300) found.answer?.parse(JSON.parse(JSON.stringify(answer)));
    return answer;
  };
  const refusal = async (doing: Promise<unknown>): Promise<Problem> => {
    try {
      await doing;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    throw new Error('it was not refused');
  };
  type Page = { cases: DispatcherCase[]; next: string | null };

  it('pages through cases, newest first, each once', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => aNewCase(city, { reportedAt: minutesLater(i - (i % 2)) }));
    await inChange(city.tools, systemActor, (change) => receiveCases(change, rows));
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = (await call('get', '/api/cases', { query: { limit: '3', ...(cursor ? { cursor } : {}) } })) as Page;
      seen.push(...page.cases.map((c) => c.number));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).to.have.length(7);
    expect(new Set(seen).size).to.equal(7);
    expect(await refusal(call('get', '/api/cases', { query: { cursor: 'x' } }))).to.include({ status: 400, type: 'bad-cursor' });
  });

  it('filters cases by state, type, area and text, without letting the text be a pattern', async () => {
    const area = city.tools.ids.next(minutesLater(0));
    await aCase(city, { serviceType: 'snow', areaIds: [area], address: '12 Elm Street' });
    await aCase(city, { address: '100% Oak_Street' });
    await aJob(city);
    const numbers = async (query: Record<string, string>): Promise<number> =>
      ((await call('get', '/api/cases', { query })) as Page).cases.length;
    expect(await numbers({ state: 'received' })).to.equal(2);
    expect(await numbers({ state: 'received,triaged' })).to.equal(3);
    expect(await numbers({ serviceType: 'snow' })).to.equal(1);
    expect(await numbers({ areaId: area })).to.equal(1);
    expect(await numbers({ q: 'elm' })).to.equal(1);
    expect(await numbers({ q: '%' })).to.equal(1);
    expect(await numbers({ q: 'k_S' })).to.equal(1);
    expect(await numbers({ q: '26-0' })).to.equal(3);
  });

  it('shows only what lies within organisation and area, and says of the rest that it is not there', async () => {
    const area = city.tools.ids.next(minutesLater(0));
    const [inside, outside] = [await aCase(city, { areaIds: [area] }), await aCase(city)];
    const local: Actor = { ...city.dispatcher, organisationId: city.organisationId, areaIds: [area] };
    const page = (await call('get', '/api/cases', {}, local)) as Page;
    expect(page.cases.map((c) => c.id)).to.deep.equal([inside]);
    expect(await refusal(call('get', '/api/cases/:id', { params: { id: outside } }, local))).to.include({ status: 404 });
    const foreign: Actor = { ...city.dispatcher, organisationId: area };
    expect(((await call('get', '/api/cases', {}, foreign, 'organisation')) as Page).cases).to.deep.equal([]);
    const { jobId } = await aJob(city);
    expect(await refusal(call('get', '/api/jobs/:id', { params: { id: jobId } }, foreign, 'organisation'))).to.include({
      status: 404,
    });
    // `own` is nobody's desk.
    expect(((await call('get', '/api/cases', {}, anonymousActor, 'own')) as Page).cases).to.deep.equal([]);
  });

  it('tells another system less than the desk', async () => {
    const id = await aCase(city, { contact: { name: 'A', email: null, phone: null } });
    await applied(city, { type: 'case.hold', caseId: id, version: 1, reason: 'waits for a part' });
    const desk = (await call('get', '/api/cases/:id', { params: { id } })) as DispatcherCase;
    expect(desk).to.include({ hasContact: true, decidedReason: 'waits for a part' });
    expect(desk).to.not.have.property('contactId');
    const integrator: Actor = { ...systemActor, role: 'integrator', organisationId: city.organisationId };
    const told = await call('get', '/api/cases/:id', { params: { id } }, integrator, 'organisation');
    expect(IntegratorCase.parse(told)).to.include({ state: 'on_hold' });
  });

  it('gives the reporter’s words only with a reason, and keeps who read them and why', async () => {
    const id = await aCase(city, { words: 'it is deep', contact: { name: 'Ada', email: 'a@example.org', phone: null } });
    const read = await call('get', '/api/cases/:id/private', { params: { id }, query: { why: 'calls back' } });
    expect(read).to.deep.equal({
      caseId: id,
      words: 'it is deep',
      contact: { name: 'Ada', email: 'a@example.org', phone: null },
    } satisfies PrivateCase);
    const log = await city.tools.db('private.read_log').select('account_id', 'row_id', 'why');
    expect(log).to.deep.equal([{ account_id: city.dispatcher.accountId, row_id: id, why: 'calls back' }]);
    const foreign: Actor = { ...city.dispatcher, organisationId: city.tools.ids.next(minutesLater(0)) };
    const refused = await refusal(call('get', '/api/cases/:id/private', { params: { id }, query: { why: 'curious' } }, foreign));
    expect(refused).to.include({ status: 404 });
    expect(await city.tools.db('private.read_log')).to.have.length(1);
  });

  it('shows jobs with their crews, shifts with their work, and both with their history', async () => {
    const crew = await aCrewShift(city);
    const { jobId, caseIds } = await aJob(city, { title: 'Deep hole' });
    await aJob(city);
    const answer = await applied(city, {
      type: 'assignment.assign',
      jobId,
      version: 1,
      slot: 0,
      shiftId: crew.shiftId,
      lockCrew: true,
    });
    const assignmentId = answer.assignments[0]!.id;
    await says(city, crew, { type: 'field.start', assignmentId });
    const job = JobView.parse(await call('get', '/api/jobs/:id', { params: { id: jobId } }));
    expect(job).to.deep.include({ caseCount: 1, state: 'under_way' });
    expect(job.assignments.map((a) => a.id)).to.deep.equal([assignmentId]);
    const found = async (query: Record<string, string>): Promise<number> =>
      ((await call('get', '/api/jobs', { query })) as { jobs: JobView[] }).jobs.length;
    expect(await found({})).to.equal(2);
    expect(await found({ q: 'deep' })).to.equal(1);
    expect(await found({ q: String(job.number) })).to.equal(1);
    expect(await found({ shiftId: crew.shiftId })).to.equal(1);
    expect(await found({ caseId: caseIds[0]! })).to.equal(1);
    expect(await found({ state: 'ready,under_way' })).to.equal(2);
    const first = (await call('get', '/api/jobs', { query: { limit: '1' } })) as { jobs: JobView[]; next: number };
    expect(await found({ before: String(first.next) })).to.equal(1);
    const work = (await call('get', '/api/assignments', { query: { shiftId: crew.shiftId } })) as AssignmentView[];
    expect(work.map((a) => a.state)).to.deep.equal(['working']);
    const history = (await call('get', '/api/cases/:id/history', { params: { id: caseIds[0] } })) as HistoryEntry[];
    expect(history.map((e) => e.type)).to.include.members([
      'case.received',
      'case.joined',
      'assignment.planned',
      'case.state_changed',
    ]);
    expect(history.map((e) => e.seq)).to.deep.equal(history.map((e) => e.seq).sort((a, b) => a - b));
    const ofJob = (await call('get', '/api/jobs/:id/history', { params: { id: jobId } })) as HistoryEntry[];
    expect(ofJob.some((e) => e.by.deviceId === crew.crew.deviceId)).to.equal(true);
  });

  it('lists open questions and takes one answer', async () => {
    const crew = await aCrewShift(city);
    const { jobId } = await aJob(city);
    const answer = await applied(city, {
      type: 'assignment.assign',
      jobId,
      version: 1,
      slot: 0,
      shiftId: crew.shiftId,
      lockCrew: true,
    });
    const assignmentId = answer.assignments[0]!.id;
    await says(city, crew, { type: 'field.complete', assignmentId, fixesThrough: null });
    await says(city, crew, { type: 'field.cannot_complete', assignmentId, reason: 'unsafe', fixesThrough: null, missing: [] });
    const open = (await call('get', '/api/questions')) as Question[];
    expect(open.map((q) => q.kind)).to.deep.equal(['ended_twice']);
    const elsewhere: Actor = { ...city.dispatcher, areaIds: [city.tools.ids.next(minutesLater(0))] };
    expect(await call('get', '/api/questions', {}, elsewhere)).to.deep.equal([]);
    const settle = (envelope = anEnvelope(city)) =>
      call('post', '/api/questions/:id/answer', { params: { id: open[0]!.id }, body: { envelope, answer: 'done it is' } });
    const envelope = anEnvelope(city);
    expect(await settle(envelope)).to.include({ answer: 'done it is' });
    expect(await settle(envelope)).to.include({ answer: 'done it is' });
    expect(await settle()).to.include({ status: 409, type: '/problems/answered-already' });
    expect(await call('get', '/api/questions')).to.deep.equal([]);
    expect(await call('get', '/api/questions', { query: { open: 'false' } })).to.have.length(1);
    expect((await getJob(city.tools.db, jobId)).state).to.equal('completed');
  });
});
