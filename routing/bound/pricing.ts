import { FAR, NEVER, NONE } from '../instance.ts';
import { Completion, PIECES_A_DAY } from './completion.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { CUT_WORDS, CUTS_A_WORD, Labels, type PricedCut } from './labels.ts';
import { Neighbourhoods } from './neighbourhoods.ts';
import { endPrice, homeAt, type Relaxation, type RouteClass } from './relaxation.ts';
import { nearestFirst, type Roads, roadsOf, routeGraph, type RouteGraph } from './route-graph.ts';

/** More labels than this, for one class, and pricing gives up. */
const MOST_LABELS = 1 << 21;
/** Between two looks at the clock. */
const LABELS_A_LOOK = 256;
/** Labels are walked in so many pieces of a day where no table says how long a piece may be. */
const PIECES_WITHOUT_TABLES = 256;

export interface PricedRoute {
  /** Cost less the prices of its jobs, plus those of cuts. */
  readonly reduced: number;
  /** Of the instance, in order. */
  readonly jobs: readonly number[];
}

export interface Priced {
  /**
   * No route of the class has less, the empty one not counted; `below` where none has less than that. Routes that come back
   * to a job are among them.
   */
  readonly least: number;
  /** Some with less than `below`, the least first, at most one for each last job; those that visit a job twice too. */
  readonly routes: readonly PricedRoute[];
}

export interface PricingLimits {
  /** Routes that reach this are of no interest. */
  readonly below: number;
  /** Most routes to give. */
  readonly most: number;
  /** On performance.now(). */
  readonly deadline: number;
  readonly stopped: () => boolean;
  /** The same class and prices as the time before: what was worked out for them still holds. Absent = false. */
  readonly again?: boolean;
  /**
   * How much of what has been found is used to cut off the rest, 0 to 1: less gives more routes, and takes longer. Absent = 1.
   */
  readonly tight?: number;
}

/**
 * The least reduced cost of all relaxed routes of a class, by labels: each is the beginning of a route, extended by every job
 * that it may do next, and forgotten when another at the same job is nowhere worse (M. Desrochers, F. Soumis, INFOR 26, 1988).
 * Exact over routes that may come back to a job forgotten on the way (see Neighbourhoods), in whole numbers.
 */
export class Pricing {
  readonly graphs: readonly RouteGraph[];
  readonly neighbourhoods: Neighbourhoods;
  /** Labels made so far: the work done. */
  labelsMade = 0;
  private readonly relaxation: Relaxation;
  /** By matrix of the price of ways, and then of their seconds. */
  private readonly roads = new Map<RouteClass['cost'], Map<Int32Array, Roads>>();
  private readonly completion: Completion;
  private readonly labels = new Labels(MOST_LABELS);
  /** Labels at each node, and at last those to be extended in each piece of the day. */
  private atNode: number[][] = [];
  private inPiece: number[][] = [];
  private readonly odd = new Int32Array(CUT_WORDS);
  private cutPrice = new Float64Array(0);
  private cutsOf = new Int32Array(0);

  constructor(relaxation: Relaxation) {
    this.relaxation = relaxation;
    this.graphs = relaxation.classes.map((route) => routeGraph(relaxation, route));
    this.completion = new Completion(relaxation);
    const [first] = relaxation.classes;
    this.neighbourhoods = new Neighbourhoods(relaxation, first === undefined ? [] : nearestFirst(relaxation, first.seconds));
  }

  private roadsOf(route: RouteClass): Roads {
    const bySeconds = this.roads.get(route.cost) ?? new Map<Int32Array, Roads>();
    const roads = bySeconds.get(route.seconds) ?? roadsOf(this.relaxation, route);
    this.roads.set(route.cost, bySeconds.set(route.seconds, roads));
    return roads;
  }

  /** About how many steps one pass over all classes takes, labels not counted. */
  work(): number {
    return this.graphs.reduce((sum, { count, route }) => sum + count * count * PIECES_A_DAY * (route.rest === null ? 1 : 1.5), 0);
  }

