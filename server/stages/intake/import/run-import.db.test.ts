import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../../db/testing.ts';
import { at, dcStreets, DC_REQUESTS, gridStreets, installed, SHARED, type Installed } from '../dc.fixtures.ts';
import type { SourceMapping } from './mapping.ts';
import { runImport, type ImportOptions, type ImportSummary } from './run-import.ts';
import { loadMapping } from './sources/sources.ts';
import { UnreadableFile } from './unreadable-file.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const HEADER = 'service_request_id,requested_datetime,service_code,lon,lat,address,description,status,closed_date';

describe('runImport', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-import-'));
  const grid = gridStreets();
  let fresh: FreshDb;
  let world: Installed;
  let generic: SourceMapping;

  before(async () => {
    generic = await loadMapping('generic');
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    fresh = await freshDb();
    world = await installed(fresh.db, NOW);
  });
  afterEach(() => fresh.drop());

  const options = (file: string, over: Partial<ImportOptions> = {}): ImportOptions => ({
    file,
    mapping: generic,
    city: world.city.config,
    folder,
    now: NOW,
    triage: true,
    ...over,
  });
  function importing(content: string, over: Partial<ImportOptions> = {}): Promise<ImportSummary> {
    const file = path.join(folder, 'requests.csv');
    writeFileSync(file, content);
    return runImport({ tools: world.tools, streets: grid }, options(file, over));
  }
  const row = (
    id: string,
    place: { lon: number | string; lat: number | string },
    over: Partial<Record<'at' | 'type' | 'status' | 'closed', string>> = {},
  ) =>
    [
      id,
      over.at ?? '2026-01-27T12:00:00Z',
      over.type ?? 'snow-ice-public-space',
      place.lon,
      place.lat,
      '1 Main Street',
      'some words',
      over.status ?? 'open',
      over.closed ?? '',
    ].join(',');
  const count = async (table: string): Promise<number> => (await fresh.db(table).count<{ count: number }[]>('*'))[0]!.count;
  const refusal = async (doing: Promise<unknown>): Promise<UnreadableFile> => {
    const error: unknown = await doing.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UnreadableFile);
    return error as UnreadableFile;
  };

  it('takes good rows in, makes jobs of what is open on a road, and puts bad rows aside with their reasons', async () => {
    const summary = await importing(
      [
        HEADER,
        row('1', at(300, 400)),
        row('2', at(310, 400), { at: '2026-01-27T13:00:00Z' }),
        row('3', at(900, 400)),
        row('4', at(100, 100)),
        row('5', { lon: 2.35, lat: 48.86 }),
        row('6', { lon: '', lat: '' }),
        row('7', { lon: 'NaN', lat: 38.9 }),
        row('8', { lon: at(300, 400).lat, lat: at(300, 400).lon }),
        row('9', at(1500, 400), { status: 'Closed', closed: '2026-01-27T20:00:00Z' }),
        row('10', at(300, 400), { type: 'moon-dust' }),
        row('11', at(300, 400)) + ',one,more',
      ].join('\n'),
    );
    expect(summary).to.deep.include({ rows: 11, new: 7, updated: 0, unchanged: 0, refused: 4, skipped: 0, jobs: 2, joined: 1 });
    expect(summary.places).to.deep.equal({ on_road: 4, far_from_road: 1, outside_city: 1, none: 1 });
    expect(await count('cases')).to.equal(7);
    expect(await count('job')).to.equal(2);
    const states = await fresh.db('cases').orderBy('source_id').select('source_id', 'state', 'decided_reason', 'closed_at');
    expect(
      Object.fromEntries(states.map((one: { source_id: string; state: string }) => [one.source_id, one.state])),
    ).to.deep.equal({
      1: 'triaged',
      2: 'triaged',
      3: 'triaged',
      4: 'received',
      5: 'received',
      6: 'received',
      9: 'no_action',
    });
    expect(states.at(-1)).to.deep.include({ decided_reason: 'closed_at_source', closed_at: new Date('2026-01-27T20:00:00Z') });

    const refused = readFileSync(summary.refusalsFile!, 'utf8').trim().split('\n');
    expect(refused[0]).to.equal('line,column,value,reason');
    expect(refused.slice(1).map((line) => line.split(',').slice(0, 2).join())).to.deep.equal([
      '8,"lon"',
      '9,"lat"',
      '11,"service_code"',
      '12,"(whole row)"',
    ]);
    expect(refused[2]).to.contain('looks swapped');
    expect(statSync(summary.refusalsFile!).mode & 0o077).to.equal(0);
    const run = await fresh.db('import_run').first<Record<string, unknown>>();
    expect(run).to.deep.include({ rows_read: 11, rows_new: 7, rows_refused: 4, ended_at: NOW });
    const types = await fresh.db('event').orderBy('seq').pluck('type');
    expect(types.filter((type: string) => type === 'case.received')).to.have.length(7);
    expect(JSON.stringify(await fresh.db('event'))).not.to.contain('some words');
  });

  it('changes nothing when the same file comes again, and updates what its source changed', async () => {
    const rows = [HEADER, row('1', at(300, 400)), row('2', at(900, 400)), row('3', at(100, 100))];
    await importing(rows.join('\n'));
    const seq = await count('event');
    expect(await importing(rows.join('\n'))).to.deep.include({ new: 0, updated: 0, unchanged: 3, jobs: 0, joined: 0 });
    expect(await count('event')).to.equal(seq);
    expect(await count('job')).to.equal(2);
    // The source closes one that has a job and one that has none: only the latter is over here.
    const closed = { status: 'Closed', closed: '2026-02-01T00:00:00Z' };
    rows[1] = row('1', at(300, 400), closed);
    rows[3] = row('3', at(100, 100), closed);
    expect(await importing(rows.join('\n'))).to.deep.include({ new: 0, updated: 2, unchanged: 1, jobs: 0 });
    const state = () => fresh.db('cases').orderBy('source_id').pluck('state');
    expect(await state()).to.deep.equal(['triaged', 'triaged', 'no_action']);
    // And opens it again.
    rows[3] = row('3', at(100, 100));
    await importing(rows.join('\n'));
    expect(await state()).to.deep.equal(['triaged', 'triaged', 'received']);
    expect(await count('cases')).to.equal(3);
  });

  it('takes the later of two rows with one id', async () => {
    const summary = await importing(
      [HEADER, row('1', at(300, 400)), row('2', at(900, 400)), row('1', at(300, 400), { status: 'Hold' })].join('\n'),
    );
    expect(summary).to.deep.include({ new: 2, updated: 1, unchanged: 0 });
    expect(await fresh.db('cases').where({ source_id: '1' }).pluck('source_status')).to.deep.equal(['Hold']);
  });

  it('refuses a broken file as a whole and writes nothing', async () => {
    const broken: [string, RegExp][] = [
      ['', /is empty/],
      [HEADER, /no rows/],
      [`${HEADER}\n`, /no rows/],
      ['id,when\n1,2\n', /lacks "service_code or service_name or service", "requested_datetime or reported_at"/],
      [`${HEADER}\n${row('1', at(300, 400))}\n2,"never closed\n${row('3', at(300, 400))}`, /line 3, column 2.*never closed/],
    ];
    for (const [content, sentence] of broken) expect((await refusal(importing(content))).message).to.match(sentence);
    const file = path.join(folder, 'latin.csv');
    writeFileSync(
      file,
      Buffer.from(`${HEADER}\n${row('1', at(300, 400))}\n${row('2', at(300, 400)).replace('some', 'caf\xe9')}\n`, 'latin1'),
    );
    expect((await refusal(runImport({ tools: world.tools, streets: grid }, options(file)))).message)
      .to.contain('line 3')
      .and.to.contain('ISO-8859-1');
    for (const table of ['cases', 'job', 'import_run']) expect(await count(table)).to.equal(0);
  });

  it('takes only what was reported between two times', async () => {
    const rows = [HEADER, row('1', at(300, 400)), row('2', at(900, 400), { at: '2026-01-28T12:00:00Z' })];
    const summary = await importing(rows.join('\n'), {
      from: new Date('2026-01-28T00:00:00Z'),
      to: new Date('2026-01-29T00:00:00Z'),
    });
    expect(summary).to.deep.include({ rows: 2, new: 1, skipped: 1 });
  });

  it('writes nothing on a dry run, and says what is wrong all the same', async () => {
    const file = path.join(folder, 'dry.csv');
    writeFileSync(file, [HEADER, row('1', at(300, 400)), row('2', { lon: 'x', lat: 1 })].join('\n'));
    const summary = await runImport(null, options(file));
    expect(summary).to.deep.include({ rows: 2, new: 0, refused: 1 });
    expect(existsSync(summary.refusalsFile!)).to.equal(true);
    expect(await count('cases')).to.equal(0);
  });

  it('leaves the cases for a dispatcher without triage', async () => {
    expect(await importing([HEADER, row('1', at(300, 400))].join('\n'), { triage: false })).to.include({ jobs: 0, new: 1 });
    expect(await fresh.db('cases').pluck('state')).to.deep.equal(['received']);
  });

  it('keeps whole batches when it fails in the middle, and goes on from there', async () => {
    const rows = [HEADER, ...Array.from({ length: 2500 }, (_, i) => row(`r${i}`, at(100, 100)))];
    const stop = new AbortController();
    let failures = 1;
    // A database that goes away while the third batch is written.
    const db = new Proxy(fresh.db, {
      get: (target, name, self) => {
        if (name === 'transaction' && failures >= 0 && failures-- === 0) return () => Promise.reject(new Error('gone'));
        return Reflect.get(target, name, self) as unknown;
      },
    });
    const file = path.join(folder, 'long.csv');
    writeFileSync(file, rows.join('\n'));
    const failing = runImport({ tools: { ...world.tools, db }, streets: grid }, options(file, { signal: stop.signal }));
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('gone');
    expect(await count('cases')).to.equal(1000);
    expect(await fresh.db('import_run').first()).to.include({ rows_new: 1000, ended_at: null });
    expect(await importing(rows.join('\n'))).to.include({ new: 1500, unchanged: 1000 });
    expect(await count('cases')).to.equal(2500);
  });

  it('makes the same jobs of two imports at once as of one after the other', async () => {
    const rows = [HEADER, ...Array.from({ length: 60 }, (_, i) => row(`r${i}`, at(20 * i + 300, 400)))].join('\n');
    const [a, b] = [path.join(folder, 'a.csv'), path.join(folder, 'b.csv')];
    writeFileSync(a, rows);
    writeFileSync(b, rows);
    const both = await Promise.all([a, b].map((file) => runImport({ tools: world.tools, streets: grid }, options(file))));
    expect(both[0]!.new + both[1]!.new).to.equal(60);
    expect(await count('cases')).to.equal(60);
    expect(await fresh.db('case_job').whereNull('left_at')).to.have.length(60);
    const other = await freshDb();
    try {
      const alone = await installed(other.db, NOW);
      const summary = await runImport({ tools: alone.tools, streets: grid }, options(a));
      expect(await count('job')).to.equal(summary.jobs);
    } finally {
      await other.drop();
    }
  });
});

