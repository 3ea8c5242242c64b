import type { Highs } from 'highs';
import { type AssignmentProblem, NO_ARC } from './assignment.ts';

/** The same linear programme by HiGHS, over all arcs: a third opinion for tests and figures. Gives the objective. */
export function objectiveByHighs(highs: Highs, { jobs, crews, cost, waiting, capacity }: AssignmentProblem): number {
  const colCost: number[] = [];
  const starts: number[] = [];
  const indices: number[] = [];
  for (let job = 0; job < jobs; job++) {
    for (let crew = 0; crew < crews; crew++) {
      const c = cost[job * crews + crew]!;
      if (c === NO_ARC) continue;
      starts.push(indices.length);
      colCost.push(c);
      indices.push(job, jobs + crew);
    }
    starts.push(indices.length);
    colCost.push(waiting[job]!);
    indices.push(job);
  }
  starts.push(indices.length);
  const numCols = colCost.length;
  const numRows = jobs + crews;
  const ones = (n: number): number[] => new Array<number>(n).fill(1);
  return highs.withModel(
    {
      numCols,
      numRows,
      colCost,
      colLower: new Float64Array(numCols),
      colUpper: new Float64Array(numCols).fill(highs.infinity),
      rowLower: [...ones(jobs), ...new Array<number>(crews).fill(-highs.infinity)],
      rowUpper: [...ones(jobs), ...capacity],
      matrix: { format: 'csc', numRows, numCols, starts, indices, values: ones(indices.length) },
    },
    (model) => {
      model.options.set({ output_flag: false });
      model.run();
      if (numCols > 0 && model.getModelStatus() !== highs.constants.modelStatus.optimal)
        throw new Error('HiGHS found no optimum');
      return model.getObjectiveValue();
    },
  );
}