  /**
   * Prices class c at whole prices of jobs (by job of the instance) and of cuts.
   * null: time or memory ran out; then nothing is proven.
   */
  price(c: number, prices: Float64Array, cuts: readonly PricedCut[], limits: PricingLimits): Priced | null {
    const graph = this.graphs[c]!;
    const { route, count } = graph;
    if (performance.now() > limits.deadline || limits.stopped()) return null;
    if (limits.again !== true) this.completion.prepare(graph, prices, this.roadsOf(route));
    this.takeCuts(graph, cuts);
    const { labels, completion } = this;
    const { layers } = completion;
    for (let node = this.atNode.length; node < layers * count; node++) this.atNode.push([]);
    for (let node = 0; node < layers * count; node++) this.atNode[node]!.length = 0;
    const day = Math.max(1, route.limit - route.begins);
    const shift = completion.known ? completion.shift : Math.max(0, Math.ceil(Math.log2(day / PIECES_WITHOUT_TABLES)));
    const pieces = (day >> shift) + 1;
    for (let piece = this.inPiece.length; piece < pieces; piece++) this.inPiece.push([]);
    for (let piece = 0; piece < pieces; piece++) this.inPiece[piece]!.length = 0;

    const walk = new Walk(this, graph, prices, shift, limits);
    walk.begin();
    let looked = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const list = this.inPiece[piece]!;
      // It grows while it is walked, where the day has steps of no length.
      for (let n = 0; n < list.length; n++) {
        const label = list[n]!;
        if (++looked % LABELS_A_LOOK === 0 && (performance.now() > limits.deadline || limits.stopped())) return null;
        if (labels.beaten[label] === 1 || labels.least[label]! >= walk.cutOff) continue;
        walk.extend(label);
        if (walk.overflown) return null;
      }
    }
    this.labelsMade += labels.count;
    return { least: walk.least, routes: this.routesBelow(graph, limits.below, limits.most, walk) };
  }

  /** Cuts of which at least two jobs are the class's, the dearest first. */
  private takeCuts({ placeOf, count }: RouteGraph, cuts: readonly PricedCut[]): void {
    const counted = cuts
      .filter(({ price, jobs }) => price > 0 && jobs.filter((j) => placeOf[j] !== NONE).length >= 2)
      .sort((a, b) => b.price - a.price)
      .slice(0, CUT_WORDS * CUTS_A_WORD);
    const words = Math.ceil(counted.length / CUTS_A_WORD);
    this.labels.clear(words);
    this.cutPrice = new Float64Array(words * 32);
    this.cutsOf = new Int32Array(count * words);
    counted.forEach(({ price, jobs }, n) => {
      const word = Math.floor(n / CUTS_A_WORD);
      const bit = n % CUTS_A_WORD;
      this.cutPrice[word * 32 + bit] = price;
      for (const j of jobs) if (placeOf[j] !== NONE) this.cutsOf[placeOf[j]! * words + word]! |= 1 << bit;
    });
  }

  /** Parts that `Walk` works with. */
  get parts() {
    const { relaxation, completion, labels, atNode, inPiece, odd, cutPrice, cutsOf, neighbourhoods } = this;
    return { relaxation, completion, labels, atNode, inPiece, odd, cutPrice, cutsOf, neighbourhoods };
  }

  private routesBelow({ route, count }: RouteGraph, below: number, most: number, walk: Walk): PricedRoute[] {
    const { labels, completion } = this;
    const ends: { label: number; reduced: number }[] = [];
    for (let a = 0; a < count; a++) {
      let best = NONE;
      let bestCost = below;
      for (let layer = 0; layer < completion.layers; layer++) {
        for (const label of this.atNode[layer * count + a]!) {
          if (labels.beaten[label] === 1) continue;
          const reduced = labels.cost[label]! + walk.endOf(labels.node[label]!, labels.time[label]!);
          if (reduced < bestCost) [best, bestCost] = [label, reduced];
        }
      }
      if (best !== NONE) ends.push({ label: best, reduced: bestCost });
    }
    ends.sort((a, b) => a.reduced - b.reduced || a.label - b.label);
    return ends.slice(0, most).map(({ label, reduced }) => {
      const jobs: number[] = [];
      for (let at = label; at !== NONE; at = labels.before[at]!) jobs.push(route.jobs[labels.node[at]! % count]!);
      return { reduced, jobs: jobs.reverse() };
    });
  }
}

/** One pricing: labels begun and extended. */
class Walk {
  overflown = false;
  /** Of all routes so far. */
  least: number;
  /** Beginnings that cannot end below are dropped. */
  cutOff: number;
  private readonly below: number;
  private readonly tight: number;
  private readonly graph: RouteGraph;
  private readonly prices: Float64Array;
  private readonly shift: number;
  private readonly parts: Pricing['parts'];

  constructor(pricing: Pricing, graph: RouteGraph, prices: Float64Array, shift: number, { below, tight = 1 }: PricingLimits) {
    this.below = below;
    this.least = below;
    this.cutOff = below;
    this.tight = tight;
    this.graph = graph;
    this.prices = prices;
    this.shift = shift;
    this.parts = pricing.parts;
  }

  /** What the end of the day costs after the last job: way home, overtime, hours on duty. Infinity = too late. */
  endOf(node: number, start: number): number {
    const { route, count } = this.graph;
    const rested = node >= count || route.rest === null;
    const j = route.jobs[node % count]!;
    const home = homeAt(route, j, start + route.service[j]!, rested);
    if (home === Infinity) return Infinity;
    const way = route.homePlace === NONE ? 0 : route.cost[j * route.width + route.homePlace]!;
    return way + endPrice(route, home);
  }

