import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MalformedInstance } from '../../routing/formats/malformed-instance.ts';
import { routesOf, routingProblem } from '../../routing/formats/routing-problem.ts';
import { type RoutingInstance, ROUNDING } from '../../routing/formats/routing-instance.ts';
import { scoreRoutes } from '../../routing/formats/routing-score.ts';
import { readSolomonText } from '../../routing/formats/solomon-text.ts';
import { readSolution, type SolutionFile } from '../../routing/formats/solution-file.ts';
import { readVrplib } from '../../routing/formats/vrplib.ts';
import { Usage } from '../failure.ts';
import type { BenchCase, LoadedCase } from './bench-case.ts';
import { instancesIn } from './data.ts';

/**
 * The instances of a folder, each with the solution beside it: `.vrp`, or `.txt` in Solomon's format, and `.sol`.
 * @param seconds that a run may take, by the number of customers.
 */
export function routingCases(folder: string, what: string, seconds: (customers: number) => number): BenchCase[] {
  return instancesIn(folder, ['.vrp', '.txt'], what).map(({ name, file }) => ({ name, load: () => loadFile(file, seconds) }));
}

async function loadFile(file: string, seconds: (customers: number) => number): Promise<LoadedCase> {
  const read = async <T>(place: string, as: (text: string) => T): Promise<T> => {
    try {
      return as(await readFile(place, 'utf8'));
    } catch (error) {
      if (error instanceof MalformedInstance) throw new Usage(`${place}: ${error.message}`, { cause: error });
      throw error;
    }
  };
  const instance = await read(file, file.endsWith('.txt') ? readSolomonText : readVrplib);
  const beside = path.join(path.dirname(file), `${path.parse(file).name}.sol`);
  const solution = existsSync(beside) ? await read(beside, readSolution) : null;
  return loadedInstance(instance, solution, seconds);
}

/**
 * An instance ready to run. The best cost is that of the known solution's routes as we recompute it, so that both are
 * measured alike; where the file has no routes or they do not hold, the cost it claims.
 */
function loadedInstance(
  instance: RoutingInstance,
  solution: SolutionFile | null,
  seconds: (customers: number) => number,
): LoadedCase {
  const known = solution === null || solution.routes.length === 0 ? null : scoreRoutes(instance, solution.routes);
  const customers = instance.nodes.length - 1;
  return {
    problem: routingProblem(instance),
    size: `${customers} customers`,
    seconds: seconds(customers),
    best: known !== null && known.faults.length === 0 ? known.cost : (solution?.cost ?? null),
    mustServe: instance.kind !== 'PCVRPTW',
    score(plan) {
      const { cost, wholeCost, faults } = scoreRoutes(instance, routesOf(plan));
      // The divisor is there for the print only: the engine must have counted the same whole number.
      const miscounted = faults.length === 0 && wholeCost !== plan.cost.total;
      return {
        cost,
        faults: miscounted
          ? [`the engine counted ${plan.cost.total / ROUNDING[instance.kind].costDivisor}, it is ${cost}`]
          : faults,
      };
    },
    scoreSequences: (sequences) =>
      scoreRoutes(
        instance,
        sequences.map((jobs) => jobs.map((job) => job + 1)),
      ),
  };
}
