import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import type { AskLedger, OverrideLedger } from './contract.ts';
import { minePatterns, withLabels } from './patterns.ts';
import { countOverrides, listOverrides, readPatternCases } from './store.ts';

const DAY_MILLIS = 86_400_000;

/** What the ledger needs to know of its city. */
export interface LedgerCity {
  /** IANA */
  readonly zone: string;
  readonly jobTypes: readonly { readonly code: string; readonly label: string }[];
}

/** What dispatchers changed in the last `days` before `now`, and what they do again and again. */
export async function readLedger(
  db: Db,
  ask: AskLedger,
  reach: Reach,
  now: Date,
  { zone, jobTypes }: LedgerCity,
): Promise<OverrideLedger> {
  // What is decided at this very moment belongs to it.
  const span = { from: new Date(now.getTime() - ask.days * DAY_MILLIS), until: new Date(now.getTime() + 1) };
  const counted = await countOverrides(db, span, reach);
  return {
    from: span.from.toISOString(),
    until: span.until.toISOString(),
    ...counted,
    patterns: counted.againstPlan === 0 ? [] : withLabels(minePatterns(await readPatternCases(db, span, reach, zone)), jobTypes),
    overrides: await listOverrides(db, span, reach, ask.limit),
  };
}
