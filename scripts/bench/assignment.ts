import os from 'node:os';
import { parseArgs } from 'node:util';
import { costOf, NO_ARC } from '../../routing/assignment/assignment.ts';
import { objectiveByHighs } from '../../routing/assignment/by-highs.fixtures.ts';
import { checkCertificate } from '../../routing/assignment/certificate.ts';
import { solveProgramme } from '../../routing/assignment/programme.ts';
import { solveAssignment } from '../../routing/assignment/solve-assignment.ts';
import { loadHighs } from '../../routing/recombination/highs.ts';
import { tellFailure, Usage } from '../failure.ts';
import { randomAssignment } from './random-assignment.ts';

/**
 * "Who takes it now" at the sizes of a city, beside two solvers in the same process: is the answer optimal, is that
 * proven, and how many milliseconds does it take.
 */
const HELP = `npm run bench:assignment [-- --seeds 1,2,3] [--runs 7] [--json]
  --seeds N,N  random problems of these seeds (1,2,3)
  --runs N     each solved so often; the median is told (7)
  --json       the figures as JSON`;

const SIZES = [
  { crews: 20, jobs: 100 },
  { crews: 50, jobs: 300 },
  { crews: 100, jobs: 1_000 },
  { crews: 200, jobs: 3_000 },
];
/** Milliseconds at the largest size. */
const BAR = 100;
const AT_THE_BAR = '200x3000';
/** Beyond these a peer takes minutes. The best cost is then what our prices prove. */
const MOST_ARCS_OF_JAVASCRIPT_LP_SOLVER = 8_000;
const MOST_ARCS_OF_HIGHS = 30_000;
const NEAREST = 8;

interface Figures {
  readonly name: string;
  readonly cost: number;
  readonly best: number;
  readonly gap_percent: number;
  readonly seconds: number;
  readonly seed: number;
  readonly iterations: number;
  readonly milliseconds: number;
  readonly arcs: number;
}

interface OurFigures extends Figures {
  readonly method: string;
  readonly certified: boolean;
  readonly first_milliseconds: number;
}

