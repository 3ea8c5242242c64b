import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { RecordedEvent } from '../../platform/deliveries.ts';
import type { Log } from '../../platform/log.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import { findCurrentShiftOfDevice } from '../../stores/crews/store.ts';
import { listDevicesOfShift } from '../../stores/positions/store.ts';
import type { CrewDay } from '../crew-day/contract.ts';
import type { RecallNotice } from './contract.ts';
import type { EventFeed } from './feed.ts';

export interface CrewsDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly feed: EventFeed;
  readonly log: Log;
  /** The day of a shift as its crew sees it. */
  readonly dayOf: (shiftId: string) => Promise<CrewDay>;
}

export interface Crews {
  /** A device has connected: it is sent its day now and whenever the order changes. */
  add(socket: LiveSocket): void;
  stop(): void;
}

/** What changes the day a crew looks at and was not said by its own phone: progress it reports itself is not among it. */
const changesDay = (event: RecordedEvent): boolean =>
  event.type === 'shift.order_changed' ||
  event.type === 'shift.changed' ||
  event.type === 'shift.state_changed' ||
  (event.type === 'assignment.state_changed' &&
    (event.body['to'] === 'dispatched' || event.body['by'] === 'fence' || event.body['byRadio'] === true)) ||
  recallOf(event) !== null;

/** The devices of crews that listen: their day when its order changes, and what the office wants back. */
export function crews(deps: CrewsDeps): Crews {
  const { db, clock, log } = deps;
  const open = new Map<string, Set<LiveSocket>>();
  /** Shifts whose day has to be told again; several changes at once are told once. */
  const changed = new Set<string>();
  let telling = false;

  async function socketsOf(shiftId: string): Promise<LiveSocket[]> {
    const devices = await listDevicesOfShift(db, shiftId, clock.now());
    return devices.flatMap(({ deviceId }) => [...(open.get(deviceId) ?? [])]);
  }

  async function tellChanged(): Promise<void> {
    if (telling) return;
    telling = true;
    try {
      for (let shiftId = first(changed); shiftId !== undefined; shiftId = first(changed)) {
        changed.delete(shiftId);
        const sockets = await socketsOf(shiftId);
        if (sockets.length === 0) continue;
        const day = await deps.dayOf(shiftId);
        for (const socket of sockets) socket.emit('day', day);
      }
    } finally {
      telling = false;
    }
  }

  async function tellRecall(notice: RecallNotice): Promise<void> {
    for (const socket of await socketsOf(notice.shiftId)) socket.emit('recall', notice);
  }

  /** A crew that misses a push asks by itself when it comes back; the log says why it had to. */
  const lost = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  async function greet(socket: LiveSocket, deviceId: string): Promise<void> {
    const shift = await findCurrentShiftOfDevice(db, deviceId, clock.now());
    if (shift) socket.emit('day', await deps.dayOf(shift.id));
  }

  const silence = deps.feed.listen((events) => {
    if (open.size === 0) return;
    for (const event of events) {
      if (event.shiftId !== null && changesDay(event)) changed.add(event.shiftId);
      const notice = recallOf(event);
      if (notice) void tellRecall(notice).catch(lost('a recall was not pushed to its crew'));
    }
    if (changed.size > 0) void tellChanged().catch(lost('a changed day was not pushed to its crew'));
  });

  return {
    add(socket) {
      const { deviceId } = socket.actor;
      if (deviceId === null) return;
      const sockets = open.get(deviceId) ?? new Set();
      open.set(deviceId, sockets.add(socket));
      socket.onClose(() => {
        sockets.delete(socket);
        if (sockets.size === 0) open.delete(deviceId);
      });
      void greet(socket, deviceId).catch(lost('a day was not pushed to a crew that connected'));
    },
    stop: silence,
  };
}

const first = <T>(set: ReadonlySet<T>): T | undefined => set.values().next().value;

/** What the office takes back with this event, or null. */
function recallOf(event: RecordedEvent): RecallNotice | null {
  const { shiftId, assignmentId, jobId, body } = event;
  if (shiftId === null || assignmentId === null) return null;
  const at = event.at.toISOString();
  const asked = body['requested'];
  if (asked === 'recall' || asked === 'cancel') return { shiftId, assignmentId, jobId, what: asked, toAcknowledge: true, at };
  if (event.type !== 'assignment.state_changed' || body['by'] !== 'office' || body['from'] === 'planned') return null;
  const what = body['to'] === 'recalled' ? 'recall' : body['to'] === 'cancelled' ? 'cancel' : null;
  return what && { shiftId, assignmentId, jobId, what, toAcknowledge: false, at };
}
