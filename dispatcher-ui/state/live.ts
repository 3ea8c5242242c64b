import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';
import type { Status } from '../../server/platform/contract.ts';
import type { EventView } from '../../server/stores/events/contract.ts';
import type { VehiclePosition } from '../../server/stores/positions/contract.ts';
import { FrameReader } from './frame-reader.ts';
import { keepConnected } from './keep-connected.ts';

export interface LiveHandlers {
  onConnection(connected: boolean): void;
  /** Anything came from the server: the stream is alive at this moment. */
  onHeard(): void;
  onStatus(status: Status): void;
  onPositions(at: string, positions: readonly VehiclePosition[]): void;
  onEvents(events: readonly EventView[]): void;
  onSignedOut(): void;
}

/** Quiet nights bring no positions; this question, answered from memory, proves that the stream still lives. */
const BEAT_MS = 2_000;

/**
 * The desk's live connection. It begins after `since`, the event its snapshot includes at least; after every break it
 * says how far it has read the event log and is told what it missed, without a gap.
 */
export function connectLive(handlers: LiveHandlers, start: { readonly since: number | null }): { close(): void } {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
  });
  let through = start.since;
  let reader = new FrameReader();

  const greet = async (): Promise<void> => {
    // Indices of vehicles hold for one connection.
    reader = new FrameReader();
    try {
      const ack = await socket.timeout(10_000).emitWithAck('hello', through === null ? {} : { since: through });
      // Signed out meanwhile, or the database is away: tried again with the next connection.
      if (!ack.ok) return void setTimeout(() => void socket.disconnect().connect(), 2_000);
      through ??= ack.answer.lastSeq;
      handlers.onHeard();
      handlers.onConnection(true);
      handlers.onStatus(ack.answer.status);
    } catch {
      socket.disconnect().connect();
    }
  };

  const beat = async (): Promise<void> => {
    if (!socket.connected) return;
    try {
      const ack = await socket.timeout(BEAT_MS * 2).emitWithAck('since', { after: through ?? 0, limit: 1 });
      if (ack.ok) handlers.onHeard();
    } catch {
      // No answer: the chip grows old and says so.
    }
  };
  const beating = setInterval(() => void beat(), BEAT_MS);

  socket.on('connect', () => void greet());
  socket.on('status', (status) => {
    handlers.onHeard();
    handlers.onStatus(status);
  });
  socket.on('roster', (entries) => reader.takeRoster(entries));
  socket.on('frame', (frame, done) => {
    handlers.onHeard();
    const news = reader.read(frame);
    handlers.onPositions(new Date(news.at).toISOString(), news.positions);
    if (!news.adds) socket.emit('resync', {}, () => undefined);
    done();
  });
  socket.on('event', (page, done) => {
    handlers.onHeard();
    if (through === null || page.through > through) through = page.through;
    handlers.onEvents(page.events);
    done();
  });
  const connection = keepConnected(socket, {
    onLost: () => handlers.onConnection(false),
    onRefused: handlers.onSignedOut,
  });
  return {
    close() {
      clearInterval(beating);
      connection.close();
    },
  };
}
