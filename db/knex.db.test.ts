import { expect } from 'chai';
import { isConnectionLost, openDb, withDatabase } from './knex.ts';
import { freshDb, type FreshDb } from './testing.ts';

describe('openDb', () => {
  let fresh: FreshDb;
  before(async function () {
    this.timeout(60_000);
    fresh = await freshDb();
  });
  after(() => fresh.drop());

  const one = async (sql: string): Promise<unknown> => {
    const answer = await fresh.db.raw<{ rows: { value: unknown }[] }>(sql);
    return answer.rows[0]?.value;
  };

  it('reads bigint and numeric as numbers, timestamptz as Date, date as text', async () => {
    expect(await one('select 9007199254740991::bigint as value')).to.equal(9_007_199_254_740_991);
    expect(await one('select 1.5::numeric as value')).to.equal(1.5);
    expect(await one('select avg(n) as value from (values (1), (1), (2)) as v(n)')).to.be.closeTo(4 / 3, 1e-12);
    expect(await one(`select '2026-01-27T08:00:00.123Z'::timestamptz as value`)).to.deep.equal(
      new Date('2026-01-27T08:00:00.123Z'),
    );
    expect(await one(`select date '2026-01-27' as value`)).to.equal('2026-01-27');
    expect(await one(`select '{"a":[1]}'::jsonb as value`)).to.deep.equal({ a: [1] });
  });

  it('refuses to round a whole number', async () => {
    for (const sql of ['select 9007199254740993::bigint as value', 'select 9007199254740993::numeric as value']) {
      const error: unknown = await one(sql).catch((reason: unknown) => reason);
      expect(error, sql).to.be.instanceOf(Error).with.property('message').that.contains('too large for a number');
    }
    expect(await one('select 1 as value'), 'the connection still works').to.equal(1);
  });

  it('works in UTC whatever the machine says, under its name, and cancels what takes too long', async () => {
    const db = openDb(fresh.connection, { applicationName: 'a name', statementTimeoutMillis: 50 });
    const answer = await db.raw<{ rows: unknown[] }>(
      `select current_setting('timezone') as zone, current_setting('application_name') as name`,
    );
    expect(answer.rows).to.deep.equal([{ zone: 'UTC', name: 'a name' }]);
    const error: unknown = await db.raw('select pg_sleep(10)').catch((reason: unknown) => reason);
    expect(error).to.have.property('code', '57014');
    expect(isConnectionLost(error)).to.equal(false);
    await db.destroy();
  });

  it('tells of a broken connection, and opens another for the next query', async () => {
    const broken: Error[] = [];
    const db = openDb(fresh.connection, { applicationName: 'victim', onConnectionError: (error) => broken.push(error) });
    await db.raw('select 1');
    await fresh.db.raw(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`);
    while (broken.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isConnectionLost(broken[0])).to.equal(true);
    await db.raw('select 1');
    await db.destroy();
  });

  it('tells a database that is away from a statement that is wrong', async () => {
    const nowhere = openDb({ url: 'postgresql://x@127.0.0.1:1/x', maxConnections: 1 }, {});
    expect(isConnectionLost(await nowhere.raw('select 1').catch((reason: unknown) => reason))).to.equal(true);
    await nowhere.destroy();
    const noSuch = openDb(withDatabase(fresh.connection, 'no such'), {});
    expect(isConnectionLost(await noSuch.raw('select 1').catch((reason: unknown) => reason))).to.equal(false);
    await noSuch.destroy();
    expect(isConnectionLost(await fresh.db.raw('selec').catch((reason: unknown) => reason))).to.equal(false);
    const cut: unknown = await fresh.db.raw('select pg_terminate_backend(pg_backend_pid())').catch((reason: unknown) => reason);
    expect(isConnectionLost(cut)).to.equal(true);
  });
});
