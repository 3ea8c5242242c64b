import { isConnectionLost, type Db } from '../../db/knex.ts';
import { systemActor } from './actor.ts';
import { inChange, type ChangeTools } from './change.ts';
import type { SimulatedClock } from './clock.ts';
import type { Change, NewEvent } from './events.ts';
import type { Log } from './log.ts';
import { Problem } from './problem.ts';

export interface NewTimer {
  /** Which handler takes it: freeze, recall_timeout, shift_end, verification_timeout. */
  readonly kind: string;
  /** The assignment or shift it is about; one open timer per kind and subject. */
  readonly subjectId: string;
  readonly dueAt: Date;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface DueTimer {
  readonly id: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly dueAt: Date;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Does what is due, in the timer's own transaction (`change.now` is the due time). A thrown Problem below 500 means
 * that it no longer applies: its effects are undone and the timer is done. Anything else is tried again later.
 */
export type TimerHandler = (change: Change, timer: DueTimer) => Promise<void>;

/** Sets a timer on the city clock; an open one of the same kind and subject is moved instead. */
export async function setTimer(change: Change, timer: NewTimer): Promise<void> {
  const row = { due_at: timer.dueAt, body: JSON.stringify(timer.body ?? {}) };
  await change
    .tx('timer')
    .insert({ id: change.ids.next(change.now), kind: timer.kind, subject_id: timer.subjectId, ...row })
    .onConflict(change.tx.raw('(kind, subject_id) where done_at is null'))
    .merge({ ...row, attempts: 0, last_error: null });
}

/** Drops the open timer of this kind and subject, if there is one. */
export async function dropTimer(change: Change, kind: string, subjectId: string): Promise<void> {
  await change.tx('timer').where({ kind, subject_id: subjectId }).whereNull('done_at').delete();
}

export interface TimerLoopDeps {
  readonly tools: ChangeTools;
  readonly log: Log;
  /** Simulated city: set to each due time before the timer runs. Left out, the clock runs by itself. */
  readonly simulated?: SimulatedClock;
  /** After each timer, in a simulated city: what it caused is delivered before the next one. */
  readonly afterEach?: () => Promise<unknown>;
}

export interface TimerLoop {
  /** Runs everything due until then, by (due time, id); what fails is left for the next run. Returns how many ran. */
  runDue(until: Date): Promise<number>;
  /** Real city: looks every `everyMillis` of wall time. */
  start(everyMillis?: number): void;
  /** Waits for the one that is running. */
  stop(): Promise<void>;
  /** Timers that failed at their last try. */
  failing(): number;
}

interface TimerRow {
  id: string;
  kind: string;
  subject_id: string;
  due_at: Date;
  body: Record<string, unknown>;
}

const RETRY_MILLIS = [1_000, 5_000, 30_000, 120_000];

/** The one reader of the timer table. */
export function timerLoop(deps: TimerLoopDeps, handlers: Readonly<Record<string, TimerHandler>>): TimerLoop {
  const { tools, log } = deps;
  const kinds = Object.keys(handlers);
  /** Failed timers: how often, and when (wall time) they may be tried again. */
  const failed = new Map<string, { tries: number; notBefore: number }>();
  let running: Promise<number> | null = null;
  let stopped = false;
  let timeout: NodeJS.Timeout | undefined;

  const nextDue = (until: Date, skip: readonly string[]): Promise<TimerRow | undefined> =>
    tools
      .db<TimerRow>('timer')
      .whereNull('done_at' as never)
      .whereIn('kind', kinds)
      .where('due_at', '<=', until)
      .whereNotIn('id', skip)
      .orderBy([{ column: 'due_at' }, { column: 'id' }])
      .first('id', 'kind', 'subject_id', 'due_at', 'body');

  const run = async (until: Date): Promise<number> => {
    let done = 0;
    const skip = new Set(deps.simulated ? [] : [...failed].filter(([, f]) => f.notBefore > Date.now()).map(([id]) => id));
    while (!stopped) {
      const row = await nextDue(until, [...skip]);
      if (!row) break;
      if (deps.simulated && row.due_at.getTime() > deps.simulated.now().getTime()) deps.simulated.set(row.due_at);
      try {
        if (await runOne(tools, row, handlers[row.kind]!)) done++;
        // Another server has it in hand: looking at it again at once would only spin.
        else skip.add(row.id);
        failed.delete(row.id);
      } catch (error) {
        // Nothing is wrong with this one: the whole run waits for the database.
        if (isConnectionLost(error)) throw error;
        skip.add(row.id);
        const tries = (failed.get(row.id)?.tries ?? 0) + 1;
        failed.set(row.id, { tries, notBefore: Date.now() + (RETRY_MILLIS[tries - 1] ?? RETRY_MILLIS.at(-1)!) });
        log.error({ err: error, timer: row.id, kind: row.kind, tries }, 'a timer failed and is tried again');
        await noteFailure(tools.db, row.id, error);
      }
      await deps.afterEach?.();
    }
    return done;
  };

  const runDue = async (until: Date): Promise<number> => {
    while (running) await running.catch(() => 0);
    running = run(until);
    try {
      return await running;
    } finally {
      running = null;
    }
  };

  return {
    runDue,
    failing: () => failed.size,
    start(everyMillis = 500) {
      let away = false;
      const look = async () => {
        try {
          await runDue(tools.clock.now());
          if (away) log.info('timers run again');
          away = false;
        } catch (error) {
          // Said once: without a database every look fails until it is back.
          if (!away) log.warn({ err: error }, 'timers cannot be read');
          away = true;
        }
        if (!stopped) timeout = setTimeout(() => void look(), everyMillis);
      };
      void look();
    },
    async stop() {
      stopped = true;
      clearTimeout(timeout);
      await running?.catch(() => 0);
    },
  };
}

/**
 * The timer's row is locked first and the handler's rows after it, while a command locks its rows first and moves
 * its timers after them: two that meet are a deadlock, which `inChange` tries again.
 * @returns false when another server has it or had it.
 */
async function runOne(tools: ChangeTools, row: TimerRow, handle: TimerHandler): Promise<boolean> {
  return inChange(
    tools,
    systemActor,
    async (change) => {
      const open = await change
        .tx('timer')
        .where({ id: row.id, due_at: row.due_at })
        .whereNull('done_at')
        .forUpdate()
        .skipLocked()
        .first<{ id: string } | undefined>('id');
      if (!open) return false;
      const timer = { id: row.id, kind: row.kind, subjectId: row.subject_id, dueAt: row.due_at, body: row.body };
      const refusal = await behindSavepoint(change, (inside) => handle(inside, timer));
      await change
        .tx('timer')
        .where({ id: row.id })
        .update({ done_at: change.now, last_error: refusal ? refusal.type : null });
      return true;
    },
    { at: row.due_at },
  );
}

/** Runs the work behind a savepoint; a Problem below 500 undoes it and is returned, anything else is thrown on. */
export async function behindSavepoint(change: Change, work: (inside: Change) => Promise<void>): Promise<Problem | null> {
  const events: NewEvent[] = [];
  try {
    await change.tx.transaction((savepoint) => work({ ...change, tx: savepoint, emit: (event) => events.push(event) }));
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
  for (const event of events) change.emit(event);
  return null;
}

async function noteFailure(db: Db, id: string, error: unknown): Promise<void> {
  try {
    await db('timer')
      .where({ id })
      .update({ attempts: db.raw('attempts + 1'), last_error: String(error).slice(0, 500) });
  } catch {
    // The database is away: the failure is in the log, and the timer is still open.
  }
}
