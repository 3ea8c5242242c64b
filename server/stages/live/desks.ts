import type { CityClock } from '../../platform/clock.ts';
import type { Status } from '../../platform/contract.ts';
import type { Log } from '../../platform/log.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import type { VehiclePosition } from '../../stores/positions/contract.ts';
import type { EventFeed, FeedReader } from './feed.ts';

export interface DesksDeps {
  readonly feed: EventFeed;
  readonly clock: CityClock;
  readonly log: Log;
  /** Wall milliseconds between two messages of positions to the same client. */
  readonly tickMillis: number;
  /** Events of one message at most. */
  readonly pageSize: number;
}

export interface Desks {
  /** From now on this desk is told everything after `since`. */
  add(socket: LiveSocket, reader: FeedReader, since: number): void;
  /** Vehicles have moved. */
  moved(moves: readonly { readonly organisationId: string; readonly position: VehiclePosition }[]): void;
  status(status: Status): void;
  stop(): void;
}

interface Desk {
  readonly socket: LiveSocket;
  readonly reader: FeedReader;
  /** Everything up to this seq has been read for it. */
  cursor: number;
  /** `through` of the last message it was sent. */
  told: number;
  /** Positions of this tick and before have been sent. */
  toldTick: number;
  unackedEvents: number;
  unackedPositions: number;
  pumping: boolean;
  gone: boolean;
}

/**
 * Neither `writable` nor `bufferedAmount` sees what lies in the kernel's buffers: a client that stopped reading got
 * 50,000 old updates. So clients acknowledge, and one that has this many open gets nothing more until it does.
 */
const MOST_UNACKNOWLEDGED = 3;
const ACK_MILLIS = 30_000;

/** The desks that listen: positions once per tick and newest only, events in order and without a gap. */
export function desks(deps: DesksDeps): Desks {
  const { feed, clock, log } = deps;
  const open = new Map<string, Desk>();
  const newest = new Map<
    string,
    { readonly organisationId: string; readonly position: VehiclePosition; readonly tick: number }
  >();
  let tick = 1;
  let movedTick = 0;

  /** Sends pages until the desk is up to date or has too many open. */
  async function pump(desk: Desk): Promise<void> {
    if (desk.pumping || desk.gone) return;
    desk.pumping = true;
    try {
      while (!desk.gone && desk.unackedEvents < MOST_UNACKNOWLEDGED) {
        const page = await feed.page(desk.reader, desk.cursor, deps.pageSize);
        if (page.through === desk.cursor) break;
        desk.cursor = page.through;
        // Of a page of which it may see nothing it hears with the next one, which goes on from what it was told last.
        if (page.events.length === 0) continue;
        const message = { ...page, after: desk.told };
        desk.told = page.through;
        desk.unackedEvents++;
        desk.socket.emitAcked('event', message, ACK_MILLIS, () => {
          desk.unackedEvents--;
          void pump(desk);
        });
      }
    } catch (error) {
      // The database is away: the desk's cursor stands still, and the feed wakes everybody when it reads again.
      log.debug({ err: error, socket: desk.socket.id }, 'events could not be read for a desk');
    } finally {
      desk.pumping = false;
    }
  }

  function tellPositions(desk: Desk): void {
    if (desk.toldTick >= movedTick || desk.unackedPositions >= MOST_UNACKNOWLEDGED) return;
    const own = desk.reader.reach.organisationId;
    const now = clock.now();
    const positions: VehiclePosition[] = [];
    for (const entry of newest.values()) {
      if (entry.tick <= desk.toldTick || (own !== null && entry.organisationId !== own)) continue;
      const ageSeconds = Math.max(0, (now.getTime() - Date.parse(entry.position.fixTime)) / 1000);
      positions.push({ ...entry.position, ageSeconds });
    }
    desk.toldTick = movedTick;
    if (positions.length === 0) return;
    desk.unackedPositions++;
    desk.socket.emitAcked('position', { at: now.toISOString(), positions }, ACK_MILLIS, () => {
      desk.unackedPositions--;
    });
  }

  const timer = setInterval(() => {
    tick++;
    for (const desk of open.values()) tellPositions(desk);
  }, deps.tickMillis).unref();
  const silence = feed.listen(() => {
    for (const desk of open.values()) void pump(desk);
  });

  return {
    add(socket, reader, since) {
      const known = open.get(socket.id);
      if (known) {
        known.cursor = since;
        known.told = since;
        void pump(known);
        return;
      }
      const desk: Desk = {
        socket,
        reader,
        cursor: since,
        told: since,
        // What moved during this tick may have come after the snapshot was read: it is told again.
        toldTick: tick - 1,
        unackedEvents: 0,
        unackedPositions: 0,
        pumping: false,
        gone: false,
      };
      open.set(socket.id, desk);
      socket.onClose(() => {
        desk.gone = true;
        open.delete(socket.id);
      });
      void pump(desk);
    },
    moved(moves) {
      for (const { organisationId, position } of moves) newest.set(position.vehicleId, { organisationId, position, tick });
      movedTick = tick;
    },
    status(status) {
      for (const desk of open.values()) desk.socket.emit('status', status);
    },
    stop() {
      clearInterval(timer);
      silence();
    },
  };
}
