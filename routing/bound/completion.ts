import { NEVER, NONE } from '../instance.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, homeAt, type Relaxation } from './relaxation.ts';
import type { Roads, RouteGraph } from './route-graph.ts';

/** About so many pieces of time a day; more make the tables tighter and slower. */
export const PIECES_A_DAY = 32;
const MOST_PIECES = 4_096;
const NO_ROADS: Roads = {
  rowEnd: new Int32Array(0),
  job: new Int32Array(0),
  seconds: new Int32Array(0),
  cost: new Float64Array(0),
};

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

  /** The roads of the class, and by place what doing a job costs besides way and start: the price of the pair less its own. */
  roads: Roads = NO_ROADS;
  gain = new Float64Array(0);
  /**
   * By layer and piece (one more than there are): no rest of a route costs less, gain included, that begins in this piece or a
   * later one, in this layer or a later one. A row of roads is left where even this could be of no use.
   */
  low = new Float64Array(0);

  private readonly relaxation: Relaxation;

  constructor(relaxation: Relaxation) {
    this.relaxation = relaxation;
  }

  prepare(graph: RouteGraph, prices: Float64Array, roads: Roads): void {
    this.roads = roads;
    const { route, count, leastStep } = graph;
    if (this.gain.length < count) this.gain = new Float64Array(count);
    for (let a = 0; a < count; a++) this.gain[a] = route.pairPrice[a]! - prices[route.jobs[a]!]!;
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
    if (this.low.length < this.layers * (this.pieces + 1)) this.low = new Float64Array(this.layers * (this.pieces + 1));
    this.fillTables(graph);
  }

  private fillTables({ route, count, placeOf, earliestArrival, latestArrival }: RouteGraph): void {
    const { relaxation, pieces, shift, origin, best, next, second, gain, low, layers } = this;
    const { rowEnd, job, seconds, cost } = this.roads;
    const { times, instance } = relaxation;
    const { jobs, service, limit, rest, homePlace, width } = route;
    const lastLayer = layers - 1;
    for (let layer = 0; layer < layers; layer++) low[layer * (pieces + 1) + pieces] = Infinity;
    for (let piece = pieces - 1; piece >= 0; piece--) {
      const from = origin + (piece << shift);
      const until = from + (1 << shift) - 1;
      for (let layer = 0; layer < layers; layer++) low[layer * (pieces + 1) + piece] = low[layer * (pieces + 1) + piece + 1]!;
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
              const soonest = Math.max(piece + 1, Math.min(pieces, free >> shift));
              const after = price + low[layer * (pieces + 1) + soonest]!;
              const rowStart = j * instance.jobCount;
              for (let road = rowStart; road < rowEnd[j]!; road++) {
                if (after + cost[road]! >= best2) break;
                const b = placeOf[job[road]!]!;
                if (b === NONE) continue;
                let there = free + seconds[road]!;
                let row = layerRow + b;
                if (there > late) {
                  there = restedFree + seconds[road]!;
                  row += count;
                }
                if (there > last) continue;
                const x = row * pieces + (there >> shift);
                const way = price + cost[road]! + gain[b]!;
                let value = way + best[x]!;
                if (value < best2) {
                  // Rarely asked, so that most arcs read one number.
                  if (next[x] === a) value = way + second[x]!;
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
          for (let before = 0; before <= layer; before++) {
            const all = before * (pieces + 1) + piece;
            if (best1 + gain[a]! < low[all]!) low[all] = best1 + gain[a]!;
          }
        }
      }
    }
  }
}
