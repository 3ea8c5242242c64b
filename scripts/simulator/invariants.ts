import type { Db } from '../../db/knex.ts';

/** What the clients of a run know they were told, to be found again in the database. */
export interface Acknowledged {
  /** Per device: every fix up to this sequence number was acknowledged. */
  readonly fixesThrough: ReadonlyMap<string, number>;
  /** Ids of actions that got an answer below 400. */
  readonly actions: readonly string[];
  /** Source ids of the reports that got a receipt. */
  readonly reports: readonly { readonly source: string; readonly sourceId: string }[];
  /** Names, addresses and words that clients sent; none may be found outside the private schema. */
  readonly canaries: readonly string[];
}

export interface Finding {
  readonly holds: boolean;
  /** A few rows that break it, for the person who has to find out why. */
  readonly examples: readonly unknown[];
}

export type Invariants = Readonly<Record<string, Finding>>;

const ACTIVE = `('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused')`;

async function rows<T>(db: Db, sql: string, bindings: readonly unknown[] = []): Promise<T[]> {
  return (await db.raw<{ rows: T[] }>(sql, bindings as never)).rows;
}

const none = (examples: readonly unknown[]): Finding => ({ holds: examples.length === 0, examples: examples.slice(0, 5) });

/** Which assignment states may follow which; a crew may jump forward, and its steps between are implied. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  planned: [
    'dispatched',
    'cancelled',
    'accepted',
    'travelling',
    'on_site',
    'working',
    'paused',
    'completed',
    'cannot_complete',
    'declined',
    'recalled',
  ],
  dispatched: [
    'accepted',
    'declined',
    'recalled',
    'cancelled',
    'travelling',
    'on_site',
    'working',
    'paused',
    'completed',
    'cannot_complete',
  ],
  accepted: ['travelling', 'on_site', 'working', 'paused', 'completed', 'cannot_complete', 'declined', 'recalled', 'cancelled'],
  travelling: ['on_site', 'working', 'paused', 'completed', 'cannot_complete', 'recalled', 'cancelled'],
  on_site: ['working', 'paused', 'completed', 'cannot_complete', 'recalled', 'cancelled'],
  working: ['paused', 'completed', 'cannot_complete', 'recalled', 'cancelled'],
  paused: ['working', 'completed', 'cannot_complete', 'recalled', 'cancelled'],
  // What happened in the field stands, also after the office had taken the work back.
  recalled: ['completed', 'cannot_complete', 'travelling', 'on_site', 'working', 'paused'],
  cancelled: ['completed', 'cannot_complete', 'travelling', 'on_site', 'working', 'paused'],
  declined: ['completed', 'cannot_complete', 'travelling', 'on_site', 'working', 'paused'],
  completed: [],
  cannot_complete: ['completed'],
};

interface StateChange {
  readonly seq: number;
  readonly assignment_id: string;
  readonly type: string;
  readonly from: string | null;
  readonly to: string;
}

/** Follows every assignment through the event log with a table of its own, apart from the code that made the events. */
async function statesFollow(db: Db): Promise<Finding> {
  const log = await rows<StateChange>(
    db,
    `select seq, assignment_id, type, body ->> 'from' as "from", coalesce(body ->> 'to', body ->> 'state') as "to" from event
     where type in ('assignment.planned', 'assignment.state_changed') order by seq`,
  );
  const present = new Map<string, string>();
  const broken: unknown[] = [];
  for (const change of log) {
    const before = present.get(change.assignment_id);
    if (change.type === 'assignment.planned') {
      if (before !== undefined) broken.push({ ...change, was: before });
      present.set(change.assignment_id, change.to ?? 'planned');
      continue;
    }
    if (before !== change.from || !(NEXT[before ?? '']?.includes(change.to) ?? false))
      broken.push({ ...change, was: before ?? null });
    present.set(change.assignment_id, change.to);
  }
  for (const row of await rows<{ id: string; state: string }>(db, 'select id, state from assignment')) {
    if (present.get(row.id) !== row.state)
      broken.push({ assignment: row.id, stored: row.state, log: present.get(row.id) ?? null });
  }
  return none(broken);
}

async function acknowledgedIsThere(db: Db, told: Acknowledged): Promise<Finding> {
  const broken: unknown[] = [];
  for (let i = 0; i < told.actions.length; i += 5000) {
    const ids = told.actions.slice(i, i + 5000);
    broken.push(
      ...(await rows(
        db,
        `select u.id as action from unnest(?::uuid[]) as u(id) left join action a on a.id = u.id and a.status between 200 and 399 where a.id is null`,
        [`{${ids.join(',')}}`],
      )),
    );
  }
  for (const [device, through] of told.fixesThrough) {
    const [stored] = await rows<{ known: number }>(
      db,
      'select count(distinct device_seq)::int as known from fix where device_id = ? and device_seq <= ?',
      [device, through],
    );
    if (stored?.known !== through) broken.push({ device, acknowledged: through, stored: stored?.known });
  }
  for (const { source, sourceId } of told.reports) {
    const found = await rows(db, 'select 1 from cases where source = ? and source_id = ?', [source, sourceId]);
    if (found.length !== 1) broken.push({ source, sourceId });
  }
  return none(broken);
}

