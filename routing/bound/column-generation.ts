import type { Highs } from 'highs';
import { countInCut, type CutJobs, violatedCuts } from './cuts.ts';
import { dualBound, type DualBound, wholePrices } from './dual-bound.ts';
import type { PricedCut } from './labels.ts';
import { type Column, Master, type MasterPrices } from './master.ts';
import type { Pricing } from './pricing.ts';
import type { Relaxation } from './relaxation.ts';
import { relaxedRouteCost } from './route-cost.ts';

export interface GenerationLimits {
  /** On performance.now(). */
  readonly deadline: number;
  readonly stopped: () => boolean;
  /** It ends when the bound is this far, or nearer, below `cost`, as a part of it. */
  readonly target: number;
  /** Told how it goes. */
  readonly say?: (line: string) => void;
}

/** Routes taken from one pricing of a class, for each of its shifts and at least. */
const ROUTES_A_SHIFT = 4;
const LEAST_ROUTES = 8;
/** Part of the price of a class that is used to cut off its further routes, where it has several shifts. */
const TIGHTNESS_OF_MANY = 0.3;
/** The centre of the box is tried at prices of the plan, of these shares. */
const CENTRES: readonly number[] = [0, 0.25];
/** Steps of one pass beyond which only the first of them is tried: the others take more labels, and there is time for a few passes only. */
const MUCH_WORK = 3e8;
/** Half the width of the box, in parts of the centre, and of the mean centre where that is more. */
const FIRST_REACH = 0.6;
const LEAST_REACH_OF_MEAN = 0.4;
const WIDEST_REACH = 1.2;
/** Smoothing (P. Wentges, International Transactions in Operational Research 4, 1997): the part of the best prices so far. */
const FIRST_SMOOTHING = 0.3;
const MOST_SMOOTHING = 0.5;
const MOST_CUTS = 240;
const CUTS_A_ROUND = 30;
/** The programme and the bound are this near: cuts are looked for; and nearer: no route is missing. */
const NEAR_FOR_CUTS = 2e-3;
const NEAR = 1e-4;
const REPRICINGS = 6;

/**
 * The best bound of relaxed routes, by column generation: the programme over known routes gives prices, pricing gives at them
 * the routes that are missing and, when exact, a bound. Prices are held in a box round the best so far and drawn towards it, since
 * the programme's own jump about. When no route is missing, cuts are added, and so on until the time is over.
 */
export class ColumnGeneration {
  best: DualBound | null = null;
  /** Exact passes over all classes. */
  passes = 0;
  readonly columns: Column[] = [];
  /** The routes of the last relaxed plan, with how much of each it uses. */
  used: readonly { readonly column: Column; readonly share: number }[] = [];
  private readonly relaxation: Relaxation;
  private readonly pricing: Pricing;
  private readonly known = new Set<string>();
  private cuts: CutJobs[] = [];

  constructor(relaxation: Relaxation, pricing: Pricing) {
    this.relaxation = relaxation;
    this.pricing = pricing;
  }

  /** Makes a route known; null when it is already, visits a job twice or is impossible. */
  addRoute(c: number, jobs: readonly number[]): Column | null {
    const key = `${c}:${jobs.join()}`;
    if (jobs.length === 0 || this.known.has(key) || new Set(jobs).size < jobs.length) return null;
    const cost = relaxedRouteCost(this.relaxation, c, jobs);
    if (cost === Infinity) return null;
    this.known.add(key);
    const column = { class: c, jobs: [...jobs], cost: cost - this.relaxation.classes[c]!.emptyCost };
    this.columns.push(column);
    return column;
  }

  /**
   * @param plan movable jobs by shift of the instance
   * @param cost of that plan
   * @param first prices that are tried at first, such as those of a weaker bound
   */
  run(highs: Highs, plan: readonly (readonly number[])[], cost: number, first: Float64Array, limits: GenerationLimits): void {
    const { classOf, classes, mostPrice, instance } = this.relaxation;
    if (classes.length === 0 || instance.jobCount === 0) {
      this.exactPass(mostPrice.slice(), [], limits);
      return;
    }
    const large = this.pricing.work() > MUCH_WORK;
    if (!large && this.exactPass(first, [], limits) === null) return;
    plan.forEach((jobs, s) => this.addRoute(classOf[s]!, jobs));
    const over = (): boolean => limits.stopped() || performance.now() >= limits.deadline;
    const master = new Master(highs, this.relaxation, over);
    try {
      this.generate(master, plan, cost, limits, over);
    } finally {
      this.used = master.used();
      master.dispose();
    }
  }

