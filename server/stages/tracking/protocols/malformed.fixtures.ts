import { randomBytes } from 'node:crypto';
import type { Client } from '../../completion/field-stack.db.test.ts';
import { basic, type TrackerStack } from './tracker-stack.db.test.ts';

/** What came of many malformed messages. */
export interface MalformedReport {
  readonly sent: number;
  /** Answers by status, or `ok` and `refused` for the socket. */
  readonly answers: Readonly<Record<string, number>>;
  /** Statuses of 500, and requests without an answer. */
  readonly failures: number;
  /** Of the heap after a garbage collection, where `--expose-gc` is set; else of the whole process. */
  readonly grownBytes: number;
}

/** Repeatable chance: the same messages in every run. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  -0,
  2 ** 53,
  '',
  '\0',
  '\ud800',
  'NaN',
  '../../etc/passwd',
  "' or 1=1 --",
  'x'.repeat(5_000),
  [],
  [[[[]]]],
  {},
  { toString: 'x', __proto__: null, constructor: 1 },
  '2026-13-45T99:99:99Z',
  '9'.repeat(400),
];

/**
 * Sends malformed messages to every tracker endpoint, the positions' and the socket, some of them as an enrolled tracker: good
 * ones with one thing bent, JSON of odd shapes, and bytes of no shape at all.
 */
export async function sendMalformed(stack: TrackerStack, count: number, seed = 7): Promise<MalformedReport> {
  const chance = chanceOf(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(chance() * of.length)]!;
  const { key } = await stack.enrol('osmand', 'bent');
  const owntracks = await stack.enrol('owntracks', 'bent/phone');
  await stack.enrol('traccar', 'bent');
  const client = await stack.field.connect(stack.field.fleet.actor);
  const answers: Record<string, number> = {};
  let failures = 0;
  const note = (what: string): void => void (answers[what] = (answers[what] ?? 0) + 1);

  const good = {
    osmand: {
      device_id: 'bent',
      location: { timestamp: '2026-01-27T11:59:00Z', coords: { latitude: 1, longitude: 2, speed: 3 } },
    },
    owntracks: { _type: 'location', lat: 1, lon: 2, tst: 1_769_515_140, vel: 5, acc: 3 },
    transition: { _type: 'transition', event: 'enter', desc: '#1', tst: 1_769_515_140 },
    traccar: { position: { fixTime: '2026-01-27T11:59:00Z', latitude: 1, longitude: 2, speed: 3 }, device: { uniqueId: 'bent' } },
    fixes: { fixes: [{ deviceSeq: 1, fixTime: '2026-01-27T11:59:00Z', lon: 2, lat: 1 }] },
  };
  /** The same with one value, somewhere in it, replaced. */
  const bent = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || chance() < 0.15) return pick(ODD);
    const entries = Object.entries(value);
    const at = Math.floor(chance() * entries.length);
    const changed = entries.map(([name, inner], i) => [chance() < 0.05 ? 'unknown' : name, i === at ? bent(inner) : inner]);
    return Array.isArray(value) ? changed.map(([, inner]) => inner as unknown) : Object.fromEntries(changed);
  };
  const bodyOf = (value: unknown): string | Uint8Array => {
    const way = chance();
    if (way < 0.1) return randomBytes(Math.floor(chance() * 400));
    if (way < 0.15) return '['.repeat(3_000);
    const text = JSON.stringify(bent(value)) ?? '';
    return way < 0.25 ? text.slice(0, Math.floor(chance() * text.length)) : text;
  };
  const queryOf = (): string => {
    const names = [
      'id',
      'deviceid',
      'lat',
      'lon',
      'location',
      'timestamp',
      'speed',
      'bearing',
      'accuracy',
      'valid',
      'alarm',
      'a[b]',
      '__proto__',
    ];
    const told = Array.from({ length: 6 }, () => {
      const value = pick(ODD);
      return `${pick(names)}=${encodeURIComponent(typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '?').slice(0, 500) : JSON.stringify(value))}`;
    });
    return `${told.join('&')}&id=bent&key=${chance() < 0.7 ? key! : 'wrong'}${chance() < 0.1 ? '&%zz' : ''}`;
  };
  const http = async (path: string, init: RequestInit): Promise<void> => {
    const reply = await stack.send(path, init);
    note(String(reply.status));
    if (reply.status >= 500) failures++;
  };
  const json = { 'content-type': 'application/json' };
  const phone = { ...json, ...basic('bent', owntracks.key!), 'x-limit-u': 'bent', 'x-limit-d': 'phone' };
  const forwarder = stack.headersOf(stack.forwarder());
  const socket = async (): Promise<void> => {
    const ack = await emit(client, bent(good.fixes));
    note(ack ? 'ok' : 'refused');
  };
  const ways: readonly (() => Promise<void>)[] = [
    () => http(`/trackers/osmand?${queryOf()}`, { method: pick(['GET', 'POST']) }),
    () =>
      http(`/trackers/osmand?key=${key!}`, {
        method: 'POST',
        headers: json,
        body: bodyOf(good.osmand) as NonNullable<RequestInit['body']>,
      }),
    () => http('/trackers/osmand', { method: 'POST', body: queryOf() }),
    () =>
      http('/trackers/owntracks', {
        method: 'POST',
        headers: phone,
        body: bodyOf(chance() < 0.7 ? good.owntracks : good.transition) as NonNullable<RequestInit['body']>,
      }),
    () =>
      http('/trackers/traccar', {
        method: 'POST',
        headers: { ...json, ...forwarder },
        body: bodyOf(good.traccar) as NonNullable<RequestInit['body']>,
      }),
    socket,
  ];
  const grown = heapWatch();
  for (let sent = 0; sent < count; sent += 10) {
    const some = Array.from({ length: Math.min(10, count - sent) }, () => pick(ways));
    await Promise.all(
      some.map((way) =>
        way().catch((error: unknown) => {
          failures++;
          note(error instanceof Error ? error.message : String(error));
        }),
      ),
    );
  }
  return { sent: count, answers, failures, grownBytes: grown() };
}

/** True when it was taken; rejects when nothing is acknowledged. */
async function emit(client: Client, message: unknown): Promise<boolean> {
  const ack = (await client.timeout(10_000).emitWithAck('fixes', message as never)) as { ok: boolean };
  return ack.ok;
}

function heapWatch(): () => number {
  const collect = (globalThis as { gc?: () => void }).gc;
  const now = (): number => {
    collect?.();
    return collect ? process.memoryUsage().heapUsed : process.memoryUsage().rss;
  };
  const before = now();
  return () => now() - before;
}
