import { z } from 'zod';
import type { Certificate } from '../certificate.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { CertificateValue, PlanValue } from './plan-values.ts';
import { ProblemValue, problemValue } from './problem-values.ts';

/**
 * All that an auditor needs to judge a plan on another machine, as one JSON file: the question, the answer and, where there is
 * one, what proves its bound. Ids are as the caller keeps them and say nothing of anybody; there are no addresses and no texts.
 */
export interface PlanDocument {
  readonly problem: Problem;
  readonly plan: Plan;
  /** null: nothing is proven of how good the plan is. */
  readonly certificate: Certificate | null;
  readonly madeBy: MadeBy;
}

export interface MadeBy {
  /** The engine's name and version. */
  readonly engine: string;
  /** As the city keeps it; null = kept nowhere. */
  readonly planId: string | null;
  /** UTC, ISO 8601; null = not known. */
  readonly madeAt: string | null;
}

const FORMAT = 'thuma-plan';
const VERSION = 1;

const MadeByValue = z.strictObject({ engine: z.string(), planId: z.string().nullable(), madeAt: z.string().nullable() });
const Document = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  madeBy: MadeByValue,
  problem: ProblemValue,
  plan: PlanValue,
  certificate: CertificateValue.nullable(),
});

/** The JSON is no plan document; the message says where. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
  /** Path of the first field that is wrong. */
  readonly path: string;
  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.path = path;
  }
}

/** The document as JSON text. */
export function writePlanDocument({ problem, plan, certificate, madeBy }: PlanDocument): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, madeBy, problem: problemValue(problem), plan, certificate });
}

/**
 * The two halves of the text round a problem whose JSON is at hand: `before`, that JSON and `after` are the document. So nobody need
 * take a large problem apart to send it.
 */
export function roundProblem({ plan, certificate, madeBy }: Omit<PlanDocument, 'problem'>): { before: string; after: string } {
  const head = JSON.stringify({ format: FORMAT, version: VERSION, madeBy });
  return {
    before: `${head.slice(0, -1)},"problem":`,
    after: `,"plan":${JSON.stringify(plan)},"certificate":${JSON.stringify(certificate)}}`,
  };
}

/** Reads the document's JSON, already parsed. @throws UnreadableDocument */
export function readPlanDocument(value: unknown): PlanDocument {
  const read = Document.safeParse(value);
  if (read.success) {
    const { problem, plan, certificate, madeBy } = read.data;
    return { problem, plan, certificate, madeBy };
  }
  const [issue] = read.error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new UnreadableDocument(path.replace(/^\./, '') || 'document', issue?.message ?? 'not a plan document');
}