  private generate(
    master: Master,
    plan: readonly (readonly number[])[],
    cost: number,
    limits: GenerationLimits,
    over: () => boolean,
  ): void {
    const { relaxation } = this;
    const say = limits.say ?? (() => undefined);
    const began = performance.now();
    let inMaster = 0;
    const takeUp = (): number => {
      const fresh = this.columns.slice(inMaster);
      inMaster = this.columns.length;
      master.addColumns(fresh);
      return fresh.length;
    };
    takeUp();
    for (const part of this.pricing.work() > MUCH_WORK ? CENTRES.slice(0, 1) : CENTRES) {
      const priced = this.exactPass(pricesOfPlan(relaxation, plan, part), [], limits);
      if (priced === null) return;
      say(`${((performance.now() - began) / 1000).toFixed(2)} centre ${part}: ${priced.bound}`);
    }
    takeUp();
    const box = new Box(relaxation, this.best!.prices);
    box.apply(master);
    let now = master.solve();
    if (now === null) return;
    let smoothing = FIRST_SMOOTHING;
    let cutsAreDone = false;
    while (!over()) {
      const before = this.best!.bound;
      // Priced at the programme's own prices: then no fresh route means that none is missing.
      const plain = smoothing === 0 && !box.on;
      const smoothed = this.smoothed(now, smoothing);
      const bound = this.exactPass(smoothed.prices, smoothed.cuts, limits);
      if (bound === null) return;
      const fresh = this.columns.slice(inMaster);
      const helpful = fresh.filter((column) => this.reducedBy(column, now!) < now!.classPrices[column.class]! - 1).length;
      takeUp();
      if (bound.bound > before) box.moveTo(this.best!.prices);
      else box.narrow();
      box.apply(master);
      const next = master.solve();
      if (next === null) return;
      now = next;
      let held = 0;
      if (box.on) {
        held = master.heldByBox(box.centre, box.reach);
        if (held === 0) box.drop();
        else if (now.value - this.best!.bound < 2e-3 * Math.abs(now.value) || fresh.length === 0) box.widen();
        if (held === 0 || now.value - this.best!.bound < 2e-3 * Math.abs(now.value) || fresh.length === 0) {
          box.apply(master);
          const anew = master.solve();
          if (anew === null) return;
          now = anew;
        }
      }
      say(
        `${((performance.now() - began) / 1000).toFixed(2)} pass ${this.passes}: programme ${now.value.toFixed(0)}, here ${bound.bound}, best ${this.best!.bound}, gap ${((100 * (cost - this.best!.bound)) / cost).toFixed(2)} %, ${fresh.length} routes (${helpful}), ${this.cuts.length} cuts, smoothing ${smoothing.toFixed(2)}, box ${box.on ? `${box.width.toFixed(2)}/${held}` : '-'}, ${(this.pricing.labelsMade / 1e6).toFixed(2)} M labels`,
      );
      if (cost - this.best!.bound <= limits.target * cost) return;
      if (helpful === 0 && smoothing > 0) smoothing = Math.max(0, smoothing - 0.25);
      else if (bound.bound < this.best!.bound) smoothing = Math.min(MOST_SMOOTHING, smoothing + 0.05);
      if (box.on) continue;
      const apart = now.value - this.best!.bound;
      const full = apart <= NEAR * Math.abs(now.value) || (fresh.length === 0 && plain);
      const near = !cutsAreDone && this.cuts.length < MOST_CUTS && apart < NEAR_FOR_CUTS * Math.abs(now.value);
      if (!full && !near) continue;
      const added =
        this.cuts.length >= MOST_CUTS ? [] : violatedCuts(relaxation.instance.jobCount, master.used(), this.cuts, CUTS_A_ROUND);
      if (added.length === 0) {
        if (full) return;
        cutsAreDone = true;
        continue;
      }
      cutsAreDone = false;
      this.cuts = [...this.cuts, ...added];
      master.addCuts(added);
      smoothing = Math.min(smoothing, 0.3);
      const anew = master.solve();
      if (anew === null) return;
      now = anew;
    }
  }

  private smoothed(now: MasterPrices, smoothing: number): { prices: Float64Array; cuts: PricedCut[] } {
    const best = this.best!;
    const mix = (old: number, fresh: number): number => smoothing * old + (1 - smoothing) * fresh;
    const prices = wholePrices(
      this.relaxation,
      now.prices.map((price, j) => mix(best.prices[j]!, price)),
    );
    const cuts = this.cuts.map((jobs, k) => ({
      jobs,
      price: Math.round(mix(best.cuts[k]?.price ?? 0, now.cutPrices[k] ?? 0)),
    }));
    return { prices, cuts };
  }

