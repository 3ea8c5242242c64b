import { expect } from 'chai';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isConnectionLost, openDb, withDatabase, type Db } from '../knex.ts';
import { freshDb } from '../testing.ts';
import { removeCluster } from './cluster-folders.ts';
import { isAlive, waitForEnd } from './processes.ts';
import { resolveDatabase, type ResolvedDatabase, type ResolveOptions } from './resolve-database.ts';
import type { SupervisorEvent } from './supervisor.ts';

/** Real clusters in folders of their own, killed in every way a day can kill them. */
describe('resolveDatabase', function () {
  this.timeout(120_000);
  let place: string;
  let running: ResolvedDatabase[];
  let pools: Db[];

  beforeEach(() => {
    place = mkdtempSync(path.join(os.tmpdir(), 'thuma-engines-'));
    chmodSync(place, 0o755);
    running = [];
    pools = [];
  });
  afterEach(async () => {
    await Promise.all(pools.map((db) => db.destroy()));
    for (const database of running.reverse()) await database.stop();
    rmSync(place, { recursive: true, force: true });
  });

  async function start(name: string, more: Partial<ResolveOptions> = {}): Promise<ResolvedDatabase> {
    const database = await resolveDatabase({ home: path.join(place, name), prefer: 'cluster', env: process.env, ...more });
    running.push(database);
    return database;
  }
  function pool(database: ResolvedDatabase): Db {
    const db = openDb(database.connection, { applicationName: 'test' });
    pools.push(db);
    return db;
  }
  const pidOf = (database: ResolvedDatabase): number => {
    const pid = database.pid();
    if (pid === undefined) throw new Error('it does not run');
    return pid;
  };
  const refusal = async (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'no refusal',
      (error: unknown) => error,
    );
  const where = async (db: Db): Promise<unknown> => {
    const answer = await db.raw<{ rows: { folder: string }[] }>(`select current_setting('data_directory') as folder`);
    return answer.rows[0]?.folder;
  };

  it('makes a cluster, keeps it, and starts it again', async () => {
    const steps: string[] = [];
    const first = await start('home', { onProgress: ({ step, state }) => state === 'done' && steps.push(step) });
    expect(first.kind).to.equal('cluster');
    expect(first.describe).to.contain(path.join(place, 'home/pg'));
    expect(steps).to.have.length(3);
    await pool(first).raw('create table kept (n int); insert into kept values (7)');
    const pid = pidOf(first);
    await first.stop();
    await first.stop();
    expect(isAlive(pid)).to.equal(false);
    const second = await start('home');
    expect(await pool(second)('kept').pluck('n')).to.deep.equal([7]);
  });

  it('listens on a private socket only, durable, as PostgreSQL is by default', async () => {
    const database = await start('home');
    const db = pool(database);
    const shown = async (name: string): Promise<unknown> =>
      (await db.raw<{ rows: { value: string }[] }>('select current_setting(?) as value', [name])).rows[0]?.value;
    expect(await shown('listen_addresses')).to.equal('');
    expect([await shown('fsync'), await shown('synchronous_commit'), await shown('full_page_writes')]).to.deep.equal([
      'on',
      'on',
      'on',
    ]);
    const folder = String(await shown('unix_socket_directories'));
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(await where(db)).to.equal(path.join(place, 'home/pg/data'));
  });

  it('runs two homes side by side', async () => {
    const [one, two] = await Promise.all([start('one'), start('two')]);
    expect(await where(pool(one))).to.equal(path.join(place, 'one/pg/data'));
    expect(await where(pool(two))).to.equal(path.join(place, 'two/pg/data'));
  });

  it('shares one server between two starts on one home that begin at once', async () => {
    const both = await Promise.all([start('home'), start('home')]);
    expect(both[0].pid()).to.equal(both[1].pid());
    await Promise.all(both.map((database) => pool(database).raw('select 1')));
  });

  it('puts the socket elsewhere when the path is too long for one', async () => {
    const database = await start(`${'long-'.repeat(30)}home`);
    const folder = new URL(database.connection.url).searchParams.get('host') ?? '';
    expect(folder.startsWith(place)).to.equal(false);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    expect(await where(pool(database))).to.contain('long-long-');
    await database.stop();
    expect(existsSync(folder)).to.equal(false);
  });

  it('heals after kill -9 of the postmaster, again and again, with everything acknowledged', async () => {
    const events: SupervisorEvent['kind'][] = [];
    const database = await start('home', { onEvent: ({ kind }) => events.push(kind) });
    const db = pool(database);
    await db.raw('create table done (n int primary key)');
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      const sleepers = [1, 2, 3].map(() => refusal(db.raw('select pg_sleep(60)')));
      const killed = pidOf(database);
      const writing = (async () => {
        for (;;)
          await db('done')
            .insert({ n: acknowledged + 1 })
            .then(() => acknowledged++);
      })().catch((error: unknown) => error);
      while (acknowledged < (round + 1) * 50) await new Promise((resolve) => setTimeout(resolve, 5));
      process.kill(killed, 'SIGKILL');
      expect(isConnectionLost(await writing)).to.equal(true);
      for (const sleeper of await Promise.all(sleepers)) expect(isConnectionLost(sleeper)).to.equal(true);
      await untilItAnswers(db);
      while (database.pid() === undefined || database.pid() === killed) await new Promise((resolve) => setTimeout(resolve, 5));
      const rows: number[] = await db('done').orderBy('n').pluck('n');
      // The insert that was under way may have been committed without its answer: that one may be there too.
      expect(rows.length - acknowledged).to.be.oneOf([0, 1]);
      expect(rows.slice(0, acknowledged)).to.deep.equal(Array.from({ length: acknowledged }, (_, i) => i + 1));
      acknowledged = rows.length;
    }
    expect(events).to.deep.equal(['died', 'restarted', 'died', 'restarted', 'died', 'restarted']);
  });

  it('adopts and later stops a server whose parent was killed', async () => {
    const elsewhere = await startElsewhere(path.join(place, 'home'));
    await elsewhere.kill();
    expect(isAlive(elsewhere.postmaster)).to.equal(true);
    const second = await start('home');
    expect(second.pid()).to.equal(elsewhere.postmaster);
    await second.stop();
    expect(isAlive(elsewhere.postmaster)).to.equal(false);
  });

  it('leaves a server alone whose parent lives', async () => {
    const first = await start('home');
    const elsewhere = await startElsewhere(path.join(place, 'home'));
    expect(elsewhere.postmaster).to.equal(first.pid());
    await elsewhere.stop();
    expect(isAlive(elsewhere.postmaster)).to.equal(true);
    await pool(first).raw('select 1');
  });

  it('keeps a server running for a second process when the first, which started it, stops', async () => {
    const first = await start('home');
    const began = pidOf(first);
    const elsewhere = await startElsewhere(path.join(place, 'home'));
    await first.stop();
    expect(isAlive(began)).to.equal(false);
    const db = pool(first);
    await untilItAnswers(db);
    await elsewhere.stop();
    expect(isConnectionLost(await refusal(db.raw('select 1')))).to.equal(true);
  });

  it('starts over a lock file that a machine crash left, also when its id is another program by now', async () => {
    const first = await start('home');
    await pool(first).raw('select 1');
    await first.stop();
    const lock = path.join(place, 'home/pg/data/postmaster.pid');
    for (const pid of [process.pid, 2 ** 22 - 3]) {
      writeFileSync(lock, `${pid}\n${path.join(place, 'home/pg/data')}\n1700000000\n5432\n/nowhere\n\n`);
      const database = await start('home');
      await pool(database).raw('select 1');
      await database.stop();
    }
  });

  it('names the cure: no database, no PostGIS, a bad URL, an old cluster, a bad wish, a folder that is a file', async () => {
    const external = (databaseUrl: string) => refusal(resolveDatabase({ home: place, databaseUrl, env: process.env }));
    expect(await external('postgresql://user:secret@127.0.0.1:1/city'))
      .to.include({ code: 'unreachable' })
      .and.has.property('message')
      .that.contains('127.0.0.1:1/city')
      .and.does.not.contain('secret');
    expect(await external('mysql://x'))
      .to.have.property('message')
      .that.contains('not a PostgreSQL URL');
    const wish = { ...process.env, THUMA_DATABASE: 'oracle' };
    expect(await refusal(resolveDatabase({ home: place, env: wish })))
      .to.have.property('message')
      .that.contains('"oracle"');

    mkdirSync(path.join(place, 'old/pg/data'), { recursive: true });
    writeFileSync(path.join(place, 'old/pg/data/PG_VERSION'), '9\n');
    chmodSync(path.join(place, 'old/pg'), 0o777);
    expect(await refusal(start('old', { prefer: undefined }))).to.include({ code: 'wrong-version' });

    writeFileSync(path.join(place, 'file'), '');
    expect(await refusal(start('file', { prefer: undefined })))
      .to.have.property('message')
      .that.contains('a file is in its way');
  });

  it('as root, goes where the user postgres can go when it cannot reach the home', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    mkdirSync(path.join(place, 'closed'), { mode: 0o700 });
    const database = await start('closed/home');
    const folder = path.dirname(String(await where(pool(database))));
    expect(folder).to.match(/^\/var\/lib\/thuma\//);
    expect(database.describe).to.contain(folder);
    await database.stop();
    removeCluster(path.join(place, 'closed/home/pg'));
    expect(existsSync(folder)).to.equal(false);
    expect(existsSync(path.join(place, 'closed/home/pg'))).to.equal(false);
  });

  it('leaves no server behind when it is ended while that is still starting', async () => {
    const data = path.join(place, 'home/pg/data');
    const ended = await inAnotherProcess(`
      const lock = ${JSON.stringify(path.join(data, 'postmaster.pid'))};
      // It is there before its first line is: what has no end of line is not read yet.
      const pid = () => existsSync(lock) && /^(\\d+)\\n/.exec(readFileSync(lock, 'utf8'))?.[1];
      const look = () => pid() && (console.log(pid()), process.exit(0));
      const onProgress = ({ step, state }) => step.startsWith('Starting') && state === 'started' && setInterval(look, 1);
      void resolveDatabase({ home: ${JSON.stringify(path.join(place, 'home'))}, prefer: 'cluster', env: process.env, onProgress });`);
    expect(await waitForEnd(Number(ended), 15_000)).to.equal(true);
  });

  it('takes an external database as it is, and checks it', async () => {
    const fresh = await freshDb();
    const database = await resolveDatabase({ home: place, databaseUrl: fresh.connection.url, env: process.env });
    expect(database.kind).to.equal('external');
    expect(database.describe).to.contain('DATABASE_URL');
    await database.stop();
    await fresh.db.raw('select 1');
    await fresh.drop();
    const gone = withDatabase(fresh.connection, 'nowhere').url;
    const error = await refusal(resolveDatabase({ home: place, databaseUrl: gone, env: process.env }));
    expect(error).to.have.property('message').that.contains('Create it first');
  });

  /** Runs a program that knows `resolveDatabase` to its end. @returns what it printed. */
  async function inAnotherProcess(program: string): Promise<string> {
    const script = path.join(place, 'program.mts');
    const engine = JSON.stringify(path.join(import.meta.dirname, 'resolve-database.ts'));
    writeFileSync(
      script,
      `import { existsSync, readFileSync } from 'node:fs';\nimport { resolveDatabase } from ${engine};\n${program}`,
    );
    const run = promisify(execFile);
    // Started in the root folder, so that tsx is found.
    const { stdout } = await run(process.execPath, ['--import', 'tsx', script], { cwd: path.join(import.meta.dirname, '../..') });
    return stdout;
  }

  /** Another process with the same home, which says the postmaster's id it sees and then stays. */
  async function startElsewhere(home: string): Promise<{ postmaster: number; kill(): Promise<void>; stop(): Promise<void> }> {
    const script = path.join(place, 'elsewhere.mts');
    const program = `
      import { resolveDatabase } from ${JSON.stringify(path.join(import.meta.dirname, 'resolve-database.ts'))};
      const run = async () => {
        const database = await resolveDatabase({ home: ${JSON.stringify(home)}, prefer: 'cluster', env: process.env });
        console.log(database.pid());
        process.stdin.once('data', () => void database.stop().then(() => process.exit(0)));
      };
      void run();`;
    writeFileSync(script, program);
    // Started in the root folder, so that tsx is found.
    const child = spawn(process.execPath, ['--import', 'tsx', script], { cwd: path.join(import.meta.dirname, '../..') });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    const postmaster = await new Promise<number>((resolve, reject) => {
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)));
      child.once('close', () => reject(new Error(complaint)));
    });
    return {
      postmaster,
      kill: () => (child.kill('SIGKILL'), ended),
      stop: () => (child.stdin.write('stop\n'), ended),
    };
  }
});

async function untilItAnswers(db: Db): Promise<void> {
  for (;;) {
    const error = await db.raw('select 1').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (!isConnectionLost(error)) throw new Error('not about the connection', { cause: error });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
