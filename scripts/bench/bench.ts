import { tellFailure } from '../failure.ts';
import type { BenchCase, LoadedCase, Score } from './bench-case.ts';
import { NoData } from './data.ts';
import type { BenchOptions } from './options.ts';
import type { Peer } from './peers.ts';
import { gapPercent, type InstanceResult, type Measured, reportOf, rounded, type BenchReport } from './report.ts';
import { type BenchEngine, type Run, type RunLimits, secondsToWithin, warmEngine } from './solve.ts';
import { tableOf } from './table.ts';

export interface Bench {
  readonly name: string;
  readonly cases: readonly BenchCase[];
  /** Those that can do this kind of problem; asked for only with `--peers`. */
  readonly peers: readonly Peer[];
  /** What a reader of the figures should know. */
  readonly remarks: readonly string[];
}

/** Runs every case with every seed, ours and then the peers', one after another: never two at a time on the same cores. */
export async function measure(
  bench: Bench,
  options: Pick<BenchOptions, 'seconds' | 'iterations' | 'seeds' | 'searches'>,
  engine: Pick<BenchEngine, 'run'>,
  say: (line: string) => void,
): Promise<BenchReport> {
  const instances: InstanceResult[] = [];
  const ofPeers: { peer: Peer; instances: InstanceResult[] }[] = bench.peers.map((peer) => ({ peer, instances: [] }));
  for (const one of bench.cases) {
    const loaded = await one.load();
    const seconds = options.seconds ?? loaded.seconds;
    for (const seed of options.seeds) {
      const limits = { seed, seconds, iterations: options.iterations, searches: options.searches };
      const result = await ourResult(one, loaded, engine, limits);
      instances.push(result);
      say(progress('ours', result));
      for (const { peer, instances: theirs } of ofPeers) {
        if (peer.sameForAllSeeds && seed !== options.seeds[0]) continue;
        const answer = await peer.solve(loaded, { seconds, seed });
        const score: Score =
          answer.kind === 'sequences' ? loaded.scoreSequences(answer.sequences) : { cost: 0, faults: [answer.because] };
        const remark = [answer.kind === 'sequences' ? answer.remark : undefined, score.remark].filter(
          (part) => part !== undefined,
        );
        const iterations = answer.kind === 'sequences' ? answer.iterations : null;
        const scored = {
          cost: score.cost,
          faults: score.faults,
          ...(remark.length === 0 ? {} : { remark: remark.join('; ') }),
        };
        const theirResult = resultOf(one.name, seed, answer.seconds, iterations, loaded, scored);
        theirs.push(theirResult);
        say(progress(peer.name, theirResult));
      }
    }
  }
  const measured: Measured = {
    bench: bench.name,
    instances,
    peers: ofPeers.map(({ peer, instances: theirs }) => ({
      name: peer.name,
      version: peer.version,
      about: peer.about,
      instances: theirs,
    })),
    searches: options.searches,
    remarks: bench.remarks,
  };
  return reportOf(measured);
}

/** One run of ours. A plan that does not come, or is not valid, is a result too: the other instances are still to be run. */
async function ourResult(
  { name }: BenchCase,
  loaded: LoadedCase,
  engine: Pick<BenchEngine, 'run'>,
  limits: RunLimits,
): Promise<InstanceResult> {
  const from = performance.now();
  let run: Run;
  try {
    run = await engine.run(loaded.problem, limits);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return resultOf(name, limits.seed, (performance.now() - from) / 1000, null, loaded, { cost: 0, faults: [because] });
  }
  return {
    ...resultOf(name, limits.seed, run.seconds, run.plan.iterations, loaded, loaded.score(run.plan)),
    seconds_to_1_percent: rounded(secondsToWithin(run, 1), 3),
    size: loaded.size,
  };
}

function resultOf(
  name: string,
  seed: number,
  seconds: number,
  iterations: number | null,
  { best }: LoadedCase,
  score: Score,
): InstanceResult {
  const cost = score.faults.length > 0 ? null : rounded(score.cost, 4);
  return {
    name,
    cost,
    best,
    gap_percent: gapPercent(cost, best),
    seconds: rounded(seconds, 3),
    seed,
    iterations,
    faults: score.faults,
    ...(score.remark === undefined ? {} : { remark: score.remark }),
  };
}

function progress(who: string, { name, seed, cost, gap_percent: gap, seconds, faults }: InstanceResult): string {
  const what =
    cost === null ? `no valid answer (${faults[0] ?? ''})` : `${cost}${gap === null ? '' : `, gap ${gap.toFixed(2)} %`}`;
  return `${name} seed ${seed}, ${who}: ${what} in ${seconds.toFixed(2)} s`;
}

/**
 * A bench as a command: tells the table or the JSON on standard output and how it goes on standard error. The exit code is
 * 2 when the data is not here, 1 when one of our answers is not valid or something went wrong.
 */
export async function benchCommand(
  options: BenchOptions | null,
  bench: (options: BenchOptions, say: (line: string) => void) => Promise<Bench>,
): Promise<void> {
  if (options === null) return;
  const say = (line: string): void => console.error(line);
  const wanted = await bench(options, say);
  const engine = await warmEngine(options.searches);
  let report: BenchReport;
  try {
    report = await measure(wanted, options, engine, say);
  } finally {
    await engine.close();
  }
  console.log(options.json ? JSON.stringify(report, null, 2) : tableOf(report).join('\n'));
  if (report.unanswered > 0) process.exitCode = 1;
}

/** Runs a command to its end and tells what stopped it. */
export async function toTheEnd(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (error instanceof NoData) console.error(`\n*** ${error.message}\n`);
    else tellFailure(error);
    process.exitCode = error instanceof NoData ? 2 : 1;
  }
}
