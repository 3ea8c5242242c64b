import { changeCurve } from '../../../../routing/explain/change-curve.ts';
import type { Curve } from '../../explaining/contract.ts';
import type { KnownPlan } from './answer-why.ts';

/** For all limits together. */
const MILLIS = 5_000;
/** Of the searches: any would do. */
const SEED = 1;

/** What the day costs at each limit of changes, as the plan saw it. */
export function answerCurve({ explainer: { problem, plan } }: KnownPlan): Curve {
  const points = changeCurve(problem, plan, { seed: SEED, millis: MILLIS, iterations: null }).map(({ point }) => ({ ...point }));
  return { answer: 'curve', points };
}
