import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanId, PlanOrigin } from './contract.ts';

type Row = Omit<PlanOrigin, 'planId' | 'requestedAt' | 'configLoadedAt'> & {
  readonly requestedAt: Date;
  readonly configLoadedAt: Date;
};

/** Whose plan it is and what it was made from. @throws Problem 404 `no-such-plan`. */
export async function readPlanOrigin(db: Db, planId: PlanId): Promise<PlanOrigin> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select (select count(*)::integer from plan o
         where o.service_day = p.service_day and (o.made_at, o.requested_at, o.id) <= (p.made_at, p.requested_at, p.id)) as number,
       (select count(*)::integer from plan o where o.service_day = p.service_day) as "ofDay",
       p.requested_at as "requestedAt", by_whom.display_name as "requestedBy", r.reason,
       (select coalesce(a.display_name, act.actor_role) from action act left join account a on a.id = act.actor_account
         where act.received_at between p.published_at and p.published_at + interval '1 minute' and act.kind = 'plan.publish' and act.status = 200
           and act.answer ->> 'planId' = p.id::text limit 1) as "publishedBy",
       (select c.plan_id from plan_certificate c where c.better_plan_id = p.id limit 1) as "cheaperThan",
       (select count(*)::integer from jsonb_object_keys(p.saw -> 'jobs')) as jobs,
       (select count(*)::integer from jsonb_object_keys(p.saw -> 'shifts')) as shifts,
       p.problem_hash as "problemHash", v.hash as "configHash", v.loaded_at as "configLoadedAt"
     from plan p join config_version v on v.id = p.config_version_id
       left join account by_whom on by_whom.id = p.requested_by
       left join lateral (select reason from plan_request q where q.plan_id = p.id limit 1) r on true
     where p.id = ?`,
    [planId],
  );
  const [row] = rows;
  if (row === undefined) throw new Problem(404, 'no-such-plan', `There is no plan ${planId}.`);
  const { requestedAt, configLoadedAt, ...rest } = row;
  return { planId, ...rest, requestedAt: requestedAt.toISOString(), configLoadedAt: configLoadedAt.toISOString() };
}
