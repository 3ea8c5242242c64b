import { isConnectionLost } from '../../db/knex.ts';
import { systemActor } from './actor.ts';
import { inChange, type ChangeTools } from './change.ts';
import type { Change, ReaderRegistration } from './events.ts';
import type { Log } from './log.ts';
import { behindSavepoint } from './timers.ts';

/** An event as it stands in the log. */
export interface RecordedEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly actorDevice: string | null;
  readonly actorAccount: string | null;
  readonly actorRole: string;
  readonly actionId: string | null;
  readonly caseId: string | null;
  readonly jobId: string | null;
  readonly assignmentId: string | null;
  readonly shiftId: string | null;
  readonly planId: string | null;
  readonly organisationId: string | null;
  readonly configVersionId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A reader of events, one line in app.ts. `handle` runs in one transaction with the removal of its delivery and must
 * be safe to run twice. A thrown Problem below 500 means there is nothing (more) to do; anything else is tried again,
 * and until then later events of the same key wait.
 */
export interface Reader extends ReaderRegistration {
  handle(change: Change, event: RecordedEvent): Promise<void>;
}

export interface DeliveryLoopDeps {
  readonly tools: ChangeTools;
  readonly readers: readonly Reader[];
  readonly log: Log;
}

export interface DeliveryLoop {
  /** There may be something new: returns at once. Does nothing before `start`. */
  wake(): void;
  /** Hands out everything open, by seq, until nothing is left but what fails. Returns how many were handled. */
  drain(): Promise<number>;
  /** Real city: works in the background from now on. A simulated city only drains. */
  start(everyMillis?: number): void;
  /** Waits for the one that is running. */
  stop(): Promise<void>;
  /** Deliveries that failed at their last try. */
  failing(): number;
  /** How many were handled since the start. */
  handled(): number;
}

interface Open {
  reader: string;
  seq: number;
}

const BATCH = 100;
const BACKOFF_MILLIS = [500, 2_000, 10_000, 60_000, 300_000];

/** Hands recorded events to their readers: each reader takes only its lowest open seq per key. */
export function deliveryLoop(deps: DeliveryLoopDeps): DeliveryLoop {
  const { tools, log } = deps;
  const readers = new Map(deps.readers.map((reader, order) => [reader.reader, { reader, order }]));
  const failing = new Set<string>();
  let total = 0;
  let running: Promise<number> | null = null;
  let started = false;
  let stopped = false;
  let again = false;
  let timeout: NodeJS.Timeout | undefined;

  /** The lowest open delivery of each key, in the order of seq, then of registration. `past`: tried in this pass. */
  const listOpen = async (everything: boolean, past: ReadonlySet<string>): Promise<Open[]> => {
    const lists = await Promise.all(
      [...readers.keys()].map(async (name) => {
        const skip = [...past].filter((p) => p.startsWith(`${name} `)).map((p) => Number(p.slice(name.length + 1)));
        const rows = await tools
          .db('delivery as d')
          .where('d.reader', name)
          .whereNotIn('d.seq', skip)
          .whereNotExists((earlier) => {
            void earlier
              .from('delivery as e')
              .where('e.reader', name)
              .whereRaw('e.key = d.key and e.seq < d.seq')
              .select(tools.db.raw('1'));
          })
          .where((due) => {
            if (everything) void due.whereRaw('true');
            else void due.whereNull('d.not_before').orWhere('d.not_before', '<=', new Date());
          })
          .orderBy('d.seq')
          .limit(BATCH)
          .select<Open[]>('d.reader', 'd.seq');
        return rows;
      }),
    );
    const order = (open: Open) => readers.get(open.reader)!.order;
    return lists.flat().sort((a, b) => a.seq - b.seq || order(a) - order(b));
  };

  const pass = async (everything: boolean): Promise<number> => {
    let handled = 0;
    const past = new Set<string>();
    while (!stopped) {
      const open = await listOpen(everything, past);
      if (open.length === 0) break;
      let moved = false;
      for (const one of open) {
        if (stopped) break;
        const name = `${one.reader} ${one.seq}`;
        try {
          if (await deliver(tools, readers.get(one.reader)!.reader, one.seq)) {
            handled++;
            total++;
            moved = true;
          }
          failing.delete(name);
        } catch (error) {
          // Nothing is wrong with this one: the whole pass waits for the database.
          if (isConnectionLost(error)) throw error;
          moved = true;
          past.add(name);
          failing.add(name);
          log.error({ err: error, reader: one.reader, seq: one.seq }, 'an event could not be delivered and is tried again');
          await postpone(tools, one, error);
        }
      }
      // All of it is in somebody else's hands: looking again at once would only spin.
      if (!moved) break;
    }
    return handled;
  };

  const exclusive = async (everything: boolean): Promise<number> => {
    while (running) await running.catch(() => 0);
    running = pass(everything);
    try {
      return await running;
    } finally {
      running = null;
    }
  };

  let away = false;
  const work = async (everyMillis: number): Promise<void> => {
    clearTimeout(timeout);
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    try {
      await exclusive(false);
      if (away) log.info('events are delivered again');
      away = false;
    } catch (error) {
      if (!away) log.warn({ err: error }, 'events cannot be delivered');
      away = true;
    }
    if (stopped) return;
    const soon = again && !away;
    again = false;
    timeout = setTimeout(() => void work(everyMillis), soon ? 0 : everyMillis);
  };
  let every = 1_000;

  return {
    wake() {
      if (started && !stopped) void work(every);
    },
    drain: () => exclusive(true),
    start(everyMillis = 1_000) {
      started = true;
      every = everyMillis;
      void work(every);
    },
    async stop() {
      stopped = true;
      clearTimeout(timeout);
      await running?.catch(() => 0);
    },
    failing: () => failing.size,
    handled: () => total,
  };
}

