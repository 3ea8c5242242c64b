import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { resolveDatabase, type ResolvedDatabase } from './engines/resolve-database.ts';
import { asLonLat, pointOf, withinMetres } from './geo.ts';
import { openDb, type Db } from './knex.ts';
import { migrate } from './migrate.ts';
import { checkShape } from './shape.ts';

/**
 * The embedded database with the product's own schema: what a first start on a bare machine gets. Slow to open, so one
 * instance serves all tests here, in order.
 */
describe('embedded database', () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'thuma-embedded-'));
  const steps: string[] = [];
  let database: ResolvedDatabase;
  let db: Db;

  before(async function () {
    this.timeout(180_000);
    database = await resolveDatabase({
      home,
      prefer: 'embedded',
      env: process.env,
      onProgress: ({ step, state }) => state === 'done' && steps.push(step),
    });
    db = openDb(database.connection, { applicationName: 'smoke' });
  });
  after(async function () {
    this.timeout(60_000);
    await db?.destroy();
    await database?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('says what it is and what it did', () => {
    expect(database.kind).to.equal('embedded');
    expect(database.describe).to.contain(home);
    expect(steps).to.deep.equal(['Opening the embedded PostgreSQL', 'Loading PostGIS into it']);
  });

  it('takes the migrations, once', async () => {
    expect(await migrate(db)).to.include('0001_city');
    expect(await migrate(db)).to.deep.equal([]);
  });

  it('knows points, metres and shapes', async () => {
    const at = { lon: 11.97, lat: 57.7 };
    await db.transaction(async (tx) => {
      await tx.raw('create temporary table spot (place geometry(Point, 4326))');
      await tx('spot').insert({ place: pointOf(tx, at) });
      expect(
        await tx('spot')
          .where(withinMetres(tx, 'place', at, 10))
          .select(asLonLat(tx, 'place', 'at')),
      ).to.deep.equal([{ at }]);
    });
    const bow = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ];
    expect(await checkShape(db, { type: 'Polygon', coordinates: [bow] })).to.have.property('ok', false);
  });

  it('refuses a second shift at one time by the exclusion constraint', async () => {
    const refused = await db
      .transaction(async (tx) => {
        await tx.raw('create table held (who int, during tstzrange, exclude using gist (who with =, during with &&))');
        const hold = (from: string, to: string) => tx.raw('insert into held values (1, tstzrange(?, ?))', [from, to]);
        await hold('2026-01-27T08:00Z', '2026-01-27T12:00Z');
        await hold('2026-01-27T11:00Z', '2026-01-27T13:00Z');
      })
      .catch((error: unknown) => error);
    expect(refused).to.have.property('code', '23P01');
  });

  it('answers a statement that fails once, so that the next one gets its own answer', async () => {
    const client = new Client({ connectionString: database.connection.url });
    await client.connect();
    // Sent together: the second is on its way before the first is answered.
    const [failed, fine, failedAgain, fineAgain] = await Promise.allSettled([
      client.query('select 1 / $1::int as a', [0]),
      client.query('select $1::int as b', [2]),
      client.query('select * from nowhere where a = $1', [1]),
      client.query('select $1::int as c', [3]),
    ]);
    await client.end();
    expect([failed, failedAgain].map((answer) => 'reason' in answer && (answer.reason as { code: string }).code)).to.deep.equal([
      '22012',
      '42P01',
    ]);
    expect([fine, fineAgain].map((answer) => 'value' in answer && (answer.value.rows as unknown[]))).to.deep.equal([
      [{ b: 2 }],
      [{ c: 3 }],
    ]);
  });

  it('runs transactions of several clients one after another', async () => {
    await db.raw('create table counter (n int); insert into counter values (0)');
    const other = openDb(database.connection, { applicationName: 'other' });
    const rise = (from: Db) =>
      from.transaction(async (tx) => {
        const row: unknown = await tx('counter').first('n');
        await tx('counter').update({ n: (row as { n: number }).n + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, i) => rise(i % 2 ? db : other)));
    expect(await db('counter').first('n')).to.deep.equal({ n: 20 });
    await other.destroy();
  });

  it('keeps many connections apart, inside and outside of transactions', async function () {
    this.timeout(60_000);
    const many = openDb({ ...database.connection, maxConnections: 8 }, { applicationName: 'many' });
    const ask = async (i: number): Promise<unknown> => {
      if (i % 3 === 0) return (await many.raw<{ rows: { a: number }[] }>('select ?::int as a', [i])).rows;
      if (i % 3 === 1) return (await many.raw<{ rows: unknown[] }>('select ?::text as b, ?::int as c', [`x${i}`, i])).rows;
      return many.transaction(async (tx) => {
        await new Promise((resolve) => setTimeout(resolve, i % 5));
        return (await tx.raw<{ rows: unknown[] }>('select ?::bigint as d', [i])).rows;
      });
    };
    const numbers = Array.from({ length: 120 }, (_, i) => i);
    const answers = await Promise.all(numbers.map(ask));
    await many.destroy();
    expect(answers).to.deep.equal(
      numbers.map((i) => (i % 3 === 0 ? [{ a: i }] : i % 3 === 1 ? [{ b: `x${i}`, c: i }] : [{ d: i }])),
    );
  });

  it('is clean after a client that broke off in its transaction', async () => {
    const gone = new Client({ connectionString: database.connection.url });
    gone.on('error', () => undefined);
    await gone.connect();
    await gone.query('begin');
    await gone.query('update counter set n = 1000');
    const broken = Reflect.get(Reflect.get(gone, 'connection') as object, 'stream') as Socket;
    broken.destroy();
    expect(await db('counter').first('n')).to.deep.equal({ n: 20 });
  });

  it('is shared by a second start on the same folder, which does not stop it', async () => {
    const second = await resolveDatabase({ home, prefer: 'embedded', env: process.env });
    expect(second.pid()).to.equal(database.pid());
    await second.stop();
    expect(await db('counter').first('n')).to.deep.equal({ n: 20 });
  });

  it('is back with everything committed after its process was killed', async function () {
    this.timeout(120_000);
    const killed = database.pid();
    if (killed === undefined) throw new Error('it does not run');
    process.kill(killed, 'SIGKILL');
    let answer: unknown;
    while (answer === undefined)
      answer = await db('counter')
        .first('n')
        .catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(answer).to.deep.equal({ n: 20 });
    expect(database.pid()).to.be.a('number').that.is.not.equal(killed);
  });
});