describe('import of DC’s real requests', function () {
  this.timeout(180_000);
  let fresh: FreshDb;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-import-'));
  before(function () {
    if (existsSync(DC_REQUESTS)) return;
    console.warn(`\n*** SKIPPED: the import of DC's real requests, which are not at ${DC_REQUESTS}\n`);
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    fresh = await freshDb();
  });
  afterEach(() => fresh.drop());

  it('takes all 10,127 rows in, and none of them a second time', async () => {
    const { tools, city } = await installed(fresh.db, NOW);
    const streets = (await dcStreets())!;
    const mapping = await loadMapping('dc');
    const options = { file: DC_REQUESTS, mapping, city: city.config, folder, now: NOW, triage: true };
    const first = await runImport({ tools, streets }, options);
    expect(first).to.deep.include({ rows: 10_127, new: 10_127, refused: 0, refusalsFile: null });
    // As the data's own notes count: 4,137 within 50 m of a drivable road of the extract.
    expect(first.places['on_road']).to.equal(4137);
    const again = await runImport({ tools, streets }, options);
    expect(again).to.deep.include({ new: 0, updated: 0, unchanged: 10_127, jobs: 0, joined: 0 });
    const outside = await fresh.db('cases').whereRaw("not area_ids && (select array_agg(id) from area where kind = 'ward')");
    expect(outside).to.deep.equal([]);
  });

  it('groups the 1,293 reports of 27 January on the extract into some 930 jobs', async () => {
    const { tools, city } = await installed(fresh.db, new Date('2026-01-28T05:00:00Z'));
    const streets = (await dcStreets())!;
    // Every report as it was when it came in: open. Those further than 50 m from a road are counted, too: the limit is lifted.
    const mapping = { ...(await loadMapping('dc')), statuses: {} };
    const inside = path.join(folder, 'extract.csv');
    const lines = readFileSync(DC_REQUESTS, 'utf8').split('\n');
    writeFileSync(inside, [lines[0], ...lines.slice(1).filter((line) => line.trim().endsWith(',1'))].join('\n'));
    const config = { ...city.config, policy: { ...city.config.policy, maxMetresFromRoad: 5000 } };
    const day = { from: new Date('2026-01-27T05:00:00Z'), to: new Date('2026-01-28T05:00:00Z') };
    const summary = await runImport(
      { tools, streets },
      { file: inside, mapping, city: config, folder, now: NOW, triage: true, ...day },
    );
    expect(summary.new).to.equal(1293);
    console.log(`      1,293 reports: ${summary.jobs} jobs, ${summary.joined} joined`);
    expect(summary.jobs).to.be.within(918, 960);
  });

  it('reads Baltimore with another mapping', async () => {
    const file = path.join(SHARED, 'baltimore/service-requests.csv');
    const { city } = await installed(fresh.db, NOW);
    const mapping = { ...(await loadMapping('baltimore')), otherService: 'pothole' };
    const summary = await runImport(null, { file, mapping, city: city.config, folder, now: NOW, triage: true });
    expect(summary).to.include({ rows: 500, refused: 0 });
  });
});
