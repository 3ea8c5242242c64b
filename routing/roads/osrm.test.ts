import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { LonLat } from '../units.ts';
import { NoRoad, RoadsUnavailable } from './errors.ts';
import { osrm } from './osrm.ts';
import { UNREACHABLE } from './road-network.ts';

interface TableQuestion {
  coordinates: [number, number][];
  sources: number[];
  destinations: number[];
}

const points = (count: number): LonLat[] => Array.from({ length: count }, (_, i) => ({ lon: i / 1000, lat: i / 1000 }));

/** A server that misbehaves as a test asks it to; what a good router says is tested against a good router. */
describe('osrm, when the other side misbehaves', () => {
  let server: Server;
  let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  let url: string;
  const roads = (timeoutSeconds = 5) => osrm({ url: () => url, version: () => 'v1', timeoutSeconds });

  beforeEach(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    );
  const reply = (content: unknown, status = 200) => {
    answer = (_request, _body, response) =>
      response.writeHead(status).end(typeof content === 'string' ? content : JSON.stringify(content));
  };

  it('turns null into UNREACHABLE for time and distance alike', async () => {
    reply({ code: 'Ok', durations: [[0, null, 3]], distances: [[0, 5, null]] });
    const table = await roads().table(points(1), points(3));
    expect([...table.seconds]).to.deep.equal([0, UNREACHABLE, UNREACHABLE]);
    expect([...table.metres]).to.deep.equal([0, UNREACHABLE, UNREACHABLE]);
    expect(table.source).to.equal('osrm');
  });

  it('takes a little less than nothing, as OSRM says it of two points on one edge, for nothing', async () => {
    reply({ code: 'Ok', durations: [[0, 4]], distances: [[-0.5, 30]] });
    expect([...(await roads().table(points(1), points(2))).metres]).to.deep.equal([0, 30]);
  });

  it('asks long tables in blocks of rows and puts them together in order', async () => {
    let requests = 0;
    answer = (_request, body, response) => {
      requests++;
      const asked = JSON.parse(body) as TableQuestion;
      const at = (i: number) => Math.round((asked.coordinates[i]?.[0] ?? 0) * 1000);
      const durations = asked.sources.map((s) => asked.destinations.map((d) => at(s) * 1000 + at(d)));
      response.end(JSON.stringify({ code: 'Ok', durations, distances: durations }));
    };
    const many = points(400);
    const table = await roads().table(many, many);
    expect(requests).to.be.greaterThan(2);
    for (const [row, column] of [
      [0, 0],
      [399, 399],
      [17, 398],
      [250, 3],
    ] as const) {
      expect(table.seconds[row * 400 + column]).to.equal(row * 1000 + column);
    }
  });

  for (const [what, content, status] of [
    ['garbage that is not JSON', '<html>Bad gateway</html>', 200],
    ['JSON of another shape', { hello: 'world' }, 200],
    ['a table of the wrong size', { code: 'Ok', durations: [[1]], distances: [[1]] }, 200],
    [
      'a table of words',
      {
        code: 'Ok',
        durations: [
          ['a', 'b'],
          ['c', 'd'],
        ],
        distances: [
          [1, 1],
          [1, 1],
        ],
      },
      200,
    ],
    [
      'a negative time',
      {
        code: 'Ok',
        durations: [
          [-50, 1],
          [1, 1],
        ],
        distances: [
          [1, 1],
          [1, 1],
        ],
      },
      200,
    ],
    ['an error of its own', { code: 'TooBig', message: 'Too many table coordinates' }, 400],
    ['an error of somebody else', 'upstream timed out', 504],
  ] as const) {
    it(`says the roads are unavailable on ${what} and keeps the body`, async () => {
      reply(content, status);
      const error = await failure(roads().table(points(2), points(2)));
      expect(error).to.be.instanceOf(RoadsUnavailable);
      expect((error as RoadsUnavailable).body).to.deep.equal(content);
    });
  }

  it('says NoRoad, not unavailable, when the router finds no way', async () => {
    reply({ code: 'NoRoute', message: 'Impossible route between points' }, 400);
    expect(await failure(roads().path(points(2)))).to.be.instanceOf(NoRoad);
  });

  it('gives up on a router that never answers', async () => {
    answer = () => undefined;
    const error = await failure(roads(0.05).table(points(2), points(2)));
    expect(error).to.be.instanceOf(RoadsUnavailable);
    expect(String(error)).to.contain('did not answer within 0.05 s');
  });

  it('is unavailable when nobody listens or nothing runs', async () => {
    server.close();
    expect(await failure(roads().path(points(2)))).to.be.instanceOf(RoadsUnavailable);
    expect(await failure(osrm({ url: () => null, version: () => 'v', timeoutSeconds: 1 }).path(points(2)))).to.be.instanceOf(
      RoadsUnavailable,
    );
  });

  it('hands on an abort as what it is', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const asked = failure(roads().table(points(2), points(2), stop.signal));
    stop.abort(new Error('enough'));
    expect(String(await asked)).to.equal('Error: enough');
  });

  it('refuses points that are no numbers and paths of one point', async () => {
    expect(await failure(roads().table([{ lon: NaN, lat: 0 }], points(1)))).to.be.instanceOf(RangeError);
    expect(await failure(roads().path(points(1)))).to.be.instanceOf(RangeError);
  });

  it('answers an empty table without asking', async () => {
    answer = () => expect.fail('nothing should be asked');
    expect((await roads().table([], points(3))).seconds.length).to.equal(0);
  });
});
