import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { freshDb, type FreshDb } from '../testing.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { checkExternal } from './external.ts';

/** ErrorResponse with severity, code and message, each a byte and a text that ends with NUL. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describe('a database that somebody else runs', () => {
  let fresh: FreshDb;
  let door: Server | undefined;
  before(async () => (fresh = await freshDb()));
  afterEach(() => door?.close());
  after(() => fresh.drop());

  /** The real database behind a door that turns the first clients away with this code. */
  async function behindADoor(refusals: number, code: string): Promise<{ url: string; knocks: () => number }> {
    const real = new URL(fresh.connection.url);
    const socket = `${real.searchParams.get('host')!}/.s.PGSQL.${real.port}`;
    let knocks = 0;
    door = createServer((client) => {
      client.on('error', () => undefined);
      if (knocks++ < refusals) {
        client.once('data', () => client.end(refusal(code, 'the database system is starting up')));
        return;
      }
      const database = connect(socket);
      database.on('error', () => client.destroy());
      client.on('close', () => database.destroy());
      client.pipe(database).pipe(client);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    return { url: `postgresql://${real.username}@127.0.0.1:${port}${real.pathname}`, knocks: () => knocks };
  }

  it('is waited for while it says that it is starting up', async () => {
    const { url, knocks } = await behindADoor(3, '57P03');
    expect((await checkExternal(url)).url).to.equal(url);
    expect(knocks()).to.equal(4);
  });

  it('is not waited for when it says anything else', async () => {
    const { url, knocks } = await behindADoor(3, '53300');
    const refused = await checkExternal(url).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(DatabaseUnavailable);
    expect(knocks()).to.equal(1);
  });
});
