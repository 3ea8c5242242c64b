import { readFile } from 'node:fs/promises';
import { homeCareProblem } from '../../routing/formats/home-care-problem.ts';
import { scoreHomeCare } from '../../routing/formats/home-care-score.ts';
import { readHomeCare, type HomeCareInstance } from '../../routing/formats/home-care.ts';
import { MalformedInstance } from '../../routing/formats/malformed-instance.ts';
import { Usage } from '../failure.ts';
import type { BenchCase, LoadedCase } from './bench-case.ts';
import { instancesIn } from './data.ts';

/** The home-care instances of a folder, with the best known costs by name. */
export function homeCareCases(folder: string, best: ReadonlyMap<string, number>): BenchCase[] {
  return instancesIn(folder, ['.json'], 'the home-care instances').map(({ name, file }) => ({
    name,
    async load() {
      try {
        return loadedHomeCare(readHomeCare(await readFile(file, 'utf8')), best.get(name) ?? null);
      } catch (error) {
        if (error instanceof MalformedInstance) throw new Usage(`${file}: ${error.message}`, { cause: error });
        throw error;
      }
    },
  }));
}

/** Printed costs have three decimals: less than half of the last is no difference. */
const SAME = 0.0005;

/** An instance ready to run; its plans are recomputed from the instance alone. */
function loadedHomeCare(instance: HomeCareInstance, best: number | null): LoadedCase {
  return {
    problem: homeCareProblem(instance),
    size: `${instance.patients.length} patients`,
    seconds: 60,
    best,
    mustServe: true,
    score(plan) {
      const { cost, distance, totalTardiness, maxTardiness, faults } = scoreHomeCare(instance, plan);
      const parts = `distance ${distance.toFixed(3)}, tardiness ${totalTardiness.toFixed(3)}, greatest ${maxTardiness.toFixed(3)}`;
      const isNew = faults.length === 0 && best !== null && cost < best - 2 * SAME;
      return { cost, faults, remark: isNew ? `NEW BEST KNOWN, recomputed from the instance: ${parts}` : parts };
    },
    scoreSequences: () => ({ cost: 0, faults: ['no peer has services that are given together'] }),
  };
}