/** @returns false when somebody else has it or had it. */
async function deliver(tools: ChangeTools, reader: Reader, seq: number): Promise<boolean> {
  return inChange(tools, systemActor, async (change) => {
    const mine = await change
      .tx('delivery')
      .where({ reader: reader.reader, seq })
      .forUpdate()
      .skipLocked()
      .first<{ seq: number } | undefined>('seq');
    if (!mine) return false;
    const row = await change.tx('event').where({ seq }).first<EventRow>();
    await behindSavepoint(change, (inside) => reader.handle(inside, asEvent(row)));
    await change.tx('delivery').where({ reader: reader.reader, seq }).delete();
    return true;
  });
}

async function postpone(tools: ChangeTools, open: Open, error: unknown): Promise<void> {
  try {
    const row = await tools.db('delivery').where(open).first<{ attempts: number } | undefined>('attempts');
    const attempts = (row?.attempts ?? 0) + 1;
    const pause = BACKOFF_MILLIS[attempts - 1] ?? BACKOFF_MILLIS.at(-1)!;
    // Retries run on wall time; chance keeps many that failed together from coming back together.
    const notBefore = new Date(Date.now() + pause * (0.75 + Math.random() / 2));
    await tools
      .db('delivery')
      .where(open)
      .update({ attempts, not_before: notBefore, last_error: String(error).slice(0, 500) });
  } catch {
    // The database is away: the failure is in the log, and the delivery is still open.
  }
}

interface EventRow {
  seq: number;
  type: string;
  at: Date;
  received_at: Date;
  actor_device: string | null;
  actor_account: string | null;
  actor_role: string;
  action_id: string | null;
  case_id: string | null;
  job_id: string | null;
  assignment_id: string | null;
  shift_id: string | null;
  plan_id: string | null;
  organisation_id: string | null;
  config_version_id: string | null;
  body: Record<string, unknown>;
}

/** A row of the event table in the code's words. */
export function asEvent(row: EventRow): RecordedEvent {
  return {
    seq: row.seq,
    type: row.type,
    at: row.at,
    receivedAt: row.received_at,
    actorDevice: row.actor_device,
    actorAccount: row.actor_account,
    actorRole: row.actor_role,
    actionId: row.action_id,
    caseId: row.case_id,
    jobId: row.job_id,
    assignmentId: row.assignment_id,
    shiftId: row.shift_id,
    planId: row.plan_id,
    organisationId: row.organisation_id,
    configVersionId: row.config_version_id,
    body: row.body,
  };
}
