import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../db/knex.ts';
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