  /** The routes of one job, before anything is extended. */
  begin(): void {
    const { route, count } = this.graph;
    const { odd, cutsOf, labels } = this.parts;
    const { rest } = route;
    for (let a = 0; a < count; a++) {
      const j = route.jobs[a]!;
      const way = route.fromPlace * route.width + j;
      const drive = route.seconds[way]!;
      if (drive === FAR) continue;
      const cost = route.baseCost + route.cost[way]! + route.pairPrice[a]! - this.prices[j]!;
      const load = route.load === null ? 0 : route.load[a]!;
      if (load > route.room) continue;
      for (let w = 0; w < labels.words; w++) odd[w] = cutsOf[a * labels.words + w]!;
      const arrival = route.begins + drive;
      const bit = this.parts.neighbourhoods.bitOf[j * this.parts.relaxation.instance.jobCount + j]!;
      const seen = 1 << bit;
      if (rest === null || arrival <= rest.until) this.arrive(a, 0, arrival, cost, seen, load, NONE, NONE);
      if (rest === null) continue;
      const rested = this.afterRest(route.begins, drive, arrival);
      if (rested !== NEVER) this.arrive(a, 1, rested, cost, seen, load, NONE, NONE);
    }
  }

  /** When the crew can begin to wait or work after a break taken before or on arrival; NEVER = the break is too late. */
  private afterRest(free: number, drive: number, arrival: number): number {
    const rest = this.graph.route.rest!;
    const there = arrival > rest.from ? arrival : rest.from;
    if (there <= rest.until) return there + rest.length;
    const here = free > rest.from ? free : rest.from;
    return here <= rest.until ? here + rest.length + drive : NEVER;
  }

  extend(label: number): void {
    const { route, count, placeOf } = this.graph;
    const { completion, labels, odd, cutsOf, cutPrice, neighbourhoods, relaxation } = this.parts;
    const { gain, low, pieces } = completion;
    const { rowEnd, job, seconds: step, cost: wayCost } = completion.roads;
    const { jobCount } = relaxation.instance;
    const { bitOf, width } = neighbourhoods;
    const table = neighbourhoods.table();
    const { words } = labels;
    const node = labels.node[label]!;
    const rested = route.rest === null || node >= count;
    const a = node % count;
    const layer = rested && route.rest !== null ? 1 : 0;
    const i = route.jobs[a]!;
    const free = labels.time[label]! + route.service[i]!;
    const cost = labels.cost[label]!;
    const seen = labels.seen[label]!;
    const load = labels.load[label]!;
    const { limit, rest } = route;
    // No arrival lies in an earlier piece than the end of this job.
    const after = completion.known
      ? cost + low[layer * (pieces + 1) + Math.min(pieces, (free - completion.origin) >> completion.shift)]!
      : -Infinity;
    for (let road = i * jobCount; road < rowEnd[i]!; road++) {
      if (after + wayCost[road]! >= this.cutOff) break;
      const j = job[road]!;
      const b = placeOf[j]!;
      if (b === NONE) continue;
      const arrival = free + step[road]!;
      if (arrival > limit) continue;
      const bit = bitOf[i * jobCount + j]!;
      if (bit >= 0 && ((seen >> bit) & 1) === 1) continue;
      const newLoad = route.load === null ? 0 : load + route.load[b]!;
      if (newLoad > route.room) continue;
      let newCost = cost + wayCost[road]! + gain[b]!;
      // What follows cannot bring it below the least: the look into the table, before anything else is worked out.
      let possible = rested || arrival <= rest!.until;
      if (possible && newCost + this.leastAfter(layer, b, arrival, a, i, j) >= this.cutOff) possible = false;
      let afterRest = NEVER;
      if (!rested) {
        afterRest = this.afterRest(free, step[road]!, arrival);
        if (afterRest !== NEVER && (afterRest > limit || newCost + this.leastAfter(1, b, afterRest, a, i, j) >= this.cutOff))
          afterRest = NEVER;
      }
      if (!possible && afterRest === NEVER) continue;
      for (let w = 0; w < words; w++) {
        const before = labels.odd[label * words + w]!;
        const touched = cutsOf[b * words + w]!;
        let hit = before & touched;
        while (hit !== 0) {
          const n = 31 - Math.clz32(hit);
          newCost += cutPrice[w * 32 + n]!;
          hit ^= 1 << n;
        }
        odd[w] = before ^ touched;
      }
      const row = (i * jobCount + j) * width;
      let newSeen = 1 << bitOf[j * jobCount + j]!;
      for (let left = seen; left !== 0;) {
        const n = 31 - Math.clz32(left);
        left ^= 1 << n;
        const kept = table[row + n]!;
        if (kept >= 0) newSeen |= 1 << kept;
      }
      if (possible) this.arrive(b, layer, arrival, newCost, newSeen, newLoad, label, a);
      if (afterRest !== NEVER) this.arrive(b, 1, afterRest, newCost, newSeen, newLoad, label, a);
      if (this.overflown) return;
    }
  }

