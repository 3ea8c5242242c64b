import { parentPort } from 'node:worker_threads';
import { boundOf } from '../../../../routing/bound/bound.ts';
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
    const { certificate } = boundOf(await loadHighs(), problem, { millis, plan, target: TARGET });
    const { accepted, refusals } = verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate, {
      mostLabels: MOST_LABELS,
    });
    return {
      kind: 'proven',
      certificate,
      verified: accepted,
      refusals: refusals.map(({ code }) => code),
      seconds: (performance.now() - began) / 1_000,
    };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', message, stack };
  }
}
