import { z } from 'zod';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { reachOf } from '../../platform/reach.ts';
import { CaseFilter, DispatcherCase, HistoryEntry, IntegratorCase, PrivateCase } from './contract.ts';
import { listCaseHistory } from './history.ts';
import { getCaseView, listCaseViews, readPrivateCase } from './views.ts';

const Id = z.strictObject({ id: z.uuid() });
const CaseView = z.union([DispatcherCase, IntegratorCase]);

/** Reading cases; who decides about them posts commands to `stages/dispatch`. */
export function caseRoutes(deps: { readonly tools: ChangeTools }): Route[] {
  const { db, clock, ids } = deps.tools;
  return [
    route({
      method: 'get',
      path: '/api/cases',
      action: 'case.read',
      summary: 'Cases, newest first, filtered, a page at a time',
      query: CaseFilter,
      answer: z.strictObject({ cases: z.array(CaseView), next: z.string().nullable() }),
      async handle({ actor, scope, query }) {
        const page = await listCaseViews(db, reachOf(actor, scope), query);
        return { cases: page.cases.map((c) => viewFor(actor, c)), next: page.next };
      },
    }),
    route({
      method: 'get',
      path: '/api/cases/:id',
      action: 'case.read',
      summary: 'One case',
      params: Id,
      answer: CaseView,
      handle: async ({ actor, scope, params }) => viewFor(actor, await getCaseView(db, reachOf(actor, scope), params.id)),
    }),
    route({
      method: 'get',
      path: '/api/cases/:id/history',
      action: 'case.read',
      summary: 'What became true about a case and its jobs',
      params: Id,
      answer: z.array(HistoryEntry),
      async handle({ actor, scope, params }) {
        const c = await getCaseView(db, reachOf(actor, scope), params.id);
        return listCaseHistory(db, c.id);
      },
    }),
    route({
      method: 'get',
      path: '/api/cases/:id/private',
      action: 'case.read_private',
      summary: 'The reporter’s words and contact; the read is logged with its reason',
      params: Id,
      query: z.strictObject({ why: z.string().min(3).max(200) }),
      answer: PrivateCase,
      handle: ({ actor, scope, params, query }) =>
        db.transaction((tx) =>
          readPrivateCase(tx, reachOf(actor, scope), params.id, {
            id: ids.next(clock.now()),
            at: clock.now(),
            accountId: actor.accountId,
            why: query.why,
          }),
        ),
    }),
  ];
}

/** Another system gets less than the desk: no words of ours, nothing about who reported. */
function viewFor(actor: Actor, c: DispatcherCase): DispatcherCase | IntegratorCase {
  if (actor.role !== 'integrator') return c;
  const { decidedReason, hasContact, jobIds, ...rest } = c;
  void [decidedReason, hasContact, jobIds];
  return rest;
}
