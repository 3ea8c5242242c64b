import { parentPort } from 'node:worker_threads';
import { explainerOf, ForeignPlan } from '../../../../routing/explain/explainer.ts';
import { Problem } from '../../../platform/problem.ts';
import { readResult } from '../plan-result.ts';
import { readProblem } from '../problem-document.ts';
import { answerCurve } from './answer-curve.ts';
import { answerPrice, answerRefined, answerWhy, type KnownPlan } from './answer-why.ts';
import type { AskAnswer, AskOrder, PlanQuestion, Said, StoredPlan } from './messages.ts';

// Reads plans and answers questions about them, away from the thread that serves. Knows the last few plans.

/** A plan of 100 shifts x 1,000 jobs takes some 50 MB compiled. */
const MOST_KNOWN = 4;
/** The one asked last is at the end. */
const known = new Map<string, KnownPlan>();

/** One after another: what is told of a plan is there for whoever asked next. */
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (order: AskOrder) => {
  last = last.then(async () => parentPort?.postMessage(await answer(order)));
});

async function answer({ id, planId, stored, question }: AskOrder): Promise<AskAnswer> {
  try {
    const plan = known.get(planId) ?? (stored === undefined ? undefined : await read(stored));
    if (plan === undefined) return { id, kind: 'unknown_plan' };
    remember(planId, plan);
    return { id, kind: 'answered', said: say(plan, question) };
  } catch (error) {
    if (error instanceof ForeignPlan) {
      return { id, kind: 'refused', status: 409, code: 'plan-damaged', sentence: OF_ANOTHER_VERSION };
    }
    if (error instanceof Problem && error.status < 500) {
      return { id, kind: 'refused', status: error.status, code: error.type, sentence: error.message };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { id, kind: 'failed', message, stack };
  }
}

function say(plan: KnownPlan, question: PlanQuestion): Said {
  switch (question.kind) {
    case 'why':
      return answerWhy(plan, question);
    case 'refine':
      return answerRefined(plan, question);
    case 'curve':
      return (plan.curve ??= answerCurve(plan));
    case 'price':
      return answerPrice(plan, question);
    case 'ready':
      plan.explainer.places.learnAll();
      return { answer: 'ready' };
    default:
      return question satisfies never;
  }
}

const OF_ANOTHER_VERSION = 'This plan was made by another version of the program, which prices it otherwise; make a new plan.';

async function read({ problem, record }: StoredPlan): Promise<KnownPlan> {
  const { result: text } = record;
  const result = readResult(typeof text === 'string' ? { ...record, result: JSON.parse(text) as unknown } : record);
  const gzip = Buffer.from(problem.gzip.buffer, problem.gzip.byteOffset, problem.gzip.byteLength);
  return { result, explainer: explainerOf(await readProblem({ ...problem, gzip }), result.plan) };
}

function remember(planId: string, plan: KnownPlan): void {
  known.delete(planId);
  known.set(planId, plan);
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KNOWN) return;
    known.delete(oldest);
  }
}
