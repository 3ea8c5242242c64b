import type { Status } from '../../platform/contract.ts';
import type { Log } from '../../platform/log.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import type { EventFeed, FeedReader } from './feed.ts';

export interface DesksDeps {
  readonly feed: EventFeed;
  readonly log: Log;
  /** Events of one message at most. */
  readonly pageSize: number;
}

export interface Desks {
  /** From now on this desk is told everything after `since`. */
  add(socket: LiveSocket, reader: FeedReader, since: number): void;
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
  unacked: number;
  pumping: boolean;
  gone: boolean;
}

/**
 * Neither `writable` nor `bufferedAmount` sees what lies in the kernel's buffers: a client that stopped reading got
 * 50,000 old updates. So clients acknowledge, and one that has this many open gets nothing more until it does.
 */
const MOST_UNACKNOWLEDGED = 3;
const ACK_MILLIS = 30_000;

/** The desks that listen to events: in order and without a gap. */
export function desks(deps: DesksDeps): Desks {
  const { feed, log } = deps;
  const open = new Map<string, Desk>();

  /** Sends pages until the desk is up to date or has too many open. */
  async function pump(desk: Desk): Promise<void> {
    if (desk.pumping || desk.gone) return;
    desk.pumping = true;
    try {
      while (!desk.gone && desk.unacked < MOST_UNACKNOWLEDGED) {
        const page = await feed.page(desk.reader, desk.cursor, deps.pageSize);
        if (page.through === desk.cursor) break;
        desk.cursor = page.through;
        // Of a page of which it may see nothing it hears with the next one, which goes on from what it was told last.
        if (page.events.length === 0) continue;
        const message = { ...page, after: desk.told };
        desk.told = page.through;
        desk.unacked++;
        desk.socket.emitAcked('event', message, ACK_MILLIS, () => {
          desk.unacked--;
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
        unacked: 0,
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
    status(status) {
      for (const desk of open.values()) desk.socket.emit('status', status);
    },
    stop: silence,
  };
}
