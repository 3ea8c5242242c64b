import type { Db } from '../../../db/knex.ts';

/**
 * What must be true of a database whatever was done to it, found out without any code of the stores: states are
 * derived again in SQL from the words of the model, transitions are checked from the event log against a list written
 * out by hand. Tests only. @returns a sentence for each thing that is wrong.
 */
export async function brokenInvariants(db: Db, secrets: readonly string[] = []): Promise<string[]> {
  const checks = [
    ...INVARIANTS.map(async ([sentence, sql]) => {
      const { rows } = await db.raw<{ rows: unknown[] }>(sql);
      return rows.length === 0 ? [] : [`${sentence}: ${JSON.stringify(rows.slice(0, 3))}`];
    }),
    ...secrets.flatMap((secret) =>
      ['event', 'action', 'timer', 'question'].map(async (table) => {
        const { rows } = await db.raw<{ rows: unknown[] }>('select t from ?? t where t::text ilike ?', [table, `%${secret}%`]);
        return rows.length === 0 ? [] : [`private words "${secret}" in ${table}: ${JSON.stringify(rows[0])}`];
      }),
    ),
    brokenTransitions(db),
  ];
  return (await Promise.all(checks)).flat();
}

const ACTIVE = `a.state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused') and a.requested is null`;
const UNDER_WAY = `a.state in ('travelling', 'on_site', 'working', 'paused') and a.requested is null`;

/** Each query finds what is wrong. */
const INVARIANTS: readonly (readonly [string, string])[] = [
  ['a slot with two crews', `select job_id, slot from assignment a where ${ACTIVE} group by 1, 2 having count(*) > 1`],
  [
    'a shift with the same job twice',
    `select job_id, shift_id from assignment a where ${ACTIVE} group by 1, 2 having count(*) > 1`,
  ],
  [
    'a job state that does not follow from its slots',
    `with slot as (
       select j.id, g.slot,
         bool_or(${UNDER_WAY}) as under_way, bool_or(a.state = 'completed') as completed,
         bool_or(a.state = 'cannot_complete') as failed, bool_or(${ACTIVE}) as active,
         bool_or(a.state in ('dispatched', 'accepted') and a.requested is null) as sent,
         bool_or(a.state = 'planned' and a.requested is null) as planned
       from job j cross join generate_series(0, jsonb_array_length(j.slots) - 1) as g(slot)
         left join assignment a on a.job_id = j.id and a.slot = g.slot group by 1, 2),
     derived as (
       select id, case
         when coalesce(bool_or(under_way), false) then 'under_way'
         when bool_and(coalesce(completed, false)) then 'completed'
         when bool_or(coalesce(failed, false) and not coalesce(completed, false))
           and not bool_or(coalesce(active, false) and not coalesce(completed, false)) then 'cannot_complete'
         when bool_or(coalesce(sent, false) and not coalesce(completed, false)) then 'dispatched'
         when bool_and(coalesce(planned, false) and not coalesce(completed, false)) then 'planned'
         else 'ready' end as state
       from slot group by 1)
     select j.number, j.state, coalesce(j.decided, d.state) as should_be from job j join derived d using (id)
     where j.state <> coalesce(j.decided, d.state)`,
  ],
  [
    'a case state that does not follow from its jobs',
    `with reasons as (
       select a.job_id, bool_and(a.reason in ('not_found', 'already_fixed')) as closes from assignment a
       where a.state = 'cannot_complete'
         and not exists (select 1 from assignment b where b.job_id = a.job_id and b.slot = a.slot and b.state = 'completed')
         and not exists (select 1 from assignment b where b.job_id = a.job_id and b.slot = a.slot and b.state = 'cannot_complete'
           and (b.ended_at, b.id) > (a.ended_at, a.id))
       group by 1),
     visits as (
       select job_id, bool_or(unseen) as unverified from (
         select job_id, slot, bool_and(verification = 'unverified') as unseen from assignment where state = 'completed' group by 1, 2) v
       group by 1),
     jobs as (
       select c.id, count(j.id) as jobs, bool_or(j.state = 'under_way') as under_way,
         bool_and(j.state in ('completed', 'cannot_complete', 'cancelled')) as ended, bool_and(j.state = 'completed') as completed,
         bool_or(j.state = 'completed' and v.unverified) as unverified,
         bool_and(j.state = 'completed' or (j.state = 'cannot_complete' and coalesce(r.closes, false))) as closes,
         bool_or(j.state in ('planned', 'dispatched')) as planned
       from cases c left join case_job l on l.case_id = c.id and l.left_at is null left join job j on j.id = l.job_id
         left join reasons r on r.job_id = j.id left join visits v on v.job_id = j.id
       group by 1),
     derived as (
       select c.id, case
         when c.decided is not null then c.decided
         when c.reopened_at is not null and c.triaged_at is null then 'reopened'
         when jobs = 0 then case when c.triaged_at is null then 'received' else 'triaged' end
         when under_way then 'in_progress'
         when ended and completed then case when unverified then 'resolved_unverified' else 'resolved' end
         when ended and closes then 'no_action'
         when ended then 'triaged'
         when planned then 'scheduled'
         else 'triaged' end as state
       from cases c join jobs using (id))
     select c.number, c.state, d.state as should_be from cases c join derived d using (id) where c.state <> d.state`,
  ],
  [
    'a closed case without its time, or an open one with it',
    `select number, state, closed_at from cases
     where (closed_at is not null) <> (state in ('resolved', 'resolved_unverified', 'duplicate', 'referred', 'no_action', 'cancelled'))`,
  ],
  [
    'an ended job without its time, or an open one with it',
    `select number, state, ended_at from job where (ended_at is not null) <> (state in ('completed', 'cannot_complete', 'cancelled'))`,
  ],
  [
    'a gap in seq',
    `select count(*), min(seq), max(seq), (select last_seq from event_counter) as counter from event
     having count(*) > 0 and (min(seq) <> 1 or max(seq) <> count(*) or max(seq) <> (select last_seq from event_counter))`,
  ],
  ['an action without an answer', `select id, kind from action where status = 0`],
  ['a refused action that told something', `select a.id from action a join event e on e.action_id = a.id where a.status >= 400`],
  [
    'an order version that does not count the changes of order',
    `select s.id, s.order_version, count(e.seq) from crew_shift s
       left join event e on e.shift_id = s.id and e.type = 'shift.order_changed'
     group by s.id having s.order_version <> 1 + count(e.seq)`,
  ],
  [
    'two stops of a shift in one place',
    `select shift_id, position from assignment a where ${ACTIVE} group by 1, 2 having count(*) > 1`,
  ],
  [
    'work asked back without a time limit',
    `select a.id from assignment a where a.requested is not null and not exists (
       select 1 from timer t where t.kind = 'recall_timeout' and t.subject_id = a.id and t.done_at is null)`,
  ],
  [
    'a timer to send work that is not planned',
    `select t.subject_id, a.state from timer t join assignment a on a.id = t.subject_id
     where t.kind = 'freeze' and t.done_at is null and a.state <> 'planned'`,
  ],
  [
    'a completion nobody will settle',
    `select a.id from assignment a where a.verification = 'pending' and not exists (
       select 1 from timer t where t.kind = 'verification_timeout' and t.subject_id = a.id)`,
  ],
  [
    'a finished job whose cases were not told',
    `select j.number, c.number from job j join case_job l on l.job_id = j.id and l.left_at is null join cases c on c.id = l.case_id
     where j.state = 'completed' and not exists (select 1 from case_job o join job k on k.id = o.job_id
         where o.case_id = c.id and o.left_at is null and k.state <> 'completed')
       and c.decided is null and c.reopened_at is null and c.state not in ('resolved', 'resolved_unverified')`,
  ],
  [
    'a job that could not be completed and has two follow-ups',
    `select follow_up_of from job where follow_up_of is not null group by 1 having count(*) > 1`,
  ],
  [
    'an active slot in a job that was cancelled',
    `select a.id from assignment a join job j on j.id = a.job_id where j.decided = 'cancelled' and ${ACTIVE}`,
  ],
];

