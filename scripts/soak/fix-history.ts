import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Db } from '../../db/knex.ts';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';
import { FIX_FLAGS, FixReceipt, type SentFix } from '../../server/stores/positions/contract.ts';

/** A device that sends while the server is killed, and all it was told. */
export interface FixWriter {
  readonly deviceId: string;
  readonly token: string;
  /** Every fix it has made, by its number. */
  readonly made: Map<number, { readonly fixTime: string; acknowledged: boolean }>;
  repeats: number;
  /** Receipts that do not add up. */
  readonly contradictions: unknown[];
}

export const aFixWriter = (deviceId: string, token: string): FixWriter => ({
  deviceId,
  token,
  made: new Map(),
  repeats: 0,
  contradictions: [],
});

const MOST_TOGETHER = 4;
const AGAIN_TOGETHER = 50;
const EVERY_MILLIS = 40;
const PATIENCE_MILLIS = 90_000;
const CENTRE = { lon: 11.97, lat: 57.7 };

/** Sends as a phone does: oldest first, one batch at a time, each again until it is acknowledged, now and then once more. */
export async function sendFixes(base: string, writer: FixWriter, done: () => boolean): Promise<void> {
  let seq = 0;
  let last = 0;
  for (let n = 0; !done(); n++) {
    const fixes = Array.from({ length: 1 + (n % MOST_TOGETHER) }, (): SentFix => {
      last = Math.max(last + 1, Date.now());
      seq++;
      const fixTime = new Date(last).toISOString();
      writer.made.set(seq, { fixTime, acknowledged: false });
      return { deviceSeq: seq, fixTime, lon: CENTRE.lon + seq * 1e-6, lat: CENTRE.lat, accuracyMetres: 5 };
    });
    await sendUntilStored(base, writer, fixes);
    for (const { deviceSeq } of fixes) writer.made.get(deviceSeq)!.acknowledged = true;
    if (n % 7 === 3) await sendUntilStored(base, writer, fixes);
    await sleep(EVERY_MILLIS);
  }
}

/**
 * Sends by a socket and asks for no answers: what `kept` does not name is sent again after a new connection, after a refusal and
 * at the end. Fixes count as acknowledged when `kept` has named them.
 */
export async function streamFixes(base: string, writer: FixWriter, done: () => boolean): Promise<void> {
  const open = new Map<number, SentFix>();
  const socket: Socket<ServerToClient, ClientToServer> = io(base, {
    transports: ['websocket'],
    auth: { token: writer.token },
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
  });
  const again = (): void => {
    if (!socket.connected) return;
    const left = [...open.values()];
    writer.repeats += left.length > 0 ? 1 : 0;
    for (let k = 0; k < left.length; k += AGAIN_TOGETHER) socket.emit('fixes', { fixes: left.slice(k, k + AGAIN_TOGETHER) });
  };
  let timer: NodeJS.Timeout | undefined;
  socket.on('connect', again);
  // Turned away by the server (its database is away) it does not come back by itself.
  socket.on('connect_error', () => setTimeout(() => !done() && socket.connect(), 200));
  socket.on('refused', () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      again();
    }, 300);
  });
  socket.on('kept', ({ ranges }) => {
    for (const [first, last] of ranges) {
      for (let seq = first; seq <= last; seq++) {
        const made = writer.made.get(seq);
        if (made === undefined) writer.contradictions.push({ kept: seq });
        else made.acknowledged = true;
        open.delete(seq);
      }
    }
  });
  try {
    let last = 0;
    for (let seq = 1; !done(); seq++) {
      last = Math.max(last + 1, Date.now());
      const fix = { deviceSeq: seq, fixTime: new Date(last).toISOString(), lon: CENTRE.lon + seq * 1e-6, lat: CENTRE.lat };
      writer.made.set(seq, { fixTime: fix.fixTime, acknowledged: false });
      open.set(seq, fix);
      if (socket.connected) socket.emit('fixes', { fixes: [fix] });
      await sleep(EVERY_MILLIS);
    }
    again();
    const began = performance.now();
    while (open.size > 0) {
      if (performance.now() - began > PATIENCE_MILLIS) throw new Error(`${open.size} fixes were never said to be kept`);
      await sleep(100);
    }
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

async function sendUntilStored(base: string, writer: FixWriter, fixes: readonly SentFix[]): Promise<void> {
  const began = performance.now();
  for (;;) {
    let failure: unknown;
    try {
      const response = await fetch(`${base}/api/positions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${writer.token}` },
        body: JSON.stringify({ fixes }),
        signal: AbortSignal.timeout(PATIENCE_MILLIS),
      });
      failure = await response.json();
      if (response.ok) {
        const { through, stored, known } = FixReceipt.parse(failure);
        if (through !== fixes.at(-1)!.deviceSeq || stored + known !== fixes.length)
          writer.contradictions.push({ failure, fixes });
        return;
      }
      if (response.status < 500) throw new RefusedFixes(`${response.status} ${JSON.stringify(failure)}`);
    } catch (error) {
      if (error instanceof RefusedFixes) throw error;
      failure = error;
    }
    if (performance.now() - began > PATIENCE_MILLIS) throw new Error('a batch of fixes stayed unanswered', { cause: failure });
    writer.repeats++;
    await sleep(20);
  }
}

class RefusedFixes extends Error {
  override readonly name = 'RefusedFixes';
}

export interface FixFindings {
  /** Acknowledged, and not there. */
  readonly lost: readonly unknown[];
  /** There more than once, or there without having been sent. */
  readonly doubled: readonly unknown[];
  /** Receipts that say something else than what was sent. */
  readonly contradicted: readonly unknown[];
}

/** Holds what devices were told against what the database holds. */
export async function checkFixes(db: Db, writers: readonly FixWriter[]): Promise<FixFindings> {
  const lost: unknown[] = [];
  const doubled: unknown[] = [];
  for (const { deviceId, made } of writers) {
    const rows = await db('fix')
      .where({ device_id: deviceId })
      .groupBy('device_seq')
      .select<{ seq: number; n: number }[]>('device_seq as seq', db.raw('count(*)::int as n'));
    const stored = new Map(rows.map(({ seq, n }) => [Number(seq), n]));
    for (const [seq, { acknowledged }] of made) {
      if (acknowledged && !stored.has(seq)) lost.push({ deviceId, seq });
    }
    for (const [seq, n] of stored) {
      if (n > 1) doubled.push({ deviceId, seq, n });
      if (!made.has(seq)) doubled.push({ deviceId, seq, why: 'nobody sent it' });
    }
  }
  return { lost, doubled, contradicted: writers.flatMap(({ contradictions }) => contradictions) };
}

/** Vehicles whose marker is not their newest trusted fix. One statement sees one moment, so it may be asked under load. */
export async function wrongMarkers(db: Db): Promise<unknown[]> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select vehicle_id, f.corrected_time as newest, p.fix_time as marker
     from (select distinct on (vehicle_id) vehicle_id, corrected_time from fix
           where flags = any(?::int[]) and vehicle_id is not null order by vehicle_id, corrected_time desc) as f
     full join vehicle_position p using (vehicle_id)
     where f.corrected_time is distinct from p.fix_time`,
    // One that stands still moves the marker's time.
    [[0, FIX_FLAGS.standing_still] as unknown as string[]],
  );
  return rows;
}
