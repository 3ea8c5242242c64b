import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { reachOf } from '../../platform/reach.ts';
import { AskLedger, OverrideLedger } from './contract.ts';
import { readLedger, type LedgerCity } from './ledger.ts';

/** What dispatchers decided against the plans. */
export function overrideRoutes(deps: { readonly db: Db; readonly clock: CityClock; readonly city: () => LedgerCity }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/overrides',
      action: 'report.read',
      summary: 'What dispatchers changed against the plans, what became of it, and which rule it suggests',
      query: AskLedger,
      answer: OverrideLedger,
      handle: ({ actor, scope, query }) => readLedger(deps.db, query, reachOf(actor, scope), deps.clock.now(), deps.city()),
    }),
  ];
}
