import { expect } from 'chai';
import { migrate } from '../../db/migrate.ts';
import { emptyDb, type FreshDb } from '../../db/testing.ts';
import { Usage } from '../failure.ts';
import { emptyDemoDatabase, markDemoDatabase } from './demo-database.ts';

describe('the database of a demo', () => {
  let fresh: FreshDb;
  beforeEach(async function () {
    this.timeout(60_000);
    fresh = await emptyDb();
  });
  afterEach(() => fresh.drop());
  const refusal = (): Promise<unknown> =>
    emptyDemoDatabase(fresh.db, false).then(
      () => null,
      (error: unknown) => error,
    );

  it('an empty one is taken, somebody else its tables are not', async () => {
    await emptyDemoDatabase(fresh.db, false);
    await fresh.db.raw('create table theirs (id int)');
    expect(await refusal()).to.be.instanceOf(Usage);
    expect(await fresh.db.schema.hasTable('theirs')).to.equal(true);
  });

  it('a city that no demo filled is refused', async () => {
    await migrate(fresh.db);
    expect(await refusal()).to.be.instanceOf(Usage);
    expect(await fresh.db.schema.hasTable('job')).to.equal(true);
  });

  it('what a demo left is gone, and the next can begin; PostGIS stays', async () => {
    for (let start = 0; start < 2; start++) {
      await emptyDemoDatabase(fresh.db, false);
      expect(await fresh.db.schema.hasTable('job')).to.equal(false);
      await migrate(fresh.db);
      await markDemoDatabase(fresh.db);
    }
    await emptyDemoDatabase(fresh.db, true);
    const left = await fresh.db.raw<{ rows: { relname: string }[] }>(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S') order by relname`,
    );
    expect(left.rows.map(({ relname }) => relname)).to.deep.equal(['spatial_ref_sys']);
  });
});
