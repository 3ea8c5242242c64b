import { z } from 'zod';
import { answerOnce } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import type { Change } from '../../platform/events.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { hashToken, newToken } from '../../platform/tokens.ts';
import { CaseReceipt, ReportCase } from '../../stores/cases/contract.ts';
import type { LoadedCity } from '../../stores/city/load.ts';
import type { Streets } from '../../stores/city/streets.ts';
import { catalogueOf, serviceFor } from './catalogue.ts';
import { actionIdOf, newSalt, tokenFrom } from './follow-token.ts';
import { intakeWorld, receiveReports } from './receive-reports.ts';
import { sayTime, sourceOf } from './who-reports.ts';

export interface IntakeDeps {
  readonly tools: ChangeTools;
  readonly city: () => LoadedCity;
  /** Null while the city's roads have not been imported. */
  readonly streets: () => Streets | null;
}

/** What is kept of a receipt: the token is made again from the caller's own key (`follow-token.ts`). */
interface KeptReceipt {
  readonly receipt: CaseReceipt;
  readonly salt: string | null;
}

/** `POST /api/cases`: the desk, anyone on the web, and integrators report here. */
export function intakeRoutes(deps: IntakeDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/cases',
      action: 'case.report',
      summary:
        'Report something. Send a UUID of your own as Idempotency-Key: the same key gets the same receipt and no second case',
      body: ReportCase,
      answer: CaseReceipt,
      status: 201,
      async handle({ actor, body, req, res }) {
        const key = keyOf(req.headers['idempotency-key']);
        const answer = key === null ? await reportOnce(deps, actor, body) : await reportByKey(deps, actor, body, key);
        if (answer.repeated) res.set('Thuma-Repeated', 'true');
        res.status(answer.status);
        return answer.body as CaseReceipt;
      },
    }),
  ];
}

function keyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const key = z.uuid().safeParse(header);
  if (key.success) return key.data.toLowerCase();
  throw new Problem(400, 'invalid-input', 'The header Idempotency-Key must be a UUID that you made.', {
    fields: [{ path: 'Idempotency-Key', message: 'must be an id (UUID)' }],
  });
}

type HttpAnswer = { readonly status: number; readonly body: unknown; readonly repeated: boolean };

async function reportOnce(deps: IntakeDeps, actor: Actor, body: ReportCase): Promise<HttpAnswer> {
  const token = newToken();
  const { status, receipt } = await inChange(deps.tools, actor, (change) => report(deps, change, body, token));
  return { status, body: receipt, repeated: false };
}

async function reportByKey(deps: IntakeDeps, actor: Actor, body: ReportCase, key: string): Promise<HttpAnswer> {
  const answer = await answerOnce(deps.tools, actor, { actionId: actionIdOf(key) }, 'case.report', body, async (change) => {
    const salt = newSalt();
    const { status, receipt } = await report(deps, change, body, tokenFrom(key, salt));
    const kept: KeptReceipt = { receipt: { ...receipt, followToken: null }, salt: receipt.followToken === null ? null : salt };
    return { status, body: kept };
  });
  if (answer.status >= 400) return answer;
  const { receipt, salt } = answer.body as KeptReceipt;
  return { ...answer, body: { ...receipt, followToken: salt === null ? null : tokenFrom(key, salt) } };
}

async function report(
  deps: IntakeDeps,
  change: Change,
  body: ReportCase,
  token: string,
): Promise<{ status: number; receipt: CaseReceipt }> {
  const streets = deps.streets();
  if (streets === null) {
    throw new Problem(503, 'no-roads', "The city's roads have not been imported yet, so no place can be found on them.");
  }
  const { config } = deps.city();
  const catalogue = catalogueOf(config);
  const service = serviceFor(catalogue, body.serviceType);
  const { source, sourceId } = sourceOf(change.actor, body);
  if (body.place === undefined && body.address === undefined) {
    throw new Problem(400, 'invalid-input', 'Say where it is: a place, an address, or both.', {
      fields: [{ path: 'place', message: 'is missing, and so is the address' }],
    });
  }
  const world = await intakeWorld(change.tx, config, catalogue, streets);
  const [received] = await receiveReports(
    change,
    world,
    [
      {
        source,
        sourceId: sourceId ?? change.ids.next(change.now),
        service,
        place: body.place ?? null,
        address: body.address ?? null,
        reportedAt: sayTime(change, body),
        near: body.near ?? null,
        words: body.words ?? null,
        contact: body.contact
          ? { name: body.contact.name ?? null, email: body.contact.email ?? null, phone: body.contact.phone ?? null }
          : null,
        areaCodes: [],
        followTokenHash: hashToken(token),
        atSource: null,
      },
    ],
    { triage: true, bulk: false },
  );
  const { caseId, number, outcome, placeQuality, job } = received!;
  const isNew = outcome === 'new';
  if (!isNew) await requireOwnCase(change, caseId);
  return {
    status: isNew ? 201 : 200,
    // Who reported first holds the link; a source that sends a case again gets no second one.
    receipt: { caseId, joined: job !== null && !job.made, number, followToken: isNew ? token : null, placeQuality },
  };
}

/**
 * A system that is bound to one organisation changes cases of that organisation and those it has sent itself: knowing
 * the id that another system gave a case is no right to it.
 * @throws Problem 403 `source-not-yours`; what was written before is undone with the change.
 */
async function requireOwnCase(change: Change, caseId: string): Promise<void> {
  const { role, organisationId, accountId } = change.actor;
  if (role !== 'integrator' || organisationId === null) return;
  const one = await change.tx('cases').where({ id: caseId }).first<{ organisation_id: string } | undefined>('organisation_id');
  if (one?.organisation_id === organisationId) return;
  const received = await change
    .tx('event')
    .where({ case_id: caseId, type: 'case.received' })
    .orderBy('seq')
    .first<{ actor_account: string | null } | undefined>('actor_account');
  if (received?.actor_account === accountId) return;
  throw new Problem(
    403,
    'source-not-yours',
    'Another system has reported a case under this source and id. Use the name of your own system as the source.',
    { fields: [{ path: 'source', message: 'is used by another system' }] },
  );
}
