import { z } from 'zod';
import type { Actor } from '../../platform/actor.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { reachOf } from '../../platform/reach.ts';
import { RecordedDay, RecordedDayName, RecordedDays } from './contract.ts';
import { getRecordedDay, recordedDaysIn } from './files.ts';

export interface RecordedDaysDeps {
  readonly folder: string;
  readonly city: () => { readonly name: string; readonly invented: boolean };
}

/** Days that were played and kept. */
export function recordedDayRoutes({ folder, city }: RecordedDaysDeps): Route[] {
  const list = recordedDaysIn(folder);
  return [
    route({
      method: 'get',
      path: '/api/recorded-days',
      action: 'report.read',
      summary: 'The recorded days that are kept, the newest first',
      answer: RecordedDays,
      async handle({ actor, scope }) {
        requireWholeCity(actor, scope);
        const { name, invented } = city();
        const date = invented ? '2026-03-02' : '2026-01-27';
        return { days: await list(), command: `npm run day -- --city ${name} --date ${date}` };
      },
    }),
    route({
      method: 'get',
      path: '/api/recorded-days/:name',
      action: 'report.read',
      summary: 'A recorded day: figures, invariants, every job and what each crew did',
      params: z.strictObject({ name: RecordedDayName }),
      answer: RecordedDay,
      handle({ actor, scope, params }) {
        requireWholeCity(actor, scope);
        return getRecordedDay(folder, params.name);
      },
    }),
  ];
}

/** A recorded day is of every department. @throws Problem 403 `whole-city-only`. */
function requireWholeCity(actor: Actor, scope: Scope): void {
  const { organisationId, areaIds } = reachOf(actor, scope);
  if (organisationId === null && areaIds.length === 0) return;
  throw new Problem(
    403,
    'whole-city-only',
    'A recorded day shows the whole city, and your account sees a part of it. Ask somebody who sees all of it.',
  );
}