  private reducedBy(column: Column, { prices, cutPrices }: MasterPrices): number {
    let reduced = column.cost;
    for (const j of column.jobs) reduced -= prices[j]!;
    this.cuts.forEach((cut, k) => {
      if (cutPrices[k]! > 0) reduced += cutPrices[k]! * countInCut(cut, column.jobs);
    });
    return reduced;
  }

  /**
   * Prices every class exactly at whole prices; keeps the routes found and the bound, when it is the best. null: cut short.
   */
  exactPass(prices: Float64Array, cuts: readonly PricedCut[], limits: GenerationLimits): DualBound | null {
    const { relaxation, pricing } = this;
    const { classes } = relaxation;
    const classLeast = Float64Array.from(classes, ({ emptyCost }) => emptyCost);
    const charged = cuts.filter(({ price }) => price > 0);
    for (const column of this.columns) {
      let reduced = column.cost + classes[column.class]!.emptyCost;
      for (const j of column.jobs) reduced -= prices[j]!;
      if (reduced >= classLeast[column.class]!) continue;
      for (const { jobs, price } of charged) reduced += price * countInCut(jobs, column.jobs);
      if (reduced < classLeast[column.class]!) classLeast[column.class] = reduced;
    }
    for (let c = 0; c < classes.length; c++) {
      const count = classes[c]!.shifts.length;
      const most = Math.max(LEAST_ROUTES, ROUTES_A_SHIFT * count);
      const tight = count > 1 ? TIGHTNESS_OF_MANY : 1;
      let below = classLeast[c]!;
      for (let repricing = 0; ; repricing++) {
        const priced = pricing.price(c, prices, charged, { ...limits, below, most, tight, again: repricing > 0 });
        if (priced === null) return null;
        classLeast[c] = priced.least;
        let grown = false;
        for (const { jobs, reduced } of priced.routes) {
          if (new Set(jobs).size < jobs.length) grown = pricing.neighbourhoods.grow(jobs) || grown;
          else {
            this.addRoute(c, jobs);
            below = Math.min(below, reduced);
          }
        }
        const [first] = priced.routes;
        const circles = first !== undefined && new Set(first.jobs).size < first.jobs.length;
        if (!circles || !grown || repricing >= REPRICINGS) break;
      }
    }
    this.passes++;
    const bound = dualBound(relaxation, 'routes', prices, cuts, classLeast);
    if (this.best === null || bound.bound > this.best.bound) this.best = bound;
    return bound;
  }
}

/**
 * What each job costs in the plan: its part of what its route costs more than the empty shift, by what the route would save
 * without it; a job left out what that costs.
 * @param share 0: what the route would save; 1: the jobs of a route pay all that it costs; or in between
 */
export function pricesOfPlan(relaxation: Relaxation, plan: readonly (readonly number[])[], share: number): Float64Array {
  const prices = relaxation.mostPrice.slice();
  plan.forEach((jobs, s) => {
    const c = relaxation.classOf[s]!;
    const whole = relaxedRouteCost(relaxation, c, jobs);
    const saved = jobs.map((j) =>
      Math.max(
        0,
        whole -
          relaxedRouteCost(
            relaxation,
            c,
            jobs.filter((other) => other !== j),
          ),
      ),
    );
    const all = saved.reduce((sum, each) => sum + (each < Infinity ? each : 0), 0);
    const shared = all === 0 ? 1 : Math.max(1, (whole - relaxation.classes[c]!.emptyCost) / all);
    const part = 1 + share * (shared - 1);
    jobs.forEach((j, k) => (prices[j] = Math.min(prices[j]!, saved[k]! * part)));
  });
  return wholePrices(relaxation, prices);
}

/** The box round the prices, see Master. */
class Box {
  on = true;
  centre: Float64Array;
  reach: Float64Array;
  width = FIRST_REACH;

  constructor({ instance }: Relaxation, centre: Float64Array) {
    this.centre = centre;
    this.reach = new Float64Array(instance.jobCount);
    this.measure();
  }

  private measure(): void {
    let sum = 0;
    for (const price of this.centre) sum += price;
    const least = (LEAST_REACH_OF_MEAN * sum) / Math.max(1, this.centre.length);
    this.reach = this.centre.map((price) => this.width * Math.max(price, least));
  }

  moveTo(centre: Float64Array): void {
    this.centre = centre;
    this.measure();
  }

  narrow(): void {
    this.width = Math.max(0.02, this.width * 0.9);
    this.measure();
  }

  widen(): void {
    this.width *= 1.5;
    if (this.width > WIDEST_REACH) this.drop();
    this.measure();
  }

  drop(): void {
    this.on = false;
  }

  apply(master: Master): void {
    master.setBox(this.on ? this.centre : null, this.reach);
  }
}
