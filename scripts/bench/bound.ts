import { writeFile } from 'node:fs/promises';
import type { Certificate } from '../../routing/certificate.ts';
import { type Bounder, startBounder } from '../../routing/bound/start-bounder.ts';
import type { Plan } from '../../routing/plan.ts';
import { verifyPlan } from '../../routing/verify/verify-plan.ts';
import { toTheEnd } from './bench.ts';
import { type BoundCase, boundCases, lateCity } from './bound-cases.ts';
import { gapPicture } from './bound-picture.ts';
import { chosen } from './data.ts';
import { machine, peakRssMegabytes } from './machine.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { rounded } from './report.ts';
import { scoreSequences } from './score-sequences.ts';
import { type BenchEngine, warmEngine } from './solve.ts';

const ABOUT = `npm run bench:bound [-- --only crews-20x100,dc-50x300,R101] [--seconds S] [--seeds 1,2,3,4,5] [--json]
How far from the best a plan can be, proven: plan and bound side by side from nothing, on one core each, the certificate
then checked by the verifier. crews-*: generated days; dc-*: reports and roads of Washington; C1, R1, RC1 of Solomon.
  --picture FILE.svg  draw how the gap grows with size`;

/** Kept back of the time for handing over between threads. */
const MILLIS_TO_HAND_OVER = 100;

interface BoundResult {
  readonly name: string;
  readonly family: string;
  readonly jobs: number;
  readonly seed: number;
  readonly cost: number;
  readonly bound: number;
  readonly proven_gap_percent: number;
  readonly kind: Certificate['kind'];
  readonly relaxed: Certificate['relaxed'];
  readonly verified: boolean;
  readonly verify_seconds: number;
  readonly passes: number;
  readonly labels: number;
  readonly routes: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

await toTheEnd(async () => {
  const args = process.argv.slice(2);
  const at = args.indexOf('--picture');
  const picture = at === -1 ? null : (args.splice(at, 2)[1] ?? null);
  const options = readOptions(args, ABOUT);
  if (options === null) return;
  const say = (line: string): void => console.error(line);
  const late = lateCity(options, say);
  const engine = await warmEngine(1);
  const bounder = startBounder();
  const instances: BoundResult[] = [];
  try {
    for (const one of chosen(boundCases(options, late.city), options)) {
      for (const seed of one.seeded ? options.seeds : options.seeds.slice(0, 1)) {
        const result = await measure(one, seed, options, engine, bounder);
        instances.push(result);
        say(lineOf(result));
      }
    }
  } finally {
    await Promise.all([engine.close(), bounder.close(), late.stop()]);
  }
  if (picture !== null) await writeFile(picture, gapPicture(instances));
  const gaps = instances.map(({ proven_gap_percent: gap }) => gap).toSorted((a, b) => a - b);
  const report = {
    bench: 'bound',
    instances,
    median_gap_percent: gaps[Math.floor(gaps.length / 2)] ?? null,
    worst_gap_percent: gaps.at(-1) ?? null,
    unverified: instances.filter(({ verified }) => !verified).length,
    peak_rss_mb: peakRssMegabytes(),
    machine: machine(),
  };
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else {
    for (const result of instances) console.log(lineOf(result));
    console.log(
      `\nmedian gap ${report.median_gap_percent} %, worst ${report.worst_gap_percent} %, ${report.unverified} of ${instances.length} not verified; most memory ${report.peak_rss_mb} MB`,
    );
    console.log(report.machine);
  }
  if (report.unverified > 0) process.exitCode = 1;
});

/** Plan and bound at the same time; the cheaper of the planner's plan and the one that the bound came by. */
async function measure(
  one: BoundCase,
  seed: number,
  options: BenchOptions,
  engine: BenchEngine,
  bounder: Bounder,
): Promise<BoundResult> {
  const problem = await one.load(seed);
  const allowed = options.seconds ?? one.seconds;
  const millis = 1000 * allowed - MILLIS_TO_HAND_OVER;
  const from = performance.now();
  const [run, bounded] = await Promise.all([
    engine.run(problem, { seed: 1, seconds: millis / 1000, iterations: null, searches: 1 }),
    bounder.boundInWorker(problem, { millis }),
  ]);
  const seconds = (performance.now() - from) / 1000;
  const { certificate } = bounded;
  let plan: Plan = run.plan;
  if (bounded.plan !== null && bounded.plan.cost < plan.cost.total) {
    const { plan: other } = scoreSequences(problem, bounded.plan.sequences);
    if (other.cost.total < plan.cost.total) plan = other;
  }
  const verdict = verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate);
  const cost = plan.cost.total;
  return {
    name: one.name,
    family: one.family,
    jobs: one.jobs,
    seed,
    cost,
    bound: certificate.bound,
    proven_gap_percent: cost === 0 ? 0 : rounded((100 * (cost - certificate.bound)) / cost, 3),
    kind: certificate.kind,
    relaxed: certificate.relaxed,
    verified: verdict.accepted,
    verify_seconds: rounded(verdict.seconds, 2),
    passes: bounded.passes,
    labels: bounded.labels,
    routes: bounded.columns,
    seconds: rounded(seconds, 2),
    faults: verdict.refusals.map((refusal) => JSON.stringify(refusal)),
  };
}

function lineOf(result: BoundResult): string {
  const { name, seed, cost, bound, proven_gap_percent: gap, kind, relaxed, verified, verify_seconds, passes, seconds } = result;
  return [
    name.padEnd(14),
    `seed ${seed}`,
    `cost ${cost.toLocaleString('en')}`.padStart(16),
    `bound ${bound.toLocaleString('en')}`.padStart(16),
    `gap ${gap.toFixed(2)} %`.padStart(11),
    kind.padEnd(8),
    `${passes} passes`.padStart(10),
    `${seconds.toFixed(1)} s`.padStart(7),
    verified ? `verified in ${verify_seconds} s` : `NOT VERIFIED: ${result.faults[0]?.slice(0, 200) ?? ''}`,
    relaxed.length === 0 ? 'nothing relaxed' : `relaxed: ${relaxed.join(', ')}`,
  ].join('  ');
}
