import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { homeCareText } from '../../routing/formats/home-care.fixtures.ts';
import type { BenchCase } from './bench-case.ts';
import { measure, type Bench } from './bench.ts';
import { loadedDispatch } from './dispatch-cases.ts';
import { tinyDispatch } from './dispatch-problem.fixtures.ts';
import { homeCareCases } from './homecare-cases.ts';
import { ROOT } from './options.ts';
import type { Peer } from './peers.ts';
import type { BenchReport } from './report.ts';
import { routingCases } from './routing-cases.ts';
import { type BenchEngine, warmEngine } from './solve.ts';
import { tableOf } from './table.ts';

const VRPTW = `NAME : T\nTYPE : CVRPTW\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 9\nSERVICE_TIME : 5\nEDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 8\nDEMAND_SECTION\n1 0\n2 4\n3 4\nTIME_WINDOW_SECTION\n1 0 99\n2 0 50\n3 0 60\nEOF\n`;
const SDVRPTW = VRPTW.replace('CVRPTW', 'SDVRPTW').replace('EOF', 'VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2\n2 2 3\nEOF');
const SOLOMON = `T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO. X Y\n0 0 0 0 0 99 0\n1 3 4 4 0 50 5\n2 0 8 4 0 60 5\n`;

/** A peer that answers what it is told to. */
const peerOf = (sequences: number[][]): Peer => ({
  name: 'somebody',
  version: '1',
  about: 'answers what it is told',
  sameForAllSeeds: true,
  solve: () => Promise.resolve({ kind: 'sequences', sequences, seconds: 0.1, iterations: null }),
});

describe('A bench of the engine', () => {
  let engine: BenchEngine;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-test-'));
    engine = await warmEngine(1);
  });
  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  const run = (cases: readonly BenchCase[], over: Partial<Bench> = {}): Promise<BenchReport> =>
    measure(
      { name: 'test', cases, peers: [], remarks: [], ...over },
      { seconds: 1, iterations: 30, seeds: [1, 2], searches: 1 },
      engine,
      () => undefined,
    );
  const inFolder = (name: string, files: Readonly<Record<string, string>>): string => {
    const place = mkdtempSync(path.join(folder, `${name}-`));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(place, file), text);
    return place;
  };

  /** The keys that issue 5 asks for, of the benches' JSON as a reader gets it. */
  function expectKeys(report: BenchReport, runs: number): void {
    const json = JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
    expect(json).to.include.all.keys('instances', 'mean_gap_percent', 'worst_gap_percent', 'peak_rss_mb', 'peers');
    expect(json['instances']).to.be.an('array').with.length(runs);
    for (const one of json['instances'] as object[])
      expect(one).to.include.all.keys('name', 'cost', 'best', 'gap_percent', 'seconds', 'seed', 'iterations');
    expect(json['peak_rss_mb']).to.be.a('number').above(10);
    expect(tableOf(report).join('\n')).to.contain('mean gap');
  }

  it('of VRPTW, from VRPLIB and from text, has its keys and finds the best of two customers', async () => {
    const sol = 'Route #1: 1 2\nCost 18.0\n';
    const report = await run(
      routingCases(inFolder('vrp', { 'R1_2_1.vrp': VRPTW, 'R1_2_1.sol': sol, 'R101.txt': SOLOMON }), 'x', () => 1),
    );
    expectKeys(report, 4);
    expect(report.instances.map(({ name, cost, best, seed }) => ({ name, cost, best, seed }))).to.deep.equal([
      { name: 'R1_2_1', cost: 18, best: 18, seed: 1 },
      { name: 'R1_2_1', cost: 18, best: 18, seed: 2 },
      { name: 'R101', cost: 18, best: null, seed: 1 },
      { name: 'R101', cost: 18, best: null, seed: 2 },
    ]);
    expect(report).to.include({ mean_gap_percent: 0, worst_gap_percent: 0, unanswered: 0 });
    expect(report.seconds_to_1_percent.map(({ size }) => size)).to.deep.equal(['2 customers']);
  });

  it('of skills has its keys, and a peer beside it the same', async () => {
    const cases = routingCases(
      inFolder('sd', { 'PR01.vrp': SDVRPTW, 'PR01.sol': 'Route #1:\nRoute #2: 1 2\nCost: 18000' }),
      'x',
      () => 1,
    );
    const report = await run(cases, { peers: [peerOf([[0], [1]])] });
    expectKeys(report, 2);
    const peer = report.peers['somebody'];
    expect(peer).to.include.all.keys('instances', 'mean_gap_percent', 'worst_gap_percent', 'version');
    // Once for all seeds; 10 + 16 where 18 is best.
    expect(peer?.instances.map(({ cost, gap_percent: gap }) => [cost, gap])).to.deep.equal([[26_000, 44.4444]]);
    expect(peer?.ours_cheaper_percent).to.deep.equal([{ name: 'PR01', percent: 30.769 }]);
  });

  it('takes no answer for one that is not valid', async () => {
    const cases = routingCases(inFolder('sd', { 'PR01.vrp': SDVRPTW }), 'x', () => 1);
    const { peers } = await run(cases, { peers: [peerOf([[0, 1], []])] });
    expect(peers['somebody']).to.include({ unanswered: 1, mean_gap_percent: null });
    expect(peers['somebody']?.instances[0]).to.deep.include({ cost: null, faults: ['route 1 may not serve customer 2'] });
  });

  it('of home care has its keys', async () => {
    const cases = homeCareCases(inFolder('care', { 'X_2_1.json': homeCareText() }), new Map([['X_2_1', 12]]));
    const report = await run(cases);
    expectKeys(report, 2);
    expect(report.instances[0]).to.include({ name: 'X_2_1', best: 12 });
  });

  it('of dispatch has its keys', async () => {
    const load = () => Promise.resolve(loadedDispatch(tinyDispatch(1), 1, null));
    const report = await run([{ name: '3x8', load }]);
    expectKeys(report, 2);
    expect(report.instances[0]?.remark).to.match(/not done/);
  });

  it('without its data says so, and ends with 2', () => {
    const ran = spawnSync(
      process.execPath,
      [path.join(ROOT, 'scripts/run.mjs'), 'scripts/bench/gh200.ts', '--shared', path.join(folder, 'nowhere')],
      { encoding: 'utf8', cwd: ROOT },
    );
    expect(ran.status).to.equal(2);
    expect(ran.stderr).to.contain('NOTHING WAS MEASURED').and.to.contain('--shared');
    expect(ran.stdout).to.equal('');
  });
});
