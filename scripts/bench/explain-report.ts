import type { Explainer } from '../../routing/explain/explainer.ts';
import { percentile } from './inday-runs.ts';
import { machine } from './machine.ts';
import { type Answer, calledImpossible, isTrue, type PricePair } from './explain-runs.ts';
import { rounded } from './report.ts';

export const BARS = { p99: 300, median: 5, p95: 20 } as const;

export interface ExplainReport {
  readonly bench: 'explain';
  readonly name: string;
  readonly plan_seconds: number;
  readonly plan_cost: number;
  readonly asked: number;
  readonly left_out: number;
  /** Reading the problem, driving the plan and learning its places, once. */
  readonly explainer_ms: number;
  readonly explain_p50_ms: number;
  readonly explain_p99_ms: number;
  readonly explain_most_ms: number;
  /** Left-out jobs that have a reason, and those of them that a change is told for. */
  readonly reasons_percent: number;
  readonly left_out_with_a_change: number;
  readonly changes_told: number;
  readonly changes_verified_percent: number;
  readonly price_error_median_percent: number;
  readonly price_error_p95_percent: number;
  /** The same of solving again twice: how far the plan is from settled. */
  readonly price_noise_median_percent: number;
  readonly price_noise_p95_percent: number;
  readonly prices_compared: number;
  /** Of those that cost nothing by both: an unsettled plan has many. */
  readonly prices_of_nothing: number;
  readonly impossible_but_feasible: number;
  readonly pairs: readonly PricePair[];
  readonly machine: string;
}

/** @param made what the run was of. */
export function explainReport(
  explainer: Explainer,
  answers: readonly Answer[],
  pairs: readonly PricePair[],
  made: Pick<ExplainReport, 'name' | 'plan_seconds' | 'explainer_ms'>,
): ExplainReport {
  const leftOut = answers.flatMap(({ job, whyNot }) => (whyNot === null ? [] : [{ job, whyNot }]));
  const changes = leftOut.flatMap(({ job, whyNot }) => whyNot.changes.map((change) => isTrue(explainer, job, change)));
  const millis = answers.map((answer) => answer.millis);
  const errors = pairs.map(({ error_percent }) => error_percent);
  const noise = pairs.map(({ noise_percent }) => noise_percent);
  const percentOf = (part: number, whole: number): number => (whole === 0 ? 100 : rounded((100 * part) / whole, 2));
  return {
    bench: 'explain',
    ...made,
    plan_cost: explainer.plan.cost.total,
    asked: answers.length,
    left_out: leftOut.length,
    explain_p50_ms: rounded(percentile(millis, 0.5), 1),
    explain_p99_ms: rounded(percentile(millis, 0.99), 1),
    explain_most_ms: rounded(percentile(millis, 1), 1),
    reasons_percent: percentOf(leftOut.filter(({ whyNot }) => whyNot.reason.code.length > 0).length, leftOut.length),
    left_out_with_a_change: leftOut.filter(({ whyNot }) => whyNot.changes.length > 0).length,
    changes_told: changes.length,
    changes_verified_percent: percentOf(changes.filter(Boolean).length, changes.length),
    price_error_median_percent: errors.length === 0 ? 0 : percentile(errors, 0.5),
    price_error_p95_percent: errors.length === 0 ? 0 : percentile(errors, 0.95),
    price_noise_median_percent: noise.length === 0 ? 0 : percentile(noise, 0.5),
    price_noise_p95_percent: noise.length === 0 ? 0 : percentile(noise, 0.95),
    prices_compared: pairs.length,
    prices_of_nothing: pairs.filter(({ quick, refined }) => quick <= 0 && refined === 0).length,
    impossible_but_feasible: answers.reduce((sum, answer) => sum + calledImpossible(explainer, answer), 0),
    pairs,
    machine: machine(),
  };
}

/** What is not as it must be, a sentence each. */
export function misses(report: ExplainReport): string[] {
  const { explain_p99_ms, price_error_median_percent, price_error_p95_percent } = report;
  return [
    ...(explain_p99_ms > BARS.p99 ? [`99th percentile ${explain_p99_ms} ms, bar ${BARS.p99}`] : []),
    ...(report.reasons_percent < 100 ? ['a job that is left out has no reason'] : []),
    ...(report.changes_verified_percent < 100 ? ['a change was told that does not do what it says'] : []),
    ...(price_error_median_percent > BARS.median ? [`median error ${price_error_median_percent} %, bar ${BARS.median}`] : []),
    ...(price_error_p95_percent > BARS.p95 ? [`95th percentile of the error ${price_error_p95_percent} %, bar ${BARS.p95}`] : []),
    ...(report.impossible_but_feasible > 0 ? ['what is feasible was called impossible'] : []),
  ];
}

export function explainTable(report: ExplainReport): string[] {
  return [
    `${report.name}, a plan of ${report.plan_seconds} s at ${report.plan_cost}: ${report.asked} jobs asked, ${report.left_out} of them left out`,
    `answer     p50 ${report.explain_p50_ms} ms, p99 ${report.explain_p99_ms} ms, most ${report.explain_most_ms} ms (made ready once in ${report.explainer_ms} ms)`,
    `left out   reasons ${report.reasons_percent} %, ${report.left_out_with_a_change} with a change; ${report.changes_told} changes, ${report.changes_verified_percent} % true`,
    `price      error median ${report.price_error_median_percent} %, 95th percentile ${report.price_error_p95_percent} %, of ${report.prices_compared}; ${report.prices_of_nothing} cost nothing`,
    `           solving again twice differs by ${report.price_noise_median_percent} % in the median, ${report.price_noise_p95_percent} % at the 95th percentile`,
    `feasible but called impossible: ${report.impossible_but_feasible}`,
    ...misses(report).map((miss) => `MISSED: ${miss}`),
    report.machine,
  ];
}
