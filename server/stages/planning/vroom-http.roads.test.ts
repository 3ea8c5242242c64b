import { expect } from 'chai';
import type { VroomAnswer } from '../../../routing/formats/vroom/answer.ts';
import type { VroomFailure } from '../../../routing/formats/vroom/solve-vroom.ts';
import { decodePolyline } from '../../../routing/directions/polyline.ts';
import { osrm } from '../../../routing/roads/osrm.ts';
import { greatCircleMetres } from '../../../routing/units.ts';
import { startPlanner, type Planner } from '../../../routing/worker/start-planner.ts';
import { startRouter, type RouterProcess } from '../../platform/router-process.ts';
import { quiet, startTestServer, tokenFor, type TestServer } from '../../platform/test-server.ts';
import { MIDDLE, smallCity } from '../city/testing.ts';
import { vroomRoutes } from './vroom-http.ts';

describe('POST /api/vroom on real roads', function () {
  this.timeout(120_000);
  let router: RouterProcess;
  let engine: Planner;
  let server: TestServer;
  before(async () => {
    const { binaries, dataset } = await smallCity();
    if (dataset.routerFile === null) throw new Error('the city was imported without a router');
    const version = dataset.manifest.version;
    router = await startRouter({ routed: binaries.routed, dataset: { file: dataset.routerFile, version }, say: () => undefined });
    engine = startPlanner();
    const roads = osrm({ url: () => router.url(), version: () => version, timeoutSeconds: 5 });
    server = await startTestServer({ routes: vroomRoutes({ roads, engine, wallMillis: () => performance.now(), log: quiet }) });
  });
  after(async () => {
    await server.close();
    await engine.close();
    await router.stop();
  });

  const post = async (body: object) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${tokenFor('integrator')}` };
    const reply = await fetch(`${server.url}/api/vroom`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: reply.status, body: (await reply.json()) as VroomAnswer | VroomFailure };
  };
  const [west, south, east, north] = MIDDLE;
  const at = (x: number, y: number) => [west + ((east - west) * x) / 7, south + ((north - south) * y) / 7];
  const input = {
    vehicles: [{ id: 1, start: at(1, 1), end: at(1, 1), time_window: [0, 20_000] }],
    jobs: [2, 3, 4].map((x) => ({ id: x, location: at(x, 3), service: 300 })),
    options: { g: true, x: 0 },
  };

  it('drives on them, with distances and the line of the route', async () => {
    const { status, body } = await post(input);
    expect(status, JSON.stringify(body)).to.equal(200);
    if (body.code !== 0) throw new Error(body.error);
    const [route] = body.routes;
    expect(body).not.to.have.property('travel_times');
    expect(body.summary).to.include({ unassigned: 0, service: 900 });
    expect(route!.duration).to.be.above(60);
    expect(route!.distance).to.equal(route!.steps.at(-1)!.distance).and.above(1_000);
    const line = decodePolyline(route!.geometry!, 5);
    const length = line.slice(1).reduce((sum, point, i) => sum + greatCircleMetres(line[i]!, point), 0);
    expect(length).to.be.closeTo(route!.distance!, route!.distance! * 0.05);
  });

  it('says as VROOM that the roads cannot be asked', async () => {
    await router.stop();
    const { status, body } = await post(input);
    expect([status, body.code]).to.deep.equal([500, 3]);
  });
});
