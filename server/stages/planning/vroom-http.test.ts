import { expect } from 'chai';
import { anInput, aVroomJob } from '../../../routing/formats/vroom/fixtures.ts';
import { estimate } from '../../../routing/roads/estimate.ts';
import { startPlanner, type Planner } from '../../../routing/worker/start-planner.ts';
import { openApiDocument } from '../../platform/openapi.ts';
import { ROLES, scopeOf, type Role } from '../../platform/policy.ts';
import { quiet, startTestServer, tokenFor, type TestServer } from '../../platform/test-server.ts';
import { vroomRoutes } from './vroom-http.ts';

interface Reply {
  readonly code: number;
  readonly error?: string;
  readonly routes?: { readonly steps: { readonly id?: number }[] }[];
}

describe('POST /api/vroom', () => {
  let engine: Planner;
  let server: TestServer;
  /** How many problems are in the engine now. */
  let solving = 0;
  before(async () => {
    engine = startPlanner();
    const watched: Planner = {
      ...engine,
      solveInWorker(problem, options) {
        if (problem.jobs.length === 0) return engine.solveInWorker(problem, options);
        solving++;
        return engine.solveInWorker(problem, options).finally(() => solving--);
      },
    };
    const roads = estimate({ factor: 1.2, metresPerSecond: 10, version: 'test' });
    const routes = vroomRoutes({ roads, engine: watched, wallMillis: () => performance.now(), log: quiet });
    server = await startTestServer({ routes });
  });
  after(async () => {
    await server.close();
    await engine.close();
  });

  const post = (body: unknown, options: { role?: Role; signal?: AbortSignal } = {}) =>
    fetch(`${server.url}/api/vroom`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokenFor(options.role ?? 'integrator')}` },
      body: JSON.stringify(body),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  const quick = (over: object = {}) => anInput({ options: { x: 0, ...over } });
  /** Many tasks and a minute: it goes on until somebody stops it. */
  const endless = anInput({ jobs: Array.from({ length: 90 }, (_, id) => aVroomJob(id, id % 4)), options: { l: 60 } });
  const until = async (true_: () => boolean) => {
    for (let tries = 0; !true_() && tries < 300; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(true_()).to.equal(true);
  };

  it('answers as VROOM, with JSON that its schema describes', async () => {
    const reply = await post(quick());
    expect(reply.status).to.equal(200);
    const body = (await reply.json()) as Reply;
    expect(body.code).to.equal(0);
    expect(body.routes![0]!.steps.map(({ id }) => id)).to.deep.equal([undefined, 1, undefined]);
  });

  it('refuses as VROOM, not as we do elsewhere', async () => {
    const reply = await post(quick({ q: 1 }));
    expect(reply.status).to.equal(400);
    expect(reply.headers.get('content-type')).to.match(/^application\/json/);
    const body = (await reply.json()) as Reply;
    expect(body.code).to.equal(2);
    expect(body.error).to.match(/^options\.q: /);
  });

  it('says that there are no roads, and that it is too much', async () => {
    const reply = await post({ vehicles: [{ id: 1, start: [11, 57] }], jobs: [{ id: 1, location: [11.1, 57] }] });
    expect([reply.status, ((await reply.json()) as Reply).code]).to.deep.equal([500, 3]);
    const vehicles = Array.from({ length: 201 }, (_, id) => ({ id, start_index: 0 }));
    expect((await post(anInput({ vehicles }))).status).to.equal(413);
  });

  it('lets in whom the policy table names, and nobody else', async () => {
    for (const role of ROLES.filter((one) => one !== 'system' && one !== 'anonymous')) {
      const { status } = await post({}, { role });
      expect(status, role).to.equal(scopeOf(role, 'problem.solve') === null ? 403 : 400);
    }
    expect((await fetch(`${server.url}/api/vroom`, { method: 'POST' })).status).to.equal(401);
  });

  it('stops when its caller goes away', async () => {
    const controller = new AbortController();
    const gone = post(endless, { signal: controller.signal }).catch((error: Error) => error.name);
    await until(() => solving === 1);
    controller.abort();
    expect(await gone).to.equal('AbortError');
    await until(() => solving === 0);
    expect((await post(quick())).status).to.equal(200);
  });

  it('takes a few at once and sends others away', async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 4 }, () => post(endless, { signal: controller.signal }).catch(() => null));
    await until(() => solving === 4);
    const reply = await post(quick());
    expect([reply.status, reply.headers.get('retry-after')]).to.deep.equal([503, '5']);
    expect(((await reply.json()) as Reply).code).to.equal(1);
    controller.abort();
    await Promise.all(many);
    await until(() => solving === 0);
  });

  it('is described in OpenAPI, input and answer', () => {
    const routes = vroomRoutes({
      roads: estimate({ factor: 1, metresPerSecond: 1, version: '' }),
      engine,
      wallMillis: () => 0,
      log: quiet,
    });
    const document = JSON.stringify(openApiDocument(routes, { version: '0', cookie: { name: 'thuma', secure: false } }));
    for (const word of ['speed_factor', 'time_windows', 'durations', 'waiting_time', 'computing_times']) {
      expect(document).to.contain(`"${word}"`);
    }
  });
});
