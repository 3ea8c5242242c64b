import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import type { JobId } from '../jobs/contract.ts';
import { LATE_FROM_SECONDS, type Override, type OverrideAgainst, type OverrideKind, type OverrideOutcome } from './contract.ts';
import type { PatternCase, PatternCases } from './patterns.ts';

/** A decision against what the plan had, as it is written down with it. */
export interface NewOverride {
  readonly actionId: string;
  /** City time. */
  readonly at: Date;
  readonly kind: OverrideKind;
  readonly jobId: string;
  readonly slot: number;
  readonly assignmentId: string;
  readonly fromShiftId: string | null;
  readonly toShiftId: string | null;
  readonly startAt: string | null;
  /** The plan that had it so; null: no plan, so what the plan in force says of the job is looked up. */
  readonly planId: string | null;
  /** A person had it so. */
  readonly byHand: boolean;
  readonly reason: string | null;
}

/** Writes it down in the transaction of its action. */
export async function insertOverride(tx: Db, one: NewOverride): Promise<void> {
  const { against, planId } = await whatPlanHad(tx, one);
  await tx('override').insert({
    action_id: one.actionId,
    at: one.at,
    kind: one.kind,
    against,
    plan_id: planId,
    job_id: one.jobId,
    slot: one.slot,
    assignment_id: one.assignmentId,
    from_shift_id: one.fromShiftId,
    to_shift_id: one.toShiftId,
    start_at: one.startAt,
    reason: one.reason,
  });
}

async function whatPlanHad(tx: Db, one: NewOverride): Promise<{ against: OverrideAgainst; planId: string | null }> {
  if (one.planId !== null) return { against: 'plan', planId: one.planId };
  if (one.byHand) return { against: 'by_hand', planId: null };
  const { rows } = await tx.raw<{ rows: { id: string; touched: boolean }[] }>(
    `select p.id, exists (select from override o where o.job_id = :job and o.at >= p.published_at) as touched
     from plan p join crew_shift s on s.service_day = p.service_day
     where s.id = :shift and p.state = 'published' and jsonb_exists(p.saw -> 'jobs', :job)`,
    { job: one.jobId, shift: one.toShiftId },
  );
  const plan = rows[0];
  if (plan === undefined) return { against: 'nothing', planId: null };
  // The plan had given it to somebody, and a person has taken it off since.
  return { against: plan.touched ? 'by_hand' : 'left_out', planId: plan.id };
}

/** Work that was given to a crew and waits for its price. */
export interface UnpricedOverride {
  readonly actionId: string;
  readonly jobId: JobId;
  readonly slot: number;
  readonly fromShiftId: string | null;
  readonly toShiftId: string;
  readonly serviceDay: string;
  /** The plan that had it otherwise, and so long it was then made; null: none had. */
  readonly planId: string | null;
  readonly planAgeMillis: number | null;
}

/** Those decided since then that stand, the oldest first; at most `limit`. */
export async function listUnpriced(tx: Db, since: Date, limit: number): Promise<UnpricedOverride[]> {
  return tx('override as o')
    .join('crew_shift as s', 's.id', 'o.to_shift_id')
    .join('assignment as a', 'a.id', 'o.assignment_id')
    .leftJoin('plan as p', 'p.id', 'o.plan_id')
    .where('o.at', '>=', since)
    .whereIn('o.kind', ['give', 'move'])
    .whereNull('o.price')
    .whereRaw('a.shift_id = o.to_shift_id')
    .orderBy('o.at')
    .limit(limit)
    .select<UnpricedOverride[]>(
      'o.action_id as actionId',
      'o.job_id as jobId',
      'o.slot',
      'o.from_shift_id as fromShiftId',
      'o.to_shift_id as toShiftId',
      's.service_day as serviceDay',
      'o.plan_id as planId',
      tx.raw('(1000 * extract(epoch from o.at - p.made_at))::float8 as "planAgeMillis"'),
    );
}

export async function setOverridePrice(tx: Db, actionId: string, price: number): Promise<void> {
  await tx('override').where({ action_id: actionId }).update({ price });
}

interface OverrideRow extends Omit<Override, 'at' | 'price' | 'from' | 'to' | 'outcome' | 'lateSeconds'> {
  at: Date;
  price: string | number | null;
  fromShiftId: string | null;
  fromNumber: number;
  fromName: string;
  toShiftId: string | null;
  toNumber: number;
  toName: string;
  undone: boolean;
  assignmentState: string;
  assignmentShiftId: string;
  doneShiftId: string | null;
  lateBy: number | null;
  jobState: string;
}

/** Overrides within the reach, of the time from `from` to `until`. */
const WITHIN = `o.at >= :from and o.at < :until
  and (:organisation::uuid is null or j.organisation_id = :organisation::uuid)
  and (cardinality(:areas::uuid[]) = 0 or j.area_ids && :areas::uuid[])`;

export interface Span {
  readonly from: Date;
  readonly until: Date;
}

const bindings = ({ from, until }: Span, reach: Reach) => ({
  from,
  until,
  organisation: reach.organisationId,
  areas: [...reach.areaIds],
});

