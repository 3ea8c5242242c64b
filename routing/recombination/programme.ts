import type { Highs, ModelData } from 'highs';
import { type Columns, type LeftOutUnits, reducedCosts } from './columns.ts';
import type { PackedPartition } from './partition.ts';

/** Asked while a model is solved, as often as HiGHS lets us; true = end with what there is. */
export type Interrupted = () => boolean;

/** Some columns as the sparse matrix HiGHS takes: each in the rows of its jobs and of its class. */
function sparse(columns: Columns, chosen: readonly number[], packed: PackedPartition) {
  const numRows = packed.jobCount + packed.classCount;
  const starts = new Int32Array(chosen.length + 1);
  chosen.forEach((c, n) => (starts[n + 1] = starts[n]! + columns.starts[c + 1]! - columns.starts[c]! + 1));
  const indices = new Int32Array(starts[chosen.length]!);
  chosen.forEach((c, n) => {
    indices.set(columns.jobs.subarray(columns.starts[c], columns.starts[c + 1]), starts[n]);
    indices[starts[n + 1]! - 1] = packed.jobCount + columns.classOf[c]!;
  });
  return {
    cost: Float64Array.from(chosen, (c) => columns.cost[c]!),
    matrix: { format: 'csc' as const, numRows, numCols: chosen.length, starts, indices, values: ones(indices.length) },
  };
}

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

/** The programme over some columns; after them one column a unit that may be left out. */
function modelOf(packed: PackedPartition, columns: Columns, left: LeftOutUnits, chosen: readonly number[]): ModelData {
  const { cost, matrix } = sparse(columns, chosen, packed);
  const { jobCount, classCount, shiftsOfClass, emptyCostOfClass } = packed;
  const leftStarts: number[] = [];
  let at = matrix.indices.length;
  for (const unit of left.units) leftStarts.push((at += unit.length));
  const numCols = chosen.length + left.units.length;
  const rowUpper = new Float64Array(jobCount + classCount).fill(1);
  rowUpper.set(shiftsOfClass, jobCount);
  const rowLower = new Float64Array(jobCount + classCount).fill(-Infinity);
  rowLower.fill(1, 0, jobCount);
  return {
    numCols,
    numRows: jobCount + classCount,
    offset: emptyCostOfClass.reduce((sum, each, c) => sum + each * shiftsOfClass[c]!, 0),
    colCost: Float64Array.from([...cost, ...left.price]),
    colLower: new Float64Array(numCols),
    // The rows keep each at 1 at most.
    colUpper: new Float64Array(numCols).fill(Infinity),
    rowLower,
    rowUpper,
    matrix: {
      ...matrix,
      numCols,
      starts: Int32Array.from([...matrix.starts, ...leftStarts]),
      indices: Int32Array.from([...matrix.indices, ...left.units.flat()]),
      values: ones(at),
    },
  };
}

export interface Relaxation {
  /** No plan costs less, when `complete`. */
  readonly bound: number;
  /** For each column. */
  readonly reduced: Float64Array;
  /** Every column was held against the prices; otherwise they only say which look good. */
  readonly complete: boolean;
}

/**
 * The linear relaxation over all columns, by a programme that holds few of them: it is solved, the others are held against
 * its prices, the best of those that would help are put in, until none would. From the start of a programme with all
 * columns it takes HiGHS several times as long (README, figures). The first columns are chosen by the plan at hand: each
 * of its jobs pays an equal part of its route.
 */
export function relax(
  highs: Highs,
  packed: PackedPartition,
  columns: Columns,
  left: LeftOutUnits,
  interrupted: Interrupted,
): Relaxation {
  const { jobCount } = packed;
  const inside = new Uint8Array(columns.count);
  const most = 2 * jobCount;
  let reduced = reducedCosts(columns, guessPrices(packed, columns, left), jobCount);
  const first = leastOf(reduced, most, (c) => inside[c] === 0);
  for (let c = 0; c < columns.count; c++) if (columns.atHand[c] === 1 && !first.includes(c)) first.push(c);
  for (const c of first) inside[c] = 1;
  return highs.withModel(modelOf(packed, columns, left, first), (model) => {
    const { modelStatus, callbackType } = highs.constants;
    // Presolve would forget the basis that the next round starts from; with columns added it is still feasible, so primal.
    model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex', simplex_strategy: 4 });
    let bound = -Infinity;
    for (;;) {
      model.run({
        [callbackType.simplexInterrupt](event) {
          if (interrupted()) event.interrupt();
          return undefined;
        },
      });
      if (model.getModelStatus() !== modelStatus.optimal) return { bound, reduced, complete: false };
      bound = model.getObjectiveValue();
      reduced = reducedCosts(columns, model.getSolution().rowDual, jobCount);
      const now = reduced;
      const helpful = leastOf(reduced, jobCount, (c) => inside[c] === 0 && now[c]! < -1e-6);
      if (helpful.length === 0) return { bound, reduced, complete: true };
      if (interrupted()) return { bound: -Infinity, reduced, complete: false };
      for (const c of helpful) inside[c] = 1;
      const { cost, matrix } = sparse(columns, helpful, packed);
      const lower = new Float64Array(helpful.length);
      model.addCols({ cost, lower, upper: new Float64Array(helpful.length).fill(Infinity), matrix });
    }
  });
}

