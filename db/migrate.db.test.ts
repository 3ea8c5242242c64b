import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDb, type Db } from './knex.ts';
import { migrate, MigrationFailed, MigrationsDiffer } from './migrate.ts';
import { emptyDb, type FreshDb } from './testing.ts';

describe('migrate', () => {
  let fresh: FreshDb;
  let folder: string;
  const write = (name: string, sql: string): void => writeFileSync(path.join(folder, name), sql);
  const tables = async (db: Db): Promise<string[]> =>
    db('pg_tables').where({ schemaname: 'public' }).whereIn('tablename', ['a', 'b', 'c']).orderBy('tablename').pluck('tablename');

  beforeEach(async function () {
    this.timeout(60_000);
    fresh = await emptyDb();
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-migrations-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fresh.drop();
  });

  it('runs what has not run yet, in order of name, and records names without extension', async () => {
    write('0002_b.sql', 'create table b (a_id int references a);');
    write('0001_a.sql', 'create table a (id int primary key); insert into a values (1);');
    write('notes.txt', 'not a migration');
    expect(await migrate(fresh.db, folder)).to.deep.equal(['0001_a', '0002_b']);
    write('0003_c.sql', 'create table c ();');
    expect(await migrate(fresh.db, folder)).to.deep.equal(['0003_c']);
    expect(await migrate(fresh.db, folder)).to.deep.equal([]);
    expect(await fresh.db('schema_migration').orderBy('id').pluck('name')).to.deep.equal(['0001_a', '0002_b', '0003_c']);
  });

  it('sends question marks as they are', async () => {
    write('0001_a.sql', `-- why?\ncreate table a (body jsonb check (body ? 'id'), says text default 'what \\? is it?');`);
    await migrate(fresh.db, folder);
    await fresh.db('a').insert({ body: '{"id":1}' });
    expect(await fresh.db('a').pluck('says')).to.deep.equal(['what \\? is it?']);
    const refused = await fresh
      .db('a')
      .insert({ body: '{}' })
      .catch((error: unknown) => error);
    expect(refused).to.have.property('code', '23514');
  });

  it('names file, line and column of a failure, and keeps nothing of the run', async () => {
    write('0001_a.sql', 'create table a (id int);');
    write('0002_b.sql', '-- 😀 ok?\ncreate table b (\n  id nonsense\n);');
    const error: unknown = await migrate(fresh.db, folder).catch((reason: unknown) => reason);
    if (!(error instanceof MigrationFailed)) throw new Error('it did not fail');
    expect(error.message).to.equal(`Migration failed at ${path.join(folder, '0002_b.sql')}:3:6: type "nonsense" does not exist.`);
    expect(await tables(fresh.db)).to.deep.equal([]);
    write('0002_b.sql', 'create table b (id int);');
    expect(await migrate(fresh.db, folder)).to.deep.equal(['0001_a', '0002_b']);
  });

  it('names the file and the reason when PostgreSQL gives no place', async () => {
    write('0001_a.sql', 'create table a (id int primary key); insert into a values (1), (1);');
    const error: unknown = await migrate(fresh.db, folder).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MigrationFailed).with.property('line', undefined);
    expect(error)
      .to.have.property('message')
      .that.matches(/0001_a\.sql: duplicate key.*Key \(id\)=\(1\) already exists/);
  });

  it('lets several servers start at once: each file runs once', async () => {
    write('0001_a.sql', 'create table a (id int); select pg_sleep(0.2);');
    write('0002_b.sql', 'create table b (id int);');
    const pools = Array.from({ length: 4 }, () => openDb(fresh.connection, { applicationName: 'one of four' }));
    const ran = await Promise.all(pools.map((db) => migrate(db, folder)));
    await Promise.all(pools.map((db) => db.destroy()));
    expect(ran.filter((names) => names.length > 0)).to.deep.equal([['0001_a', '0002_b']]);
  });

  it('refuses a database that ran migrations this version does not have', async () => {
    write('0001_a.sql', 'create table a ();');
    write('0002_b.sql', 'create table b ();');
    await migrate(fresh.db, folder);
    rmSync(path.join(folder, '0002_b.sql'));
    const error: unknown = await migrate(fresh.db, folder).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MigrationsDiffer).with.deep.property('unknown', ['0002_b']);
  });
});