/** Everything that a client wrote in confidence, looked for in all places where it must not be. */
async function privateStaysPrivate(db: Db, canaries: readonly string[]): Promise<Finding> {
  const broken: unknown[] = [];
  const places = ['event.body', 'action.answer', 'plan.result', 'plan.saw', 'notification.params', 'question.body', 'timer.body'];
  for (const canary of canaries) {
    for (const place of places) {
      const [table, column] = place.split('.') as [string, string];
      const [found] = await rows<{ hits: number }>(db, 'select count(*)::int as hits from ?? where ??::text like ?', [
        table,
        column,
        `%${canary}%`,
      ]);
      if ((found?.hits ?? 0) > 0) broken.push({ canary, place, hits: found?.hits });
    }
  }
  return none(broken);
}

/**
 * Checks, from the database and the event log alone, what must be true after any day. Each is a sentence that a
 * supervisor would say; `examples` names rows that break it.
 */
export async function checkInvariants(db: Db, told: Acknowledged): Promise<Invariants> {
  return {
    nothing_acknowledged_missing: await acknowledgedIsThere(db, told),
    no_slot_with_two_crews: none(
      await rows(
        db,
        `select job_id, slot, count(*)::int from assignment where state in ${ACTIVE} and requested is null group by 1, 2 having count(*) > 1`,
      ),
    ),
    no_slot_done_twice_unasked: none(
      await rows(
        db,
        `select a.job_id, a.slot, count(*)::int from assignment a where a.state = 'completed'
           and not exists (select 1 from question q where q.job_id = a.job_id) group by 1, 2 having count(*) > 1`,
      ),
    ),
    // By the times of the field: on the way to, at or working on two jobs at once.
    no_shift_in_two_places: none(
      await rows(
        db,
        `with busy as (select id, shift_id, tstzrange(coalesce(travelling_at, on_site_at, working_at), ended_at, '[)') as during
           from assignment where coalesce(travelling_at, on_site_at, working_at) < ended_at and state in ('completed', 'cannot_complete'))
         select a.shift_id, a.id as one, b.id as other from busy a join busy b on a.shift_id = b.shift_id and a.id < b.id and a.during && b.during`,
      ),
    ),
    no_resource_in_two_shifts: none(
      await rows(
        db,
        `select a.resource_id from shift_member a join shift_member b on a.resource_id = b.resource_id and a.id < b.id and a.during && b.during`,
      ),
    ),
    // Each movement begins once and ends once, also where a server was killed in between.
    no_movement_told_twice: none(
      await rows(
        db,
        `with told as (
           select seq, type, at, shift_id, body ->> 'vehicleId' as vehicle, coalesce(assignment_id::text, body ->> 'depot', '') as subject,
             case when type in ('movement.entered', 'movement.left') then 'fence' else replace(type, '_over', '') end as kind
           from event where type like 'movement.%'),
         ordered as (
           select *, lag(type) over one as before, lag(at) over one as before_at from told
           window one as (partition by shift_id, vehicle, kind, subject order by seq))
         select * from ordered where before = type and kind <> 'movement.panic' or at < before_at
           or before is null and type in ('movement.left') or before is null and type like '%_over'`,
      ),
    ),
    no_state_jumped: await statesFollow(db),
    seq_gapless: none(
      await rows(
        db,
        `select count(*)::int as events, min(seq)::int as first, max(seq)::int as last, (select last_seq::int from event_counter) as counter from event
         having count(*) > 0 and (min(seq) <> 1 or max(seq) <> count(*) or max(seq) <> (select last_seq from event_counter))`,
      ),
    ),
    finished_jobs_cases_told: none(
      await rows(
        db,
        `select distinct cj.case_id, j.number from job j join case_job cj on cj.job_id = j.id and cj.left_at is null join cases c on c.id = cj.case_id
         where j.state = 'completed' and c.state in ('resolved', 'resolved_unverified')
           and not exists (select 1 from notification n where n.case_id = cj.case_id and n.message like '%resolved%')`,
      ),
    ),
    finished_jobs_close_cases: none(
      await rows(
        db,
        `select c.number, c.state from cases c where c.decided is null and c.reopened_at is null and c.state not in ('resolved', 'resolved_unverified')
           and exists (select 1 from case_job cj where cj.case_id = c.id and cj.left_at is null)
           and not exists (select 1 from case_job cj join job j on j.id = cj.job_id where cj.case_id = c.id and cj.left_at is null and j.state <> 'completed')`,
      ),
    ),
    private_data_in_no_event: await privateStaysPrivate(db, told.canaries),
    every_event_delivered: none(await rows(db, 'select reader, count(*)::int as open from delivery group by reader')),
  };
}
