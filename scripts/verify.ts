// `npm run verify -- PLAN.json`: judges a plan and the certificate of its bound, by code that shares nothing with what made them.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type PlanDocument, readPlanDocument, UnreadableDocument } from '../routing/documents/plan-document.ts';
import { outcomeOf, sayRefusal, type Verdict } from '../routing/verify/verdict.ts';
import { verifyPlan } from '../routing/verify/verify-plan.ts';
import { findJsonFault } from '../server/platform/json-text.ts';
import { tellFailure, Usage } from './failure.ts';

const HELP = `npm run verify -- PLAN.json [options]
    judges a plan document (npm run export-plan writes one): does the plan keep every rule and cost what it says, and is its
    bound proven; "-" reads standard input. Needs no database and no network.
  --json    the verdict as JSON
Ends with 0 when all holds, 1 when something is refused or not proven, 2 when the file cannot be read.`;

/** Refusals told one by one; of the rest only how many. */
const MOST_TOLD = 20;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Usage(HELP);
  const document = read(file, file === '-' ? await text(process.stdin) : await readText(file));
  const { problem, plan, certificate } = document;
  const verdict = verifyPlan(problem, plan, certificate);
  console.log(values.json ? JSON.stringify(verdict) : say(document, verdict));
  return verdict.accepted ? 0 : 1;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Usage(`${file} cannot be read${cause instanceof Error ? `: ${cause.message}` : ''}`, { cause });
  }
}

function read(file: string, given: string): PlanDocument {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    const { at, expected } = findJsonFault(given) ?? { at: given.length, expected: 'valid JSON' };
    const before = given.slice(0, at).split('\n');
    throw new Usage(`${file}, line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${expected} expected`);
  }
  try {
    return readPlanDocument(value);
  } catch (error) {
    throw error instanceof UnreadableDocument ? new Usage(`${file}: ${error.message}`) : error;
  }
}

const OUTCOMES = { accepted: 'accepted', unproven: 'NOT PROVEN, nothing found wrong', refused: 'REFUSED' } as const;

function say({ madeBy, certificate }: PlanDocument, verdict: Verdict): string {
  const { cost, bound, gapPercent, kind, relaxed, checked, refusals, seconds } = verdict;
  const lines = [
    `plan      ${madeBy.planId ?? 'kept nowhere'}, by ${madeBy.engine}${madeBy.madeAt === null ? '' : `, ${madeBy.madeAt}`}`,
    `checked   ${checked.shifts} shifts, ${checked.stops} of ${checked.jobs} jobs planned: every rule, every figure, the cost by term`,
    `cost      ${cost}`,
  ];
  if (bound !== null && gapPercent !== null) {
    lines.push(
      `bound     ${bound} (${kind}): no plan can be more than ${gapPercent.toFixed(2)} % cheaper`,
      `proven    ${checked.routeClasses} kinds of shifts, ${checked.labels} partial routes`,
      `not counted in the bound: ${relaxed.length === 0 ? 'nothing' : relaxed.join(', ')}`,
    );
  } else if (certificate === null) lines.push('bound     none: the plan has no certificate');
  lines.push(`time      ${seconds.toFixed(1)} s`, OUTCOMES[outcomeOf(verdict)]);
  for (const refusal of refusals.slice(0, MOST_TOLD)) lines.push(`  ${sayRefusal(refusal)}`);
  if (refusals.length > MOST_TOLD) lines.push(`  and ${refusals.length - MOST_TOLD} more`);
  return lines.join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 2;
}