try {
  await main();
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      seeds: { type: 'string', default: '1,2,3' },
      runs: { type: 'string', default: '7' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const runs = Number(values.runs);
  const seeds = values.seeds.split(',').map(Number);
  if (!Number.isInteger(runs) || runs < 1) throw new Usage('--runs takes a whole number of at least 1.');
  if (!seeds.every(Number.isInteger)) throw new Usage('--seeds takes whole numbers with commas between.');

  const highs = await loadHighs();
  const instances: OurFigures[] = [];
  const byJavascriptLpSolver: Figures[] = [];
  const byHighs: Figures[] = [];
  for (const { crews, jobs } of SIZES) {
    const kinds = [
      { kind: 'one each', nearest: NEAREST, capacity: 1 },
      { kind: 'capacity', nearest: NEAREST, capacity: Math.ceil((jobs / crews) * 1.1) },
      { kind: 'one each, every able crew', nearest: Infinity, capacity: 1 },
    ];
    for (const { kind, nearest, capacity } of kinds) {
      for (const seed of seeds) {
        const problem = randomAssignment({ crews, jobs, nearest, capacity }, seed);
        const name = `${crews}x${jobs} ${kind}`;
        const ours = timed(runs, () => solveAssignment(problem, { stopped: () => false }));
        const { objective, arcs, allArcs, pricingRounds, method, certified, crewOf, prices } = ours.answer;
        const other = allArcs <= MOST_ARCS_OF_HIGHS ? timed(Math.min(runs, 3), () => objectiveByHighs(highs, problem)) : null;
        const best = other === null ? checkCertificate(problem, crewOf, prices).dual : Math.round(other.answer);
        const figures = (cost: number, spent: Timed<unknown>, iterations: number): Figures => ({
          name,
          cost,
          best,
          gap_percent: gap(cost, best),
          seconds: rounded(spent.median / 1000),
          seed,
          iterations,
          milliseconds: rounded(spent.median),
          arcs: allArcs,
        });
        if (other !== null) byHighs.push(figures(best, other, 1));
        instances.push({
          ...figures(objective, ours, pricingRounds + 1),
          method: arcs < allArcs ? `${method}, ${arcs} arcs` : method,
          certified,
          first_milliseconds: rounded(ours.first),
        });
        if (allArcs > MOST_ARCS_OF_JAVASCRIPT_LP_SOLVER) continue;
        const all = new Set<number>();
        problem.cost.forEach((c, arc) => c !== NO_ARC && all.add(arc));
        const peer = timed(allArcs > 2_500 ? 1 : Math.min(runs, 3), () => solveProgramme(problem, all));
        byJavascriptLpSolver.push(figures(costOf(problem, peer.answer), peer, 1));
      }
    }
  }
  const report = {
    ...gaps(instances),
    instances,
    peers: {
      'javascript-lp-solver': { ...gaps(byJavascriptLpSolver), instances: byJavascriptLpSolver },
      highs: { ...gaps(byHighs), instances: byHighs },
    },
    peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${(os.loadavg()[0] ?? 0).toFixed(1)}`,
  };
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else print(report);
  const met = instances.every(
    (i) => i.certified && i.gap_percent === 0 && (i.milliseconds <= BAR || !i.name.startsWith(AT_THE_BAR)),
  );
  if (!met) process.exitCode = 1;
}

interface Timed<T> {
  readonly answer: T;
  /** Milliseconds; `first` before the code is warm. */
  readonly median: number;
  readonly first: number;
}

function timed<T>(runs: number, work: () => T): Timed<T> {
  const spent: number[] = [];
  let from = performance.now();
  const answer = work();
  spent.push(performance.now() - from);
  for (let run = 1; run < runs; run++) {
    from = performance.now();
    work();
    spent.push(performance.now() - from);
  }
  const first = spent[0]!;
  return { answer, first, median: spent.sort((a, b) => a - b)[Math.floor(runs / 2)]! };
}

function rounded(n: number): number {
  return Math.round(n * 1000) / 1000;
}

function gap(cost: number, best: number): number {
  return cost === best ? 0 : rounded((100 * (cost - best)) / Math.abs(best));
}

function gaps(figures: readonly Figures[]): { mean_gap_percent: number; worst_gap_percent: number } {
  const all = figures.map((f) => f.gap_percent);
  return { mean_gap_percent: rounded(all.reduce((a, b) => a + b, 0) / all.length), worst_gap_percent: Math.max(...all) };
}

function print(report: {
  readonly instances: readonly OurFigures[];
  readonly peers: Readonly<Record<string, { readonly instances: readonly Figures[] }>>;
  readonly peak_rss_mb: number;
  readonly machine: string;
}): void {
  const peers = Object.entries(report.peers);
  const columns = ['crews x jobs', 'seed', 'arcs', 'ms', 'first ms', 'method', 'optimal', 'certified'];
  const rows = report.instances.map((i) => [
    i.name,
    String(i.seed),
    String(i.arcs),
    i.milliseconds.toFixed(1),
    i.first_milliseconds.toFixed(1),
    i.method,
    i.gap_percent === 0 ? 'yes' : `+${i.gap_percent} %`,
    i.certified ? 'yes' : 'NO',
    ...peers.map(([, { instances }]) => {
      const same = instances.find(({ name, seed }) => name === i.name && seed === i.seed);
      return same === undefined ? '-' : same.milliseconds.toFixed(1);
    }),
  ]);
  const table = [[...columns, ...peers.map(([name]) => `${name} ms`)], ...rows];
  const widths = table[0]!.map((_, c) => Math.max(...table.map((row) => row[c]!.length)));
  for (const row of table)
    console.log(
      row
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    );
  const largest = report.instances.filter(({ name }) => name.startsWith(AT_THE_BAR));
  const slowest = Math.max(...largest.map((i) => i.milliseconds));
  console.log(
    `\nslowest at ${AT_THE_BAR}: ${slowest.toFixed(1)} ms (bar ${BAR}), ${report.peak_rss_mb} MB at most; ${report.machine}`,
  );
}
