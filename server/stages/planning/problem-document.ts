import { createHash, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ProblemValue, problemValue } from '../../../routing/documents/problem-values.ts';
import type { Problem } from '../../../routing/problem.ts';
import { Problem as HttpProblem } from '../../platform/problem.ts';
import type { StoredProblem } from '../../stores/plans/store.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/**
 * Keys in alphabetical order, nothing undefined, no spaces: equal values, equal text, whatever made them and
 * however a database has turned their keys about.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The hash of a plan's or a problem's canonical text: SHA-256, base64url. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * The problem as it is kept. The matrices go as base64 of little-endian 32-bit integers: a million numbers as JSON
 * would hold the event loop for 100 ms. Zipping and hashing run on other threads.
 */
export async function storeProblem(problem: Problem): Promise<StoredProblem> {
  const text = canonicalJson(problemValue(problem));
  const bytes = new TextEncoder().encode(text);
  const [zipped, digest] = await Promise.all([zip(bytes, { level: 1 }), webcrypto.subtle.digest('SHA-256', bytes)]);
  return { gzip: zipped, hash: Buffer.from(digest).toString('base64url') };
}

/** The canonical text of a kept problem. @throws Problem 409 `plan-damaged` when the stored bytes are not what was stored. */
export async function readProblemText(stored: StoredProblem): Promise<Buffer> {
  const bytes = await unzip(stored.gzip).catch(() => null);
  if (bytes === null || createHash('sha256').update(bytes).digest('base64url') !== stored.hash) {
    throw new HttpProblem(409, 'plan-damaged', 'The stored problem of this plan is damaged; make a new plan.');
  }
  return bytes;
}

/** @throws Problem 409 `plan-damaged` when the stored bytes are not what was stored, or not of this version. */
export async function readProblem(stored: StoredProblem): Promise<Problem> {
  const bytes = await readProblemText(stored);
  const document = ProblemValue.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!document.success) {
    throw new HttpProblem(409, 'plan-damaged', 'This plan was made by another version of the program; make a new plan.', {
      cause: document.error,
    });
  }
  return document.data;
}