  /** The least that can follow an arrival: not back to the job before, where that is remembered. */
  private leastAfter(layer: number, b: number, arrival: number, a: number, i: number, j: number): number {
    const { completion, neighbourhoods, relaxation } = this.parts;
    if (!completion.known) return -Infinity;
    const x = (layer * this.graph.count + b) * completion.pieces + ((arrival - completion.origin) >> completion.shift);
    if (completion.next[x] !== a) return completion.best[x]!;
    return neighbourhoods.bitOf[j * relaxation.instance.jobCount + i]! >= 0 ? completion.second[x]! : completion.best[x]!;
  }

  /** A new label at job b, unless another is nowhere worse; those that it beats are marked. */
  private arrive(
    b: number,
    layer: number,
    arrival: number,
    costBefore: number,
    seen: number,
    load: number,
    before: number,
    from: number,
  ): void {
    const { route, count } = this.graph;
    const { relaxation, labels, odd, cutPrice, atNode, inPiece } = this.parts;
    const { times } = relaxation;
    const { words } = labels;
    const j = route.jobs[b]!;
    const start = relaxedStart(times, j, arrival);
    if (start === NEVER) return;
    const end = start + route.service[j]!;
    if (end > route.limit || (layer === 0 && route.rest !== null && end > route.rest.until)) return;
    const i = from === NONE ? NONE : route.jobs[from]!;
    const follows =
      i === NONE ? this.leastAfter(layer, b, arrival, NONE - 1, j, j) : this.leastAfter(layer, b, arrival, from, i, j);
    if (costBefore + follows >= this.cutOff) return;
    const cost = costBefore + relaxedStartPrice(times, j, start);
    const node = layer * count + b;
    const list = atNode[node]!;
    // By cost, the least first: only those before our place can be better, only those after it worse.
    let place = 0;
    for (; place < list.length; place++) {
      const other = list[place]!;
      if (labels.cost[other]! > cost) break;
      if (labels.time[other]! > start) continue;
      if ((labels.seen[other]! & ~seen) !== 0 || labels.load[other]! > load) continue;
      let itsCost = labels.cost[other]!;
      for (let w = 0; w < words && itsCost <= cost; w++) {
        let dearer = labels.odd[other * words + w]! & ~odd[w]!;
        while (dearer !== 0) {
          const bit = 31 - Math.clz32(dearer);
          itsCost += cutPrice[w * 32 + bit]!;
          dearer ^= 1 << bit;
        }
      }
      if (itsCost <= cost) return;
    }
    let kept = place;
    for (let n = place; n < list.length; n++) {
      const other = list[n]!;
      let beaten = start <= labels.time[other]! && (seen & ~labels.seen[other]!) === 0 && load <= labels.load[other]!;
      if (beaten && words > 0) {
        let ourCost = cost;
        const itsCost = labels.cost[other]!;
        for (let w = 0; w < words && ourCost <= itsCost; w++) {
          let dearer = odd[w]! & ~labels.odd[other * words + w]!;
          while (dearer !== 0) {
            const bit = 31 - Math.clz32(dearer);
            ourCost += cutPrice[w * 32 + bit]!;
            dearer ^= 1 << bit;
          }
        }
        beaten = ourCost <= itsCost;
      }
      if (beaten) labels.beaten[other] = 1;
      else list[kept++] = other;
    }
    list.length = kept;
    if (!labels.makeRoom()) {
      this.overflown = true;
      return;
    }
    const label = labels.count++;
    labels.node[label] = node;
    labels.time[label] = start;
    labels.cost[label] = cost;
    labels.least[label] = costBefore + follows;
    labels.load[label] = load;
    labels.seen[label] = seen;
    labels.before[label] = before;
    labels.beaten[label] = 0;
    for (let w = 0; w < words; w++) labels.odd[label * words + w] = odd[w]!;
    list.splice(place, 0, label);
    inPiece[(start - route.begins) >> this.shift]!.push(label);
    const home = homeAt(route, j, end, layer === 1 || route.rest === null);
    if (home !== Infinity) {
      let total = cost + endPrice(route, home);
      if (route.homePlace !== NONE) total += route.cost[j * route.width + route.homePlace]!;
      if (total < this.least) {
        this.least = total;
        this.cutOff = this.below - this.tight * (this.below - total);
      }
    }
  }
}
