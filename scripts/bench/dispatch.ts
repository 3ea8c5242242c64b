import type { BenchCase } from './bench-case.ts';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import type { References } from './dispatch-cases.ts';
import { type DispatchBench, openDispatchBench } from './dispatch-city.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { peerPython, vroom } from './peers.ts';
import { warmEngine } from './solve.ts';

const ABOUT = `npm run bench:dispatch [-- --only 50x400] [--seconds S] [--peers] [--json]
A dispatcher's day over real reports and roads of Washington: 20x100, 50x400, 100x1000, 300x3000 shifts x jobs, priced by
our objective. The gap is to the best plan of a long run, once there has been one:
  --reference S       first make a plan of S seconds for each case and keep its cost in THUMA_HOME`;

let city: DispatchBench | null = null;

await toTheEnd(async () => {
  try {
    await benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
      city = await openDispatchBench(options, say);
      const { references, roadVersion } = city;
      const cases = chosen(city.cases, options);
      if (options.reference !== null) await makeReferences(cases, options, options.reference, references, roadVersion, say);
      const python = options.peers ? await peerPython(options.home, say) : null;
      return {
        name: 'dispatch',
        cases,
        peers: python === null ? [] : [vroom(python, ['due-hard', 'due-until-severe', 'due-at-price'])],
        remarks: [
          'costs are our objective, also of the peers: their sequences driven through our schedule',
          `roads ${roadVersion}`,
        ],
      };
    });
  } finally {
    await city?.stop();
  }
});

/** A long plan for each case, of which the cost is kept for gaps. */
async function makeReferences(
  cases: readonly BenchCase[],
  { searches }: BenchOptions,
  seconds: number,
  references: References,
  roadVersion: string,
  say: (line: string) => void,
): Promise<void> {
  const engine = await warmEngine(searches);
  try {
    for (const one of cases) {
      const { problem } = await one.load();
      // Another seed than the runs have: none of them is measured against itself.
      const { plan } = await engine.run(problem, { seed: 1_000_003, seconds, iterations: null, searches });
      await references.keep(one.name, roadVersion, plan.cost.total);
      say(`${one.name}: ${plan.cost.total} after ${seconds} s, kept as the reference`);
    }
  } finally {
    await engine.close();
  }
}