/** The newest overrides first, each with what became of it by now. */
export async function listOverrides(tx: Db, span: Span, reach: Reach, limit: number): Promise<Override[]> {
  const { rows } = await tx.raw<{ rows: OverrideRow[] }>(
    `select o.action_id as "actionId", o.at, acc.display_name as by, o.kind, o.against, o.job_id as "jobId",
       j.number as "jobNumber", j.title, j.job_type as "jobType", o.reason, o.price,
       o.from_shift_id as "fromShiftId", fc.number as "fromNumber", fc.name as "fromName",
       o.to_shift_id as "toShiftId", tc.number as "toNumber", tc.name as "toName",
       act.undone_by is not null as undone, a.state as "assignmentState", a.shift_id as "assignmentShiftId",
       done.shift_id as "doneShiftId", j.state as "jobState",
       floor(extract(epoch from coalesce(done.working_at, done.on_site_at, done.ended_at) - j.due_at))::integer as "lateBy"
     from override o join action act on act.id = o.action_id join job j on j.id = o.job_id
       join assignment a on a.id = o.assignment_id
       left join account acc on acc.id = act.actor_account
       left join crew_shift fs on fs.id = o.from_shift_id left join crew fc on fc.id = fs.crew_id
       left join crew_shift ts on ts.id = o.to_shift_id left join crew tc on tc.id = ts.crew_id
       left join lateral (select d.* from assignment d
         where d.job_id = o.job_id and d.slot = o.slot and d.state = 'completed' order by d.ended_at limit 1) done on true
     where ${WITHIN}
     order by o.at desc, o.action_id desc limit :limit`,
    { ...bindings(span, reach), limit } as never,
  );
  return rows.map((row) => ({
    actionId: row.actionId,
    at: row.at.toISOString(),
    by: row.by,
    kind: row.kind,
    against: row.against,
    jobId: row.jobId,
    jobNumber: row.jobNumber,
    title: row.title,
    jobType: row.jobType,
    from: row.fromShiftId === null ? null : { shiftId: row.fromShiftId, crewNumber: row.fromNumber, crewName: row.fromName },
    to: row.toShiftId === null ? null : { shiftId: row.toShiftId, crewNumber: row.toNumber, crewName: row.toName },
    reason: row.reason,
    price: row.price === null ? null : Number(row.price),
    outcome: outcomeOf(row),
    lateSeconds: outcomeOf(row) === 'late' ? row.lateBy : null,
  }));
}

function outcomeOf(row: OverrideRow): OverrideOutcome {
  if (row.undone) return 'undone';
  if (row.doneShiftId !== null) {
    if (row.toShiftId !== null && row.doneShiftId !== row.toShiftId) return 'changed_again';
    return (row.lateBy ?? 0) >= LATE_FROM_SECONDS ? 'late' : 'on_time';
  }
  if (row.assignmentState === 'cannot_complete' || ['cannot_complete', 'cancelled'].includes(row.jobState)) return 'not_done';
  if (row.toShiftId === null) return 'open';
  if (row.assignmentShiftId !== row.toShiftId) return 'changed_again';
  if (row.assignmentState === 'declined') return 'not_done';
  if (row.assignmentState === 'recalled' || row.assignmentState === 'cancelled') return 'recalled';
  return 'open';
}

/** How many there are, and how many of them contradict a plan and stand. */
export async function countOverrides(tx: Db, span: Span, reach: Reach): Promise<{ total: number; againstPlan: number }> {
  const { rows } = await tx.raw<{ rows: { total: number; againstPlan: number }[] }>(
    `select count(*)::integer as total,
       (count(*) filter (where o.against in ('plan', 'left_out') and act.undone_by is null))::integer as "againstPlan"
     from override o join action act on act.id = o.action_id join job j on j.id = o.job_id where ${WITHIN}`,
    bindings(span, reach) as never,
  );
  return rows[0]!;
}

interface CaseRow extends PatternCase {
  was: 'refused' | 'kept' | 'chosen';
}

/**
 * What patterns are looked for in: work that was moved or taken off against the plan, work that stayed where a plan had put
 * it, work that a person gave against the plan; alike cases counted together. Hours are local in `zone` (IANA).
 */
export async function readPatternCases(tx: Db, span: Span, reach: Reach, zone: string): Promise<PatternCases> {
  const { rows } = await tx.raw<{ rows: CaseRow[] }>(
    `with against as (
       select o.from_shift_id, o.to_shift_id, o.start_at, j.area_ids, j.job_type
       from override o join action act on act.id = o.action_id join job j on j.id = o.job_id
       where ${WITHIN} and act.undone_by is null and o.against in ('plan', 'left_out')
         and o.from_shift_id is distinct from o.to_shift_id
     ), one as (
       select 'refused' as was, from_shift_id as shift_id, start_at, area_ids, job_type from against where from_shift_id is not null
       union all
       select 'chosen', to_shift_id, start_at, area_ids, job_type from against where to_shift_id is not null
       union all
       select 'kept', a.shift_id, a.planned_start, j.area_ids, j.job_type from assignment a join job j on j.id = a.job_id
       where a.plan_id is not null and a.state not in ('cancelled', 'recalled')
         and a.planned_start >= :from
         and (:organisation::uuid is null or j.organisation_id = :organisation::uuid)
         and (cardinality(:areas::uuid[]) = 0 or j.area_ids && :areas::uuid[])
     ), alike as (
       select was, s.crew_id, extract(hour from start_at at time zone :zone)::integer as hour, area_ids, job_type,
         count(*)::integer as count
       from one join crew_shift s on s.id = one.shift_id group by 1, 2, 3, 4, 5
     )
     select was, c.number as "crewNumber", c.name as "crewName", hour, job_type as "jobType", count,
       array(select ar.name from area ar where ar.id = any (area_ids) order by ar.name) as areas
     from alike join crew c on c.id = alike.crew_id order by was, c.number, hour, job_type, area_ids`,
    { ...bindings(span, reach), zone } as never,
  );
  const of = (was: CaseRow['was']): PatternCase[] => rows.filter((row) => row.was === was);
  return { refused: of('refused'), kept: of('kept'), chosen: of('chosen') };
}
