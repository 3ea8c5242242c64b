import type { Instance } from '../instance.ts';
import type { Collector } from './collect.ts';
import { Insertions } from './insertion.ts';
import type { Brought } from './meeting.ts';
import type { Nearness } from './nearness.ts';
import type { Part } from './part.ts';
import { type Random, random } from './random.ts';
import { Recreate } from './recreate.ts';
import { Routes } from './routes.ts';
import { Ruin, type Ruined } from './ruin.ts';
import type { Solution } from './solution.ts';

/** The search cools down in so many steps; see Pace. */
export const COOLING_STEPS = 200;

/** First and last temperature, in parts of the mean leg of the best plan. Where lateness and more weigh besides the way, steps are larger. */
const FIRST_TEMPERATURE = { plain: 1, other: 2 };
const LAST_TEMPERATURE = 0.1;
/** Problems below this many jobs feel a charge on every route that comes and goes: height in temperatures, and how often. */
const CHARGED_BELOW = 500;
const CHARGE_HEIGHT = 3;
const CHARGE_PERIODS = 5;
/** Between two looks at the clock. */
const ITERATIONS_A_LOOK = 32;
const JOBS_A_LOOK = 8;
/** Routes are collected once it has cooled so far, from every new best plan and from one in so many that it accepts. */
const COLLECTED_FROM = 0.3;
const ACCEPTED_A_PLAN = 64;

/**
 * One search: ruin and recreate, accepted as in simulated annealing, from first to last temperature. Deterministic but
 * for where the steps of cooling begin, which its caller decides and writes down.
 */
export class Search {
  readonly routes: Routes;
  iterations = 0;
  bestCost = Infinity;
  private best: Solution;
  private bestMeanLeg = 0;
  private readonly recreate: Recreate;
  private readonly ruin: Ruin;
  private readonly random: Random;
  private readonly ruined: Ruined;
  private readonly maxChanged: number;
  private readonly phase: number;
  private readonly nothingToMove: boolean;
  /** Routes of its better plans, for recombination; null = nobody wants them. */
  collector: Collector | null = null;
  private collects = false;
  private accepted = 0;

  /**
   * @param start where it begins
   * @param phase of the charge on routes, in periods: searches side by side feel it at different times, so that one tries fewer
   * routes while the other tries more
   * @param maxChanged how many stops may differ from the plan in force; those in `start` must not be more
   */
  constructor(instance: Instance, near: Nearness, start: Solution, seed: number, phase: number, maxChanged: number) {
    this.phase = phase;
    this.routes = new Routes(instance);
    this.random = random(seed);
    const insertions = new Insertions(this.routes);
    this.recreate = new Recreate(this.routes, insertions, near, this.random);
    this.ruin = new Ruin(this.routes, near, this.random);
    this.ruined = { removed: new Int32Array(instance.jobCount), count: 0, beginAnew: false };
    this.adoptRoutes(start);
    this.maxChanged = maxChanged;
    this.nothingToMove = instance.shiftCount === 0 || instance.fixed.every((fixed) => fixed === 1);
    this.best = start;
    this.keepBest();
  }

  /**
   * Puts in what is left out, where that pays, the dearest to leave out first; no chance is in it. Looks at `most` jobs
   * at most, fewer when `stopped`; gives the number it has looked at.
   */
  fill(most: number, stopped: () => boolean): number {
    const { routes, ruined, recreate } = this;
    const { instance } = routes;
    const order = Array.from(routes.absent.subarray(0, routes.absentCount)).sort(
      (a, b) => instance.price[b]! - instance.price[a]! || instance.latestStart[a]! - instance.latestStart[b]! || a - b,
    );
    recreate.byChance = false;
    let looked = 0;
    while (looked < order.length && looked < most && !(looked % JOBS_A_LOOK === 0 && stopped())) {
      routes.mark();
      ruined.removed[0] = order[looked++]!;
      ruined.count = 1;
      ruined.beginAnew = false;
      if (!recreate.recreate(ruined) || routes.changed > this.maxChanged) routes.undo();
    }
    recreate.byChance = true;
    routes.mark();
    if (this.value() < this.bestCost) this.keepBest();
    return looked;
  }

  /** Cost of what it has in hand, the greatest lateness included. */
  private value(): number {
    const perSecond = this.routes.instance.problem.weights.worstLatePerSecond ?? 0;
    return perSecond === 0 ? this.routes.cost : this.routes.cost + perSecond * this.routes.greatestLateness();
  }

