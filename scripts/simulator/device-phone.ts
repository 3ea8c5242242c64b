import { io, type Socket } from 'socket.io-client';
import { decodeLine } from '../../routing/directions/polyline.ts';
import { seededIds } from '../../server/platform/ids.ts';
import type { CrewDay, CrewStop } from '../../server/stages/crew-day/contract.ts';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';
import type { FixReceipt } from '../../server/stores/positions/contract.ts';
import { apiClient, Refused, type ApiClient, type Traffic } from './api-client.ts';
import { PhoneClosed, type Fact, type Phone, type PhoneDay, type PhoneStop } from './phone.ts';

export interface DevicePhoneOptions {
  readonly base: string;
  readonly token: string;
  readonly shiftId: string;
  readonly seed: number;
  readonly traffic: Traffic;
  /** Told of every fact the server has acknowledged. */
  readonly onFact?: (actionId: string) => void;
  /** Told up to which fix the server has acknowledged. */
  readonly onFixes?: (through: number) => void;
}

export interface DevicePhone extends Phone {
  /** The newest order version that was pushed to the phone. */
  pushedVersion(): number;
  /** Resolves with the wall time at which a push of this version (or a newer one) came; null after `patienceMs`. */
  untilPushed(orderVersion: number, patienceMs: number): Promise<number | null>;
}

function phoneStop(stop: CrewStop): PhoneStop {
  return {
    assignmentId: stop.assignmentId,
    jobNumber: stop.jobNumber,
    state: stop.state,
    requested: stop.requested,
    place: stop.roadPoint,
    serviceSeconds: stop.serviceSeconds,
    way: stop.way === null ? null : { line: decodeLine(stop.way.line), seconds: stop.way.seconds },
  };
}

/** A crew's phone: facts, positions and reading by HTTP, the day pushed to it over its socket. */
export function devicePhone(options: DevicePhoneOptions): DevicePhone {
  const client = apiClient(options.base, { kind: 'device', token: options.token }, options.traffic);
  let closed = false;
  const open = (): ApiClient => {
    if (closed) throw new PhoneClosed('this phone is closed');
    return client;
  };
  const ids = seededIds(options.seed);
  const waiting = new Set<{ version: number; tell: (at: number | null) => void }>();
  let deviceSeq = 0;
  let pushed = 0;
  let pushedAt = 0;

  const socket: Socket<ServerToClient, ClientToServer> = io(options.base, {
    transports: ['websocket'],
    auth: { token: options.token },
    reconnectionDelay: 100,
    reconnectionDelayMax: 1000,
    forceNew: true,
  });
  // A server that closes in good order hangs up, and then Socket.IO does not come back by itself.
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 250).unref();
  });
  socket.on('day', (day) => {
    if (day.orderVersion > pushed) {
      pushed = day.orderVersion;
      pushedAt = performance.now();
    }
    for (const who of [...waiting]) {
      if (who.version <= pushed) {
        waiting.delete(who);
        who.tell(pushedAt);
      }
    }
  });

  const shift = `/api/shifts/${options.shiftId}`;
  const envelope = (
    atMs: number,
    nowMs: number,
  ): { actionId: string; deviceSeq: number; deviceTime: string; sentAt: string } => ({
    actionId: ids.next(new Date(atMs)),
    deviceSeq: ++deviceSeq,
    deviceTime: new Date(atMs).toISOString(),
    sentAt: new Date(nowMs).toISOString(),
  });
  // A fact that is sent twice is sent with the same envelope: the phone keeps it until it is answered.
  let kept: { fact: Fact; atMs: number; envelope: ReturnType<typeof envelope> } | null = null;

  async function day(): Promise<PhoneDay> {
    const { body } = await open().get<CrewDay>(`${shift}/day`);
    return {
      orderVersion: body.orderVersion,
      acknowledgedVersion: body.acknowledgedVersion,
      stops: body.stops.filter((stop) => stop.kind === 'job').map(phoneStop),
    };
  }

  return {
    day,
    async acknowledge(orderVersion) {
      await open().post(`${shift}/acknowledge-order`, { orderVersion });
    },
    async signOn(atMs) {
      await open().post(`${shift}/sign-on`, { envelope: envelope(atMs, atMs) });
    },
    async signOff(atMs) {
      await open().post(`${shift}/sign-off`, { envelope: envelope(atMs, atMs) });
    },
    async takeBreak(breakId, atMs) {
      await open().post(`${shift}/break-taken`, { envelope: envelope(atMs, atMs), breakId });
    },
    async fact(fact, atMs, nowMs) {
      if (kept === null || kept.fact !== fact || kept.atMs !== atMs) kept = { fact, atMs, envelope: envelope(atMs, nowMs) };
      try {
        await open().post('/api/field', { envelope: kept.envelope, command: fact });
        options.onFact?.(kept.envelope.actionId);
        return { ok: true };
      } catch (error) {
        if (error instanceof Refused && error.status < 500) return { ok: false, refused: error.type };
        throw error;
      }
    },
    async fixes(batch, nowMs) {
      const { body } = await open().post<FixReceipt>('/api/positions', { sentAt: new Date(nowMs).toISOString(), fixes: batch });
      options.onFixes?.(body.through);
      return body.through;
    },
    pushedVersion: () => pushed,
    untilPushed(orderVersion, patienceMs) {
      if (pushed >= orderVersion) return Promise.resolve(pushedAt);
      return new Promise((resolve) => {
        const who = { version: orderVersion, tell: resolve };
        waiting.add(who);
        setTimeout(() => {
          if (waiting.delete(who)) resolve(null);
        }, patienceMs).unref();
      });
    },
    close() {
      closed = true;
      socket.off('disconnect').disconnect();
    },
  };
}
