import type { Actor } from '../../platform/actor.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import type { ReportCase } from '../../stores/cases/contract.ts';

/** Sources that name themselves by role; a system that sends its own cases takes another name. */
const WEB = 'web';
const DESK = 'desk';

/**
 * Under which name and id a report is kept. Only a system (integrator) or an admin may name a source id: whoever names
 * one can change the case that has it.
 * @throws Problem 400 `invalid-input`, 403 `source-not-yours`.
 */
export function sourceOf(
  actor: Pick<Actor, 'role'>,
  body: Pick<ReportCase, 'source' | 'sourceId'>,
): { source: string; sourceId: string | null } {
  const { source, sourceId } = body;
  switch (actor.role) {
    case 'integrator':
      if (source === undefined || source === WEB || source === DESK) {
        throw needs('source', 'must be the name of your system (not web, not desk)');
      }
      if (sourceId === undefined) throw needs('sourceId', 'is missing: the id your system gave it, so that it never comes twice');
      return { source, sourceId };
    case 'admin':
    case 'system':
      return { source: source ?? DESK, sourceId: sourceId ?? null };
    case 'dispatcher':
    case 'supervisor':
      if (sourceId !== undefined) throw notYours('sourceId');
      return { source: source ?? DESK, sourceId: null };
    case 'anonymous':
    case 'reporter':
    case 'crew':
      if (sourceId !== undefined) throw notYours('sourceId');
      if (source !== undefined && source !== WEB) throw notYours('source');
      return { source: WEB, sourceId: null };
    default:
      return actor.role satisfies never;
  }
}

const needs = (path: string, message: string): Problem =>
  new Problem(400, 'invalid-input', `The body cannot be used: ${path} ${message}.`, { fields: [{ path, message }] });
const notYours = (path: string): Problem =>
  new Problem(403, 'source-not-yours', `Only a system with its own key may send the field ${path}.`, {
    fields: [{ path, message: 'may not be sent by this role' }],
  });

const AHEAD_SECONDS = 5 * 60;
const BACK_DAYS = 7;

/**
 * When it was reported: now, unless the report says. A little ahead is a clock that is wrong and counts as now; the
 * public may say up to a week back (a phone without signal), since the due time runs from there.
 * @throws Problem 400 `invalid-input`.
 */
export function sayTime(change: Pick<Change, 'now' | 'actor'>, body: Pick<ReportCase, 'reportedAt'>): Date {
  const { now, actor } = change;
  if (body.reportedAt === undefined) return now;
  const at = new Date(body.reportedAt);
  if (at.getTime() > now.getTime() + AHEAD_SECONDS * 1000)
    throw needs('reportedAt', `lies in the future (it is ${now.toISOString()})`);
  const trusted = actor.role === 'integrator' || actor.role === 'admin' || actor.role === 'system';
  if (!trusted && at.getTime() < now.getTime() - BACK_DAYS * 86_400_000) {
    throw needs('reportedAt', `lies more than ${BACK_DAYS} days back`);
  }
  return at > now ? now : at;
}
