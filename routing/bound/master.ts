import type { Highs } from 'highs';
import { countInCut, type CutJobs, type UsedRoute } from './cuts.ts';
import type { Relaxation } from './relaxation.ts';

/** A relaxed route of a class, none visited twice. */
export interface Column {
  readonly class: number;
  readonly jobs: readonly number[];
  /** Relaxed cost less that of the empty shift. */
  readonly cost: number;
}

/** The programme's prices, not yet whole: by job, by class (0 or less), by cut (0 or more), and what it comes to. */
export interface MasterPrices {
  readonly value: number;
  readonly prices: Float64Array;
  readonly classPrices: Float64Array;
  readonly cutPrices: Float64Array;
}

/**
 * The linear programme over the routes known so far, kept warm in HiGHS: each job in a route or left out, each class with at
 * most so many routes as shifts, cuts. Every job has two more columns, which hold its price within a box (see `setBox`): box
 * or not, prices are only where the next routes are looked for, and nothing is proven by the programme itself.
 */
export class Master {
  private readonly relaxation: Relaxation;
  private readonly model: ReturnType<Highs['createModel']>;
  private readonly highs: Highs;
  private readonly columns: Column[] = [];
  private readonly cuts: CutJobs[] = [];
  private readonly offset: number;
  private values = new Float64Array(0);
  private readonly interrupted: () => boolean;

  /** @param interrupted asked while it is solved; true = give up */
  constructor(highs: Highs, relaxation: Relaxation, interrupted: () => boolean) {
    this.highs = highs;
    this.relaxation = relaxation;
    this.interrupted = interrupted;
    const { instance, classes, mostPrice, constant } = relaxation;
    const { jobCount: n } = instance;
    this.offset = classes.reduce((sum, { emptyCost, shifts }) => sum + emptyCost * shifts.length, constant);
    const numRows = n + classes.length;
    const rowLower = new Float64Array(numRows).fill(-Infinity);
    const rowUpper = new Float64Array(numRows).fill(Infinity);
    for (let j = 0; j < n; j++) if (instance.fixed[j] === 0) rowLower[j] = 1;
    classes.forEach(({ shifts }, c) => (rowUpper[n + c] = shifts.length));
    this.model = highs.createModel({
      numCols: 2 * n,
      numRows,
      offset: 0,
      colCost: Float64Array.from({ length: 2 * n }, (_, col) => (col < n ? mostPrice[col]! : 0)),
      colLower: new Float64Array(2 * n),
      colUpper: new Float64Array(2 * n).fill(Infinity),
      rowLower,
      rowUpper,
      matrix: {
        format: 'csc',
        numRows,
        numCols: 2 * n,
        starts: Int32Array.from({ length: 2 * n + 1 }, (_, col) => col),
        indices: Int32Array.from({ length: 2 * n }, (_, col) => col % n),
        values: Float64Array.from({ length: 2 * n }, (_, col) => (col < n ? 1 : -1)),
      },
    });
    // Presolve would forget the basis that the next round starts from; with columns added it is still feasible, so primal.
    this.model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex', simplex_strategy: 4 });
  }

  get columnCount(): number {
    return this.columns.length;
  }

  addColumns(added: readonly Column[]): void {
    if (added.length === 0) return;
    const { jobCount: n } = this.relaxation.instance;
    const classCount = this.relaxation.classes.length;
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    for (const column of added) {
      for (const j of column.jobs) {
        indices.push(j);
        values.push(1);
      }
      indices.push(n + column.class);
      values.push(1);
      this.cuts.forEach((cut, k) => {
        const count = countInCut(cut, column.jobs);
        if (count === 0) return;
        indices.push(n + classCount + k);
        values.push(count);
      });
      starts.push(indices.length);
      this.columns.push(column);
    }
    this.model.addCols({
      cost: Float64Array.from(added, ({ cost }) => cost),
      lower: new Float64Array(added.length),
      upper: new Float64Array(added.length).fill(Infinity),
      matrix: {
        format: 'csc',
        numRows: n + classCount + this.cuts.length,
        numCols: added.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
    });
  }

  addCuts(added: readonly CutJobs[]): void {
    const { jobCount: n } = this.relaxation.instance;
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    for (const cut of added) {
      this.columns.forEach(({ jobs }, col) => {
        const count = countInCut(cut, jobs);
        if (count === 0) return;
        indices.push(2 * n + col);
        values.push(count);
      });
      starts.push(indices.length);
      this.cuts.push(cut);
    }
    this.model.addRows({
      lower: new Float64Array(added.length).fill(-Infinity),
      upper: new Float64Array(added.length).fill(1),
      matrix: {
        format: 'csr',
        numRows: added.length,
        numCols: 2 * n + this.columns.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
    });
  }

  /** Prices of jobs stay within [centre - reach, centre + reach], and what leaving out costs; null = only the latter. */
  setBox(centre: Float64Array | null, reach: Float64Array): void {
    const { jobCount: n } = this.relaxation.instance;
    const { mostPrice } = this.relaxation;
    const costs = new Float64Array(2 * n);
    for (let j = 0; j < n; j++) {
      costs[j] = centre === null ? mostPrice[j]! : Math.min(mostPrice[j]!, centre[j]! + reach[j]!);
      costs[n + j] = centre === null ? 0 : -Math.max(0, centre[j]! - reach[j]!);
    }
    this.model.changeColsCost({ kind: 'range', from: 0, to: 2 * n - 1 }, costs);
  }

  /** Jobs whose price the box holds back. */
  heldByBox(centre: Float64Array, reach: Float64Array): number {
    const { jobCount: n } = this.relaxation.instance;
    let held = 0;
    for (let j = 0; j < n; j++) {
      if (this.values[j]! > 1e-7 && centre[j]! + reach[j]! < this.relaxation.mostPrice[j]!) held++;
      if (this.values[n + j]! > 1e-7 && centre[j]! - reach[j]! > 0) held++;
    }
    return held;
  }

  /** null when it was interrupted, or HiGHS gave up. */
  solve(): MasterPrices | null {
    const { modelStatus, callbackType } = this.highs.constants;
    this.model.run({
      [callbackType.simplexInterrupt]: (event) => {
        if (this.interrupted()) event.interrupt();
        return undefined;
      },
    });
    if (this.model.getModelStatus() !== modelStatus.optimal) return null;
    const { jobCount: n } = this.relaxation.instance;
    const classCount = this.relaxation.classes.length;
    const { rowDual, colValue } = this.model.getSolution();
    this.values = Float64Array.from(colValue);
    return {
      value: this.model.getObjectiveValue() + this.offset,
      prices: Float64Array.from(rowDual.subarray(0, n)),
      classPrices: Float64Array.from(rowDual.subarray(n, n + classCount)),
      cutPrices: Float64Array.from(rowDual.subarray(n + classCount), (price) => Math.max(0, -price)),
    };
  }

  /** The routes of the last solution. */
  used(): (UsedRoute & { readonly column: Column })[] {
    const { jobCount: n } = this.relaxation.instance;
    return this.columns.flatMap((column, col) => {
      const share = this.values[2 * n + col] ?? 0;
      return share > 1e-6 ? [{ column, jobs: column.jobs, share }] : [];
    });
  }

  /** Frees the memory of HiGHS, which no garbage collection does. */
  dispose(): void {
    this.model.dispose();
  }
}
