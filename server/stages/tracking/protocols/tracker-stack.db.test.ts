import { randomUUID } from 'node:crypto';
import { anonymousActor, type Actor } from '../../../platform/actor.ts';
import type { Identify } from '../../../platform/credentials.ts';
import { sessionCookie } from '../../../platform/credentials.ts';
import { quiet, startTestServer, type TestServer } from '../../../platform/test-server.ts';
import type { EnrolledTracker, NewTracker, SeenTracker } from '../../../stores/accounts/contract.ts';
import { accountRoutes } from '../../../stores/accounts/http.ts';
import { startField, type FieldStack } from '../../completion/field-stack.db.test.ts';
import { openTrackers, type Trackers } from './trackers.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Trackers of other makers on a real database and real HTTP, beside the whole field side, in a city whose clock stands still. */
export interface TrackerStack {
  readonly field: FieldStack;
  readonly trackers: Trackers;
  readonly url: string;
  /** What was counted, by `protocol_result`. */
  readonly counts: Record<string, number>;
  send(path: string, init?: RequestInit): Promise<Reply>;
  /** By which an actor of ours is known. */
  headersOf(actor: Actor): Record<string, string>;
  /** As an actor of ours. */
  ask<T>(method: string, path: string, actor: Actor, body?: unknown): Promise<{ status: number; body: T }>;
  enrol(protocol: NewTracker['protocol'], trackerId: string, over?: Partial<NewTracker>): Promise<EnrolledTracker>;
  seen(actor?: Actor): Promise<SeenTracker[]>;
  forwarder(over?: Partial<Actor>): Actor;
  /** What the database keeps of a device's fixes, in the order of their times. */
  fixes(deviceId: string): Promise<{ time: Date; lon: number; lat: number; speed: number | null; flags: number }[]>;
  events(): Promise<{ type: string; body: Record<string, unknown>; assignment_id: string | null; shift_id: string | null }[]>;
  close(): Promise<void>;
}

export async function startTrackers(
  options: { limited?: boolean; stampsArrival?: boolean; mqtt?: { url: string; clientId: string; againMillis?: number } } = {},
): Promise<TrackerStack> {
  const field = await startField({ stampsArrival: options.stampsArrival ?? false });
  const { tools } = field;
  const counts: Record<string, number> = {};
  const policy = { radiusMetres: 60, stampsArrival: options.stampsArrival ?? false };
  const trackers = openTrackers({
    tools,
    tracking: field.tracking,
    log: quiet,
    policy: () => policy,
    count: (what, n) => (counts[what] = (counts[what] ?? 0) + n),
    wallMillis: () => performance.now(),
    limited: options.limited ?? false,
    mqtt: options.mqtt ?? null,
  });
  const known = new Map<string, Actor>();
  const identify: Identify = ({ token }) => Promise.resolve(known.get(token) ?? null);
  const server: TestServer = await startTestServer({
    identify,
    clock: field.clock,
    routes: [
      ...trackers.routes,
      ...accountRoutes({
        tools,
        wallClock: () => new Date(),
        cookie: sessionCookie(false),
        publicUrl: null,
        rightsChanged: () => undefined,
        bindingsChanged: () => undefined,
      }),
    ],
  });
  trackers.start();
  const tokenOf = (actor: Actor): string => {
    const token = `token-${randomUUID()}`;
    known.set(token, actor);
    return token;
  };
  const stack: TrackerStack = {
    field,
    trackers,
    url: server.url,
    counts,
    async send(path, init) {
      const reply = await fetch(server.url + path, init);
      return { status: reply.status, text: await reply.text(), headers: reply.headers };
    },
    headersOf: (actor) => ({ authorization: `Bearer ${tokenOf(actor)}` }),
    async ask<T>(method: string, path: string, actor: Actor, body?: unknown) {
      const reply = await fetch(server.url + path, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(actor)}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: (text === '' ? null : JSON.parse(text)) as T };
    },
    async enrol(protocol, trackerId, over = {}) {
      const wanted = { protocol, trackerId, vehicleId: field.fleet.vehicleId, label: 'Tracker', ...over };
      const { status, body } = await stack.ask<EnrolledTracker>('POST', '/api/trackers', field.desk(), wanted);
      if (status !== 201) throw new Error(`not enrolled: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    async seen(actor = field.desk()) {
      // What is gathered is written every two seconds; the test does not wait.
      await trackers.settle();
      return (await stack.ask<SeenTracker[]>('GET', '/api/trackers/seen', actor)).body;
    },
    forwarder: (over = {}) => ({
      ...anonymousActor,
      role: 'integrator',
      accountId: randomUUID(),
      organisationId: field.fleet.organisationId,
      ...over,
    }),
    fixes: (deviceId) =>
      field.fresh
        .db('fix')
        .where({ device_id: deviceId })
        .orderBy(['corrected_time', 'device_seq'])
        .select('corrected_time as time', 'lon', 'lat', 'speed_mps as speed', 'flags'),
    events: () => field.fresh.db('event').orderBy('seq').select('type', 'body', 'assignment_id', 'shift_id'),
    async close() {
      await trackers.stop();
      await server.close();
      await field.close();
    },
  };
  return stack;
}

/** The header of HTTP Basic. */
export const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
