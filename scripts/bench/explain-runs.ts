import { checkPlan } from '../../routing/check-plan.ts';
import { compile } from '../../routing/compile.ts';
import { draftOf, fixedCount, mayTake, shiftState } from '../../routing/draft.ts';
import { insertAt } from '../../routing/insertion.ts';
import { alternativesOf } from '../../routing/explain/alternatives.ts';
import { applyChange } from '../../routing/explain/apply-change.ts';
import type { Explainer } from '../../routing/explain/explainer.ts';
import type { Alternatives, FittingChange, WhyNot } from '../../routing/explain/explanation.ts';
import { refinePrice } from '../../routing/explain/refine.ts';
import { whyNot } from '../../routing/explain/why-not.ts';
import type { Problem } from '../../routing/problem.ts';
import { planOf } from '../../routing/report-plan.ts';
import { solutionOfPlan } from '../../routing/search/start.ts';
import type { Stop } from '../../routing/search/stop.ts';
import type { Chance } from '../simulator/chance.ts';
import { rounded } from './report.ts';

/** What a dispatcher was told about one job, and how long it took. */
export interface Answer {
  readonly job: number;
  readonly millis: number;
  readonly alternatives: Alternatives;
  /** null for a job of the plan. */
  readonly whyNot: WhyNot | null;
}

/** So many jobs: all that are left out, then placed ones by chance. Fewer where the plan has fewer. */
export function jobsToAsk({ plan }: Pick<Explainer, 'plan'>, count: number, chance: Chance): number[] {
  const placed = plan.shifts.flatMap(({ stops }) => stops.map(({ job }) => job)).sort((a, b) => a - b);
  const asked = plan.unassigned.map(({ job }) => job).slice(0, count);
  while (asked.length < count && placed.length > 0) asked.push(...placed.splice(chance.below(placed.length), 1));
  return asked;
}

export function ask(explainer: Explainer, job: number): Answer {
  const from = performance.now();
  const alternatives = alternativesOf(explainer, job);
  const why = alternatives.shift === null ? whyNot(explainer, job) : null;
  return { job, millis: performance.now() - from, alternatives, whyNot: why };
}

/** Shifts that an answer calls impossible though the job fits in between their stops as they are. */
export function calledImpossible({ instance, draft }: Explainer, { job, alternatives, whyNot: why }: Answer): number {
  const j = instance.jobPlace[job]!;
  const called = new Set([
    ...alternatives.blocked.map(({ shift }) => shift),
    ...(why?.shifts ?? []).filter(({ blockedBy }) => blockedBy !== null).map(({ shift }) => shift),
  ]);
  return [...called].filter((shift) => {
    const s = instance.shiftPlace[shift]!;
    if (!mayTake(instance, s, j)) return false;
    const { sequence } = draft.shifts[s]!;
    for (let k = fixedCount(instance, s); k <= sequence.length; k++) {
      if (shiftState(instance, s, sequence.toSpliced(k, 0, j)) !== null) return true;
    }
    return false;
  }).length;
}

const NO_SEARCH = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
} as const;

/** Makes the changes, puts the job in where they say, and has the plan checked: no rule broken, the price as told. */
export function isTrue({ problem, plan }: Explainer, job: number, told: FittingChange): boolean {
  const changed = told.changes.reduce((one: Problem, change) => applyChange(one, job, change), problem);
  const instance = compile(changed);
  const before = draftOf(instance, solutionOfPlan(instance, plan));
  const costBefore = planOf(before, NO_SEARCH).cost.total;
  const pushed = told.changes.flatMap((change) => (change.kind === 'instead_of' ? [instance.jobPlace[change.job]!] : []));
  const without = solutionOfPlan(instance, plan);
  const sequences = without.sequences.map((sequence) => sequence.filter((j) => !pushed.includes(j)));
  const draft = draftOf(instance, { ...without, sequences });
  if (!insertAt(draft, instance.jobPlace[job]!, instance.shiftPlace[told.shift]!, told.position)) return false;
  const after = planOf(draft, NO_SEARCH);
  const stop = after.shifts.find(({ shift }) => shift === told.shift)?.stops[told.position];
  const says = stop?.job === job && stop.start === told.start && after.cost.total - plan.cost.total === told.price;
  // A change may make what was planned cheaper by itself: the price is against the plan as it was.
  return says && costBefore <= plan.cost.total && checkPlan(changed, after, { changesInForce: after.changes }).length === 0;
}

/** One price told at once beside that of solving again. */
export interface PricePair {
  readonly job: number;
  readonly shift: number;
  /** Place among the alternatives of the job, the cheapest first. */
  readonly rank: number;
  readonly quick: number;
  readonly refined: number;
  /** What solving again has made the plan cheaper without the override: how far from settled it was. */
  readonly saved_without: number;
  readonly iterations: number;
  readonly error_percent: number;
  /** Solving again with other chances: what that says, and how far it is from the first. No price at once can be nearer than that. */
  readonly again: number;
  readonly noise_percent: number;
}

const SEEDS = [1, 2];

/** By turns the cheapest alternative of a job, one of its five cheapest, any of them. @param least the least that errors are measured against */
export function comparePrices(
  explainer: Explainer,
  answers: readonly Answer[],
  { count, stop, least }: { readonly count: number; readonly stop: Stop; readonly least: number },
  chance: Chance,
  say: (line: string) => void,
): PricePair[] {
  const able = answers.filter(({ alternatives }) => alternatives.shift !== null && alternatives.others.length > 0);
  const pairs: PricePair[] = [];
  for (let k = 0; k < count && able.length > 0; k++) {
    const [answer] = able.splice(chance.below(able.length), 1);
    const { others } = answer!.alternatives;
    const rank = k % 3 === 0 ? 0 : chance.below(k % 3 === 1 ? Math.min(5, others.length) : others.length);
    const { shift, price: quick } = others[rank]!;
    const [told, other] = SEEDS.map((seed) => refinePrice(explainer, { job: answer!.job, shift }, { seed, stop }));
    if (told?.kind !== 'possible' || other?.kind !== 'possible') {
      throw new Error('solving again calls impossible what has a plan');
    }
    const { price: refined, savedWithout, iterations } = told;
    // Solving again never says less than 0: the plan with the override could be had without it. A price below 0 says the same.
    const errorOf = (price: number): number =>
      rounded((100 * Math.abs(Math.max(0, price) - refined)) / Math.max(Math.abs(refined), least), 2);
    pairs.push({
      job: answer!.job,
      shift,
      rank,
      quick,
      refined,
      saved_without: savedWithout,
      iterations,
      error_percent: errorOf(quick),
      again: other.price,
      noise_percent: errorOf(other.price),
    });
    say(`job ${answer!.job} on shift ${shift}: ${quick} at once, ${refined} by solving again (${errorOf(quick)} %)`);
  }
  return pairs;
}
