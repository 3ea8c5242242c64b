import { FAR, NEVER, NONE } from '../instance.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, homeAt, type Relaxation } from './relaxation.ts';
import type { RouteGraph } from './route-graph.ts';

/** About so many pieces of time a day; more make the tables tighter and slower. */
export const PIECES_A_DAY = 32;
const MOST_PIECES = 4_096;

/**
 * What the rest of a route costs at least, prices of jobs taken off, from the arrival at a job on: by job, piece of time, and
 * whether the break is still to come. Worked out from the end of the day; routes that come back to a job after one other are
 * left out (D. Houck et al., Opsearch 17, 1980), so for each the best is kept and the best with another job next.
 *
 * A piece is no longer than the least step from one arrival to the next, so that the next arrival always lies in a later one.
 */
export class Completion {
  /** Tables are there; otherwise nothing is known, and labels are cut off by nothing. */
  known = false;
  /** Layer 0 before the break, layer 1 after it; only layer 0 where there is none. */
  layers = 1;
  pieces = 0;
  shift = 0;
  origin = 0;
  best = new Float64Array(0);
  next = new Int32Array(0);
  second = new Float64Array(0);

  /** Roads out of each job, nearest first: arcs rowStart[a] to rowStart[a + 1]. Heads by place, seconds of service and way, price. */
  rowStart = new Int32Array(1);
  head = new Int32Array(0);
  step = new Int32Array(0);
  cost = new Float64Array(0);

  private readonly relaxation: Relaxation;

  constructor(relaxation: Relaxation) {
    this.relaxation = relaxation;
  }

  /** @param nearest for each job of the instance all jobs, nearest first */
  prepare(graph: RouteGraph, prices: Float64Array, nearest: readonly Int32Array[]): void {
    this.layArcs(graph, prices, nearest);
    const { route, count, leastStep } = graph;
    this.layers = route.rest === null ? 1 : 2;
    this.origin = route.begins;
    const day = Math.max(1, route.limit - route.begins);
    // Nothing to walk: any piece will do.
    const widest = Math.min(leastStep, Math.max(1, day / PIECES_A_DAY));
    this.shift = widest < 1 ? 0 : Math.floor(Math.log2(widest));
    this.pieces = (day >> this.shift) + 1;
    this.known = widest >= 1 && this.pieces <= MOST_PIECES;
    if (!this.known) return;
    const size = this.layers * count * this.pieces;
    if (this.best.length < size) {
      this.best = new Float64Array(size);
      this.second = new Float64Array(size);
      this.next = new Int32Array(size);
    }
    this.fillTables(graph);
  }

  private layArcs(
    { route, count, placeOf, earliestArrival, latestArrival }: RouteGraph,
    prices: Float64Array,
    nearest: readonly Int32Array[],
  ): void {
    const { times } = this.relaxation;
    const { jobs, seconds, width, service, pairPrice } = route;
    if (this.rowStart.length < count + 1) this.rowStart = new Int32Array(count + 1);
    if (this.head.length < count * count) {
      this.head = new Int32Array(count * count);
      this.step = new Int32Array(count * count);
      this.cost = new Float64Array(count * count);
    }
    let arc = 0;
    for (let a = 0; a < count; a++) {
      this.rowStart[a] = arc;
      if (earliestArrival[a]! > latestArrival[a]!) continue;
      const j = jobs[a]!;
      const row = nearest[j]!;
      const start = relaxedStart(times, j, earliestArrival[a]!);
      if (start === NEVER) continue;
      const end = start + service[j]!;
      for (let n = 0; n < row.length; n++) {
        const i = row[n]!;
        const b = placeOf[i]!;
        if (b === NONE || b === a) continue;
        const way = seconds[j * width + i]!;
        if (way === FAR) break;
        if (end + way > latestArrival[b]!) continue;
        this.head[arc] = b;
        this.step[arc] = way;
        this.cost[arc] = route.cost[j * width + i]! + pairPrice[b]! - prices[i]!;
        arc++;
      }
    }
    this.rowStart[count] = arc;
  }

  private fillTables({ route, count, earliestArrival, latestArrival }: RouteGraph): void {
    const { relaxation, pieces, shift, origin, best, next, second, rowStart, head, step, cost, layers } = this;
    const { times } = relaxation;
    const { jobs, service, limit, rest, homePlace, width } = route;
    const lastLayer = layers - 1;
    for (let piece = pieces - 1; piece >= 0; piece--) {
      const from = origin + (piece << shift);
      const until = from + (1 << shift) - 1;
      for (let a = 0; a < count; a++) {
        const earliest = earliestArrival[a]!;
        const j = jobs[a]!;
        const arrival = from > earliest ? from : earliest;
        const possible = until >= earliest && arrival <= latestArrival[a]!;
        for (let layer = lastLayer; layer >= 0; layer--) {
          const here = (layer * count + a) * pieces + piece;
          let best1 = Infinity;
          let best2 = Infinity;
          let next1 = NONE;
          if (possible) {
            const start = relaxedStart(times, j, arrival);
            const end = start + service[j]!;
            const rested = layer === lastLayer;
            if (start !== NEVER && end <= limit && (rested || end <= rest!.until)) {
              const price = relaxedStartPrice(times, j, start);
              const home = homeAt(route, j, end, rested);
              if (home !== Infinity) {
                best1 = price + endPrice(route, home);
                if (homePlace !== NONE) best1 += route.cost[j * width + homePlace]!;
              }
              // Seconds after the beginning of the day; a break before the drive when it cannot be taken on arrival.
              const free = end - origin;
              const late = rested ? Infinity : rest!.until - origin;
              const restedFree = rested ? 0 : Math.max(end, rest!.from) + rest!.length - origin;
              const last = limit - origin;
              const layerRow = layer * count;
              for (let arc = rowStart[a]!; arc < rowStart[a + 1]!; arc++) {
                const b = head[arc]!;
                let there = free + step[arc]!;
                let row = layerRow + b;
                if (there > late) {
                  there = restedFree + step[arc]!;
                  row += count;
                }
                if (there > last) break;
                const x = row * pieces + (there >> shift);
                let value = price + cost[arc]! + best[x]!;
                if (value < best2) {
                  // Rarely asked, so that most arcs read one number.
                  if (next[x] === a) value = price + cost[arc]! + second[x]!;
                  if (value >= best2) continue;
                  if (value < best1) {
                    best2 = best1;
                    best1 = value;
                    next1 = b;
                  } else best2 = value;
                }
              }
            }
            if (!rested) {
              // The break on arrival.
              const at = Math.max(arrival, rest!.from);
              const after = at + rest!.length;
              if (at <= rest!.until && after <= limit) {
                const x = (count + a) * pieces + ((after - origin) >> shift);
                const other1 = best[x]!;
                const otherNext = next[x]!;
                const other2 = second[x]!;
                if (other1 < best1) {
                  const kept = next1 === otherNext ? best2 : best1;
                  best2 = Math.min(kept, other2);
                  best1 = other1;
                  next1 = otherNext;
                } else best2 = Math.min(best2, otherNext === next1 ? other2 : other1);
              }
            }
          }
          best[here] = best1;
          second[here] = best2;
          next[here] = next1;
        }
      }
    }
  }
}