function guessPrices(packed: PackedPartition, columns: Columns, left: LeftOutUnits): Float64Array {
  const price = new Float64Array(packed.jobCount + packed.classCount);
  left.units.forEach((unit, u) => {
    for (const job of unit) price[job] = left.price[u]! / unit.length;
  });
  for (let c = 0; c < columns.count; c++) {
    if (columns.atHand[c] === 0) continue;
    const jobs = columns.jobs.subarray(columns.starts[c], columns.starts[c + 1]);
    for (const job of jobs) price[job] = columns.cost[c]! / jobs.length;
  }
  return price;
}

/** The columns of least reduced cost among those wanted, at most so many; ties by index. */
export function leastOf(reduced: Float64Array, most: number, wanted: (column: number) => boolean): number[] {
  const all: number[] = [];
  for (let c = 0; c < reduced.length; c++) if (wanted(c)) all.push(c);
  all.sort((a, b) => reduced[a]! - reduced[b]! || a - b);
  return all.slice(0, most);
}

export interface Choice {
  /** Columns; null = none was found. */
  readonly columns: readonly number[] | null;
  readonly cost: number;
  /** Nothing among the columns given is better. */
  readonly proven: boolean;
}

export interface Selectable {
  readonly packed: PackedPartition;
  readonly columns: Columns;
  readonly left: LeftOutUnits;
  /** The columns to choose from. */
  readonly kept: readonly number[];
  /** Some of them that make a plan to start from; null = none is known, then only what costs less than `cutoff` counts. */
  readonly start: readonly number[] | null;
  readonly cutoff: number;
}

/**
 * The integer programme over the kept columns: each whole or not at all.
 * @param found told of each better choice as it comes
 */
export function choose(
  highs: Highs,
  { packed, columns, left, kept, start, cutoff }: Selectable,
  limits: { readonly seconds: number; readonly nodeLimit: number | null; readonly interrupted: Interrupted },
  found: (columns: readonly number[]) => void,
): Choice {
  const data = modelOf(packed, columns, left, kept);
  const integrality = new Int32Array(data.numCols);
  integrality.fill(highs.constants.variableType.integer, 0, kept.length);
  const picked = (value: Float64Array): number[] => kept.filter((_, n) => value[n]! > 0.5);
  return highs.withModel({ ...data, colUpper: ones(data.numCols), integrality }, (model) => {
    const { modelStatus, solutionStatus, callbackType } = highs.constants;
    // Costs are whole numbers.
    model.options.set({ output_flag: false, time_limit: limits.seconds, mip_rel_gap: 0, mip_abs_gap: 0.99 });
    if (limits.nodeLimit !== null) model.options.set({ mip_max_nodes: limits.nodeLimit });
    if (start === null) model.options.set({ objective_bound: cutoff });
    else model.setSolution({ colValue: valuesOf(packed, columns, left, kept, start) });
    model.run({
      [callbackType.mipInterrupt](event) {
        if (limits.interrupted()) event.interrupt();
        return undefined;
      },
      [callbackType.mipImprovingSolution](event) {
        if (event.data.mip_solution !== undefined) found(picked(event.data.mip_solution));
        return undefined;
      },
    });
    const status = model.getModelStatus();
    const proven = status === modelStatus.optimal || status === modelStatus.infeasible || status === modelStatus.objectiveBound;
    const feasible = model.info.get('primal_solution_status') === solutionStatus.feasible;
    return {
      columns: feasible ? picked(model.getSolution().colValue) : null,
      cost: Math.round(model.getObjectiveValue()),
      proven,
    };
  });
}

/** A plan as values of the kept columns and of the units left out. */
function valuesOf(
  packed: PackedPartition,
  columns: Columns,
  left: LeftOutUnits,
  kept: readonly number[],
  plan: readonly number[],
): Float64Array {
  const chosen = new Set(plan);
  const done = new Uint8Array(packed.jobCount);
  for (const c of plan) for (const job of columns.jobs.subarray(columns.starts[c], columns.starts[c + 1])) done[job] = 1;
  return Float64Array.from([
    ...kept.map((c) => (chosen.has(c) ? 1 : 0)),
    ...left.units.map((unit) => (done[unit[0]!] === 0 ? 1 : 0)),
  ]);
}
