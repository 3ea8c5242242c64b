import type { Db } from '../../../db/knex.ts';
import type { PlanState } from './contract.ts';

/** A leg of the plan in force: the way to one stop. */
export interface PlannedLeg {
  readonly shiftId: string;
  readonly jobId: string;
  readonly slot: number;
  readonly travelSeconds: number;
  readonly metres: number;
}

/** The legs of the plan in force of a service day, as the planning stage wrote them (result, format 1). */
export async function listPlannedLegs(db: Db, serviceDay: string): Promise<PlannedLeg[]> {
  const { rows } = await db.raw<{ rows: PlannedLeg[] }>(
    `with p as materialized (select result from plan where service_day = ? and state = 'published' and result ->> 'format' = '1'
       order by published_at desc limit 1),
     shifts as (select ordinality - 1 as index, value ->> 'shiftId' as id from p, jsonb_array_elements(p.result -> 'shifts') with ordinality),
     slots as (select ordinality - 1 as index, value from p, jsonb_array_elements(p.result -> 'slots') with ordinality)
     select shifts.id as "shiftId", slots.value ->> 'jobId' as "jobId", (slots.value ->> 'slot')::integer as slot,
       (stop ->> 'travel')::integer as "travelSeconds", (stop ->> 'metres')::integer as metres
     from p, jsonb_array_elements(p.result -> 'plan' -> 'shifts') planned, jsonb_array_elements(planned -> 'stops') stop, shifts, slots
     where shifts.index = (planned ->> 'shift')::integer and slots.index = (stop ->> 'job')::integer`,
    [serviceDay],
  );
  return rows;
}

/** A plan of the day: what it cost, and what publishing it changed. */
export interface DayPlan {
  readonly id: string;
  readonly state: PlanState;
  readonly madeAt: Date;
  readonly publishedAt: Date | null;
  readonly cost: number;
  readonly roadsSource: 'osrm' | 'estimate';
  /** Every round of its assignment programme came with a certificate that was checked. */
  readonly certified: boolean;
  /** null: it was never published. */
  readonly changes: {
    readonly assigned: number;
    readonly moved: number;
    readonly unassigned: number;
    readonly unchanged: number;
    readonly dispatched: number;
    readonly leftAlone: number;
  } | null;
}

/** The plans of a service day, newest first. What publishing changed is in the answer the desk was given then. */
export async function listDayPlans(db: Db, serviceDay: string, since: Date, limit: number): Promise<DayPlan[]> {
  const { rows } = await db.raw<{ rows: DayPlan[] }>(
    `with outcomes as (
       select answer, (answer ->> 'planId')::uuid as plan_id from action
       where received_at >= :since and kind = 'plan.publish' and status = 200)
     select p.id, p.state, p.made_at as "madeAt", p.published_at as "publishedAt", (p.cost ->> 'total')::float8 as cost,
       p.roads_source as "roadsSource",
       not exists (select 1 from jsonb_array_elements(p.lp -> 'rounds') round where not (round ->> 'certified')::boolean) as certified,
       case when o.plan_id is not null then jsonb_build_object(
         'assigned', o.answer -> 'assigned', 'moved', o.answer -> 'moved', 'unassigned', o.answer -> 'unassigned',
         'unchanged', o.answer -> 'unchanged', 'dispatched', o.answer -> 'dispatched',
         'leftAlone', jsonb_array_length(o.answer -> 'leftAlone')) end as changes
     from plan p left join outcomes o on o.plan_id = p.id
     where p.service_day = :day and p.state <> 'discarded'
     order by p.made_at desc, p.id desc limit :limit`,
    { day: serviceDay, since, limit },
  );
  return rows;
}
