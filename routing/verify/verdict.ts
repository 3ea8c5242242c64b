import type { BoundKind, RelaxedRule } from '../certificate.ts';
import type { Violation } from '../check/violation.ts';

/** What an auditor is told about a plan and the bound it comes with. */
export interface Verdict {
  /** The plan keeps every rule and costs what it says, and the bound, if it has one, is proven. */
  readonly accepted: boolean;
  /** The plan's cost as recomputed, in the problem's currency. */
  readonly cost: number;
  /** The proven bound; null = the plan has none, or it is refused. */
  readonly bound: number | null;
  /** How much cheaper any plan can be at most, in percent of this plan's cost; null = no bound. */
  readonly gapPercent: number | null;
  readonly kind: BoundKind | null;
  /** The rules and prices that the bound does not count, as the certificate names them. */
  readonly relaxed: readonly RelaxedRule[];
  readonly checked: Checked;
  readonly refusals: readonly Refusal[];
  /** How long it took. */
  readonly seconds: number;
}

export interface Checked {
  readonly shifts: number;
  readonly jobs: number;
  readonly stops: number;
  /** Shifts that are alike are proven once: how many different ones. */
  readonly routeClasses: number;
  /** Partial routes looked at. */
  readonly labels: number;
}

/** Why a plan or its certificate is refused. Indices are the problem's. */
export type Refusal =
  /** The problem itself cannot be computed with. */
  | { readonly code: 'problem_malformed'; readonly path: string; readonly detail: string }
  /** A rule the plan breaks, or a figure of it that is wrong, its cost among them. */
  | { readonly code: 'plan_wrong'; readonly violation: Violation }
  | { readonly code: 'bound_without_certificate'; readonly bound: number }
  | { readonly code: 'bound_of_plan_differs'; readonly plan: number; readonly certificate: number }
  | { readonly code: 'version_unknown'; readonly version: unknown }
  | { readonly code: 'kind_unknown'; readonly kind: unknown }
  /** Not one of RELAXABLE, named twice or out of order. */
  | { readonly code: 'relaxed_rule_wrong'; readonly rule: unknown; readonly place: number }
  | {
      readonly code: 'length_wrong';
      readonly field: 'jobPrices' | 'shiftLeast';
      readonly length: number;
      readonly wanted: number;
    }
  /** Not a whole number, or too large to add exactly. */
  | { readonly code: 'not_a_whole_number'; readonly field: string; readonly value: unknown }
  | { readonly code: 'price_above_leaving_out'; readonly job: number; readonly price: number; readonly most: number }
  | { readonly code: 'price_of_fixed_job'; readonly job: number; readonly price: number }
  | { readonly code: 'cut_jobs_wrong'; readonly cut: number; readonly jobs: readonly unknown[] }
  | { readonly code: 'cut_price_negative'; readonly cut: number; readonly price: number }
  | { readonly code: 'bound_not_the_sum'; readonly bound: number; readonly sum: number }
  | { readonly code: 'bound_above_cost'; readonly bound: number; readonly cost: number }
  /** The shift can do this (nothing = its fixed stops alone) for less than the certificate says. */
  | {
      readonly code: 'cheaper_route';
      readonly shift: number;
      readonly least: number;
      readonly route: readonly number[];
      readonly cost: number;
    }
  /** It may be true, but it could not be shown: too many partial routes, or figures too large to add exactly. */
  | { readonly code: 'not_proven'; readonly shift: number; readonly least: number; readonly why: WhyNotProven };

/** Too many partial routes; figures too large to add exactly; or the cheapest arrivals alone, all that kind claims, cost less. */
export type WhyNotProven = 'too_many_labels' | 'too_large' | 'arrivals_cheaper';

/**
 * The verdict in a word. `unproven`: nothing was found wrong, but something of the bound could not be shown within the
 * limits; it may be true, and is not believed. `refused`: something is wrong.
 */
export type Outcome = 'accepted' | 'unproven' | 'refused';

/** @see Outcome */
export function outcomeOf({ accepted, refusals }: Pick<Verdict, 'accepted' | 'refusals'>): Outcome {
  if (accepted) return 'accepted';
  return refusals.every(({ code }) => code === 'not_proven') ? 'unproven' : 'refused';
}

/** One sentence for people, naming the culprit. */
export function sayRefusal(refusal: Refusal): string {
  switch (refusal.code) {
    case 'problem_malformed':
      return `the problem cannot be read: ${refusal.path}: ${refusal.detail}`;
    case 'plan_wrong': {
      const { code, shift, job, detail } = refusal.violation;
      const where = [shift === null ? [] : [`shift ${shift}`], job === null ? [] : [`job ${job}`]].flat().join(', ');
      return `the plan is wrong: ${code}${where === '' ? '' : ` (${where})`}: ${detail}`;
    }
    case 'bound_without_certificate':
      return `the plan says its bound is ${refusal.bound}, but there is no certificate for it`;
    case 'bound_of_plan_differs':
      return `the plan says its bound is ${refusal.plan}, the certificate ${refusal.certificate}`;
    case 'version_unknown':
      return `version ${text(refusal.version)} of the certificate is not known here`;
    case 'kind_unknown':
      return `no bound is of kind ${text(refusal.kind)}`;
    case 'relaxed_rule_wrong':
      return `relaxed[${refusal.place}]: ${text(refusal.rule)} is no rule that may be relaxed, or is out of order`;
    case 'length_wrong':
      return `${refusal.field} has ${refusal.length} entries, ${refusal.wanted} are needed`;
    case 'not_a_whole_number':
      return `${refusal.field}: ${text(refusal.value)} is not a whole number that can be added exactly`;
    case 'price_above_leaving_out':
      return `job ${refusal.job}: its price ${refusal.price} is above ${refusal.most}, what leaving it out costs`;
    case 'price_of_fixed_job':
      return `job ${refusal.job} is fixed: its price must be 0, not ${refusal.price}`;
    case 'cut_jobs_wrong':
      return `cut ${refusal.cut}: ${text(refusal.jobs)} are not three different movable jobs, ascending`;
    case 'cut_price_negative':
      return `cut ${refusal.cut}: its price ${refusal.price} is negative`;
    case 'bound_not_the_sum':
      return `the bound ${refusal.bound} is not the sum of its parts, ${refusal.sum}`;
    case 'bound_above_cost':
      return `the bound ${refusal.bound} is above the plan's cost, ${refusal.cost}`;
    case 'cheaper_route':
      return refusal.route.length === 0
        ? `shift ${refusal.shift}: without any movable job it costs ${refusal.cost}, less than ${refusal.least}`
        : `shift ${refusal.shift}: the route ${refusal.route.join(' ')} costs ${refusal.cost} after prices, less than ${refusal.least}`;
    case 'not_proven':
      return `shift ${refusal.shift}: that no route costs less than ${refusal.least} could not be shown: ${WHY_NOT[refusal.why]}`;
  }
}

const WHY_NOT: Readonly<Record<WhyNotProven, string>> = {
  too_many_labels: 'too many partial routes',
  too_large: 'its figures are too large to add exactly',
  arrivals_cheaper: 'the cheapest arrivals cost less',
};

const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
