import { parentPort } from 'node:worker_threads';
import { boundOf, type Bounded } from '../../../../routing/bound/bound.ts';
import { checkPlan } from '../../../../routing/check-plan.ts';
import { planOfSequences } from '../../../../routing/plan-of-sequences.ts';
import type { Plan } from '../../../../routing/plan.ts';
import type { Problem } from '../../../../routing/problem.ts';
import { loadHighs } from '../../../../routing/recombination/highs.ts';
import { verifyPlan } from '../../../../routing/verify/verify-plan.ts';
import { readResult } from '../plan-result.ts';
import { readProblem } from '../problem-document.ts';
import type { ProveAnswer, ProveOrder } from './messages.ts';

// Proves how far one plan is from the best at most, has the proof checked by the verifier, and ends with its process's say.

/** Nearer is good enough: half a percent. */
const TARGET = 0.005;
/** About 120 MB of partial routes. */
const MOST_LABELS = 1_000_000;

parentPort?.once('message', (order: ProveOrder) => {
  void prove(order).then((answer) => parentPort?.postMessage(answer));
});

async function prove({ stored: { problem: kept, record }, millis }: ProveOrder): Promise<ProveAnswer> {
  try {
    const began = performance.now();
    const gzip = Buffer.from(kept.gzip.buffer, kept.gzip.byteOffset, kept.gzip.byteLength);
    const problem = await readProblem({ ...kept, gzip });
    const { plan } = readResult(record);
    const { certificate, passes, columns, plan: found } = boundOf(await loadHighs(), problem, { millis, plan, target: TARGET });
    const { accepted, refusals } = verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate, {
      mostLabels: MOST_LABELS,
    });
    return {
      kind: 'proven',
      certificate,
      verified: accepted,
      refusals: refusals.map((refusal) => (refusal.code === 'not_proven' ? refusal.why : refusal.code)),
      passes,
      routes: columns,
      better: found === null ? null : betterPlan(problem, plan, found, certificate.bound),
      seconds: (performance.now() - began) / 1_000,
    };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', message, stack };
  }
}

/**
 * What the bound came across, as a whole plan: only one that keeps every rule, the limit of changes among them, and is cheaper by
 * the checker's own figures. A certificate says the same of every plan of its problem, so that it is this plan's too.
 */
function betterPlan(problem: Problem, plan: Plan, found: NonNullable<Bounded['plan']>, bound: number): Plan | null {
  const better = planOfSequences(problem, found, plan);
  if (better.cost.total >= plan.cost.total || better.cost.total < bound) return null;
  return checkPlan(problem, better, { changesInForce: better.forcedChanges }).length === 0 ? better : null;
}