  /** One step of cooling: until `stopped` (asked every few iterations) or until it has made `untilIteration` iterations. */
  cool(step: number, untilIteration: number, stopped: () => boolean): void {
    const { routes, ruin, recreate, ruined, random: chance } = this;
    const { instance } = routes;
    if (this.nothingToMove) return;
    const share = step / COOLING_STEPS;
    this.collects = this.collector !== null && share >= COLLECTED_FROM;
    const hot = instance.plain ? FIRST_TEMPERATURE.plain : FIRST_TEMPERATURE.other;
    const temperature = hot * (LAST_TEMPERATURE / hot) ** share * this.bestMeanLeg;
    const charged = instance.jobCount < CHARGED_BELOW && instance.shiftClassCount === 1;
    const charge = charged
      ? Math.round(CHARGE_HEIGHT * temperature * Math.sin(2 * Math.PI * (CHARGE_PERIODS * share + this.phase)))
      : 0;
    recreate.beginCharge = charge;
    recreate.lookEverywhere = instance.jobCount >= CHARGED_BELOW ? 1 : 0.5;
    const weighsWorst = (instance.problem.weights.worstLatePerSecond ?? 0) !== 0;
    while (this.iterations < untilIteration) {
      if (this.iterations % ITERATIONS_A_LOOK === 0 && stopped()) return;
      this.iterations++;
      routes.mark();
      const before = (weighsWorst ? this.value() : routes.cost) + charge * routes.active;
      ruin.ruin(ruined);
      let works = true;
      if (!instance.plain) for (let i = 0; i < ruin.dirtyCount && works; i++) works = routes.redrive(ruin.dirty[i]!);
      works &&= recreate.recreate(ruined);
      if (!works) {
        routes.undo();
        continue;
      }
      const value = weighsWorst ? this.value() : routes.cost;
      if (
        value + charge * routes.active < before - temperature * Math.log(1 - chance.next()) &&
        routes.changed <= this.maxChanged
      ) {
        if (value < this.bestCost) this.keepBest();
        else if (this.collects && ++this.accepted % ACCEPTED_A_PLAN === 0) this.collector?.add(routes);
      } else routes.undo();
    }
  }

  private keepBest(): void {
    const { routes } = this;
    const { instance } = routes;
    if (this.collects) this.collector?.add(routes);
    this.best = this.inHand();
    this.bestCost = this.best.cost;
    let legs = 0;
    let stops = 0;
    for (let s = 0; s < instance.shiftCount; s++) {
      const sequence = this.best.sequences[s]!;
      for (const j of sequence) legs += routes.legIn[j]!;
      if (sequence.length > 0) legs += routes.legIn[instance.jobCount + s]!;
      stops += sequence.length;
    }
    this.bestMeanLeg = stops === 0 ? 1 : Math.max(1, legs / (stops + routes.active));
  }

  private inHand(): Solution {
    const { routes } = this;
    const { instance } = routes;
    return {
      sequences: Array.from({ length: instance.shiftCount }, (_, s) => routes.sequence(s)),
      lockedStart: instance.groups.length === 0 ? null : instance.lockedStart.slice(),
      cost: this.value(),
    };
  }

  /** Stops of what it has in hand that are not as in the plan in force. */
  get changed(): number {
    return this.routes.changed;
  }

  /** The best plan so far. */
  solution(): Solution {
    return this.best;
  }

  /** From here on it works on one part of the day, from `current`; its best is the best with the rest as it is there. */
  takePart(part: Part, current: Solution): void {
    this.ruin.part = part;
    this.recreate.part = part;
    this.adoptRoutes(current);
    this.keepBest();
  }

  /** What it brings to a meeting. */
  bring(): Brought {
    const { own } = this.recreate.part;
    const divided = own.includes(0) ? { own, current: this.inHand() } : null;
    return { best: this.best, divided };
  }

  /** Goes on from another plan. */
  adopt(solution: Solution): void {
    this.adoptRoutes(solution);
    if (this.value() < this.bestCost) this.keepBest();
  }

  private adoptRoutes(solution: Solution): void {
    const { instance } = this.routes;
    if (solution.lockedStart !== null) instance.lockedStart.set(solution.lockedStart);
    this.routes.setSequences(solution.sequences);
  }
}
