import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Db } from '../../../db/knex.ts';
import type { Certificate } from '../../../routing/certificate.ts';
import { roundProblem } from '../../../routing/documents/plan-document.ts';
import { findCertificate } from '../../stores/plans/certificates.ts';
import type { PlanId } from '../../stores/plans/contract.ts';
import { getPlan, getPlanProblem, type PlanRecord } from '../../stores/plans/store.ts';
import { readResult, type ReadableResult } from './plan-result.ts';
import { readProblemText } from './problem-document.ts';
import { isUnchecked } from './proving/view-proof.ts';

const zip = promisify(gzip);

export interface PlanToExport {
  readonly record: PlanRecord;
  readonly result: ReadableResult;
}

/** @throws Problem 404 `no-such-plan`, 409 `plan-damaged`. */
export async function getPlanToExport(db: Db, planId: PlanId): Promise<PlanToExport> {
  const record = await getPlan(db, planId);
  return { record, result: readResult(record) };
}

/**
 * The document that an auditor verifies (`routing/documents/plan-document.ts`), as UTF-8 JSON. The kept text of the problem goes
 * into it as it is: megabytes for a large city, which nobody takes apart here. @throws Problem 409 `plan-damaged`.
 */
export async function exportPlan(db: Db, { record, result }: PlanToExport): Promise<Buffer> {
  const problem = await readProblemText(await getPlanProblem(db, record.id));
  const { before, after } = roundProblem({
    plan: result.plan,
    certificate: await certificateOf(db, record.id),
    madeBy: { engine: result.plan.engine, planId: record.id, madeAt: record.madeAt.toISOString() },
  });
  return Buffer.concat([Buffer.from(before), problem, Buffer.from(after)]);
}

/**
 * What proves the plan's bound; null = nothing is kept. One that the verifier here has refused is not handed on; one that was too
 * large to be checked here is, without being claimed: whoever has more memory can.
 */
async function certificateOf(db: Db, planId: PlanId): Promise<Certificate | null> {
  const kept = await findCertificate(db, planId);
  return kept !== undefined && (kept.verified || isUnchecked(kept)) ? (kept.certificate as Certificate) : null;
}

export const documentName = (planId: PlanId): string => `plan-${planId}.json`;

/** Off this thread. */
export const zipDocument = (document: Buffer): Promise<Buffer> => zip(document, { level: 1 });
