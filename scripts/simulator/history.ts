import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../db/knex.ts';

/** One change that a client asked for, and everything it was told about it. */
export interface Asked {
  readonly actionId: string;
  /** What it changes: a job or an assignment. Its version rises by one with every change that is done. */
  readonly subject: { readonly table: 'job' | 'assignment'; readonly id: string };
  /** Every answer that arrived, in order; empty: none did, and it may have been done or not. */
  readonly answers: { readonly status: number; readonly body: unknown }[];
}

/** A client that works while the server is killed: what it asked for, and how often it had to ask again. */
export interface Writer {
  readonly history: Asked[];
  repeats: number;
}

export interface WriterSetting {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly newActionId: () => string;
  /** The next change, from the body of the last answer (null at the beginning); null: nothing is left to do. */
  next(last: unknown): { readonly subject: Asked['subject']; readonly command: unknown } | null;
  /** Ends the writer once the change in hand has been answered. */
  readonly done: () => boolean;
}

const PATIENCE_MS = 90_000;
const AWAY = new Set([502, 503, 504]);

/**
 * Works like a phone: one change after another, each sent again under its own id until it is answered, and now and
 * then once more although it was. Rejects when a refusal comes that nobody else's work explains.
 */
export async function write(setting: WriterSetting, writer: Writer): Promise<void> {
  let last: unknown = null;
  for (let n = 0; !setting.done(); n++) {
    const wanted = setting.next(last);
    if (wanted === null) return;
    const asked: Asked = { actionId: setting.newActionId(), subject: wanted.subject, answers: [] };
    writer.history.push(asked);
    const body = JSON.stringify({ envelope: { actionId: asked.actionId }, command: wanted.command });
    const answer = await sendUntilAnswered(setting, writer, body);
    asked.answers.push(answer);
    if (answer.status >= 400) throw new Error(`${setting.path} ${body}: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (n % 7 === 3) asked.answers.push(await sendUntilAnswered(setting, writer, body));
    last = answer.body;
  }
}

async function sendUntilAnswered(
  setting: WriterSetting,
  writer: Writer,
  body: string,
): Promise<{ status: number; body: unknown }> {
  const began = performance.now();
  for (;;) {
    let failure: unknown;
    try {
      const response = await fetch(setting.base + setting.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...setting.headers },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const answer: unknown = await response.json();
      if (!AWAY.has(response.status)) return { status: response.status, body: answer };
      failure = answer;
    } catch (error) {
      failure = error;
    }
    if (performance.now() - began > PATIENCE_MS) throw new Error(`${setting.path} stayed unanswered`, { cause: failure });
    writer.repeats++;
    await sleep(20);
  }
}

export interface HistoryFindings {
  /** Acknowledged, and no trace of it is left. */
  readonly lost: readonly unknown[];
  /** Done more than once, or done without having been asked for. */
  readonly doubled: readonly unknown[];
  /** Answered one thing and then another. */
  readonly contradicted: readonly unknown[];
  /** The event log has a gap, or tells of an action that is not there. */
  readonly log: readonly unknown[];
}

/**
 * Holds what clients were told against what the database holds, and against its own counts: every acknowledged change
 * is there with its one action, its one event and its rise of the version; nothing is there twice; what was never
 * answered is there once or not at all; the log has no gap. Needs subjects that nobody but the writers changed.
 */
export async function checkHistory(
  db: Db,
  history: readonly Asked[],
  versionsBefore: ReadonlyMap<string, number>,
): Promise<HistoryFindings> {
  const lost: unknown[] = [];
  const doubled: unknown[] = [];
  const contradicted: unknown[] = [];
  const log: unknown[] = [];
  const actions = new Map(
    (await db('action').select<{ id: string; status: number; answer: unknown }[]>('id', 'status', 'answer')).map((row) => [
      row.id,
      row,
    ]),
  );
  const events = await db('event')
    .whereNotNull('action_id')
    .whereIn('type', ['job.changed', 'assignment.changed', 'assignment.state_changed'])
    .select<EventRow[]>('seq', 'action_id', 'job_id', 'assignment_id');
  const eventsOf = grouped(events, (event) => event.action_id);

  for (const { actionId, answers, subject } of history) {
    const kept = actions.get(actionId);
    const about = (event: EventRow): boolean => (subject.table === 'job' ? event.job_id : event.assignment_id) === subject.id;
    const told = (eventsOf.get(actionId) ?? []).filter(about).length;
    const first = answers[0];
    if (first !== undefined && kept === undefined) lost.push({ actionId, why: 'no action' });
    if (first !== undefined && told === 0) lost.push({ actionId, why: 'no event' });
    if (told > 1) doubled.push({ actionId, events: told });
    if (kept === undefined) continue;
    for (const answer of answers) {
      if (answer.status !== kept.status || !same(answer.body, kept.answer)) contradicted.push({ actionId, answer, kept });
    }
  }

  for (const [id, asked] of grouped(history, ({ subject }) => subject.id)) {
    const { table } = asked[0]!.subject;
    const row = await db(table).where({ id }).first<{ version: number } | undefined>('version');
    const rise = (row?.version ?? 0) - (versionsBefore.get(id) ?? 0);
    const answered = asked.filter(({ answers }) => answers.length > 0).length;
    if (rise < answered) lost.push({ subject: id, acknowledged: answered, done: rise });
    if (rise > asked.length) doubled.push({ subject: id, asked: asked.length, done: rise });
  }

  const known = new Set(history.map(({ actionId }) => actionId));
  for (const { seq, action_id: id } of events) {
    if (!known.has(id)) continue;
    if (!actions.has(id)) log.push({ seq, why: 'an event of an action that is not there' });
  }
  const { rows } = await db.raw<{ rows: { events: number; first: number; last: number; counter: number }[] }>(
    `select count(*)::int as events, coalesce(min(seq), 1)::int as first, coalesce(max(seq), 0)::int as last,
       (select last_seq::int from event_counter) as counter from event`,
  );
  const [seq] = rows;
  if (seq === undefined || seq.first !== 1 || seq.events !== seq.last || seq.counter !== seq.last)
    log.push({ why: 'a gap', ...seq });
  return { lost, doubled, contradicted, log };
}

interface EventRow {
  readonly seq: number;
  readonly action_id: string;
  readonly job_id: string | null;
  readonly assignment_id: string | null;
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The same whatever the order of the keys: a kept answer comes back with another. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