/** The model's table with the jumps a crew may make, written out by hand; the last line is the field's own truth. */
const TABLE: Readonly<Record<string, string>> = {
  planned: 'dispatched accepted declined travelling on_site working paused completed cannot_complete cancelled',
  dispatched: 'accepted declined recalled travelling on_site working paused completed cannot_complete cancelled',
  accepted: 'recalled travelling on_site working paused completed cannot_complete cancelled',
  travelling: 'on_site working paused completed cannot_complete recalled cancelled',
  on_site: 'working paused completed cannot_complete recalled cancelled',
  working: 'paused completed cannot_complete recalled cancelled',
  paused: 'working completed cannot_complete recalled cancelled',
  recalled: 'completed cannot_complete',
  cancelled: 'completed cannot_complete',
  declined: 'completed cannot_complete',
  completed: '',
  cannot_complete: '',
};

/** Follows each assignment, job and case through the log: no state jumps, and the last one is the row's. */
async function brokenTransitions(db: Db): Promise<string[]> {
  const wrong: string[] = [];
  for (const { kind, table, born, first } of [
    { kind: 'assignment', table: 'assignment', born: 'assignment.planned', first: 'planned' },
    { kind: 'job', table: 'job', born: 'job.created', first: null },
    { kind: 'case', table: 'cases', born: 'case.received', first: 'received' },
  ]) {
    const { rows } = await db.raw<{ rows: { id: string; type: string; body: { from?: string; to?: string; state?: string } }[] }>(
      'select ??::text as id, type, body from event where type in (?, ?) and ?? is not null order by seq',
      [`${kind}_id`, born, `${kind}.state_changed`, `${kind}_id`],
    );
    const states = new Map<string, string>();
    for (const { id, type, body } of rows) {
      if (type === born) {
        if (states.has(id)) wrong.push(`${kind} ${id} was born twice`);
        states.set(id, first ?? body.state!);
        continue;
      }
      const before = states.get(id);
      if (before !== body.from) wrong.push(`${kind} ${id} went from ${body.from} to ${body.to} when it was ${before}`);
      if (kind === 'assignment' && !TABLE[body.from!]!.split(' ').includes(body.to!)) {
        wrong.push(`assignment ${id} left the table: ${body.from} -> ${body.to}`);
      }
      states.set(id, body.to!);
    }
    const stored = await db(table).select<{ id: string; state: string }[]>('id', 'state');
    for (const { id, state } of stored) {
      if (states.get(id) !== state) wrong.push(`${kind} ${id} is ${state}, by its events ${states.get(id)}`);
    }
  }
  return wrong;
}
