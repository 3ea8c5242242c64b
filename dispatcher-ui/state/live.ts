import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';
import type { Status } from '../../server/platform/contract.ts';
import type { EventView } from '../../server/stores/events/contract.ts';
import type { View } from '../../server/stages/live/frames/contract.ts';
import { FrameReader, type FrameNews } from './frame-reader.ts';
import { keepConnected } from './keep-connected.ts';

export interface LiveHandlers {
  onConnection(connected: boolean): void;
  /** Anything came from the server: the stream is alive at this moment. */
  onHeard(): void;
  onStatus(status: Status): void;
  onFrame(news: FrameNews): void;
  onEvents(events: readonly EventView[]): void;
  onSignedOut(): void;
}

/** The desk's connection. */
export interface Live {
  /** What the map shows; null: the whole city. The server is told of it where the fleet is large. */
  look(view: View | null): void;
  /** How often what was held did not add up to what the server says, and was read again: for who looks for a fault. */
  drifted: number;
  close(): void;
}

/**
 * Below so many vehicles the desk is told of all of them at once, wherever its map looks: crews' lists need them. Above,
 * what the map does not show is told of every few seconds.
 */
export const LARGE_FLEET = 2_000;

/** Quiet nights bring no positions; this question, answered from memory, proves that the stream still lives. */
const BEAT_MS = 2_000;

/**
 * The desk's live connection. It begins after `since`, the event its snapshot includes at least; after every break it
 * says how far it has read the event log and is told what it missed, without a gap.
 */
export function connectLive(handlers: LiveHandlers, start: { readonly since: number | null }): Live {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
  });
  let through = start.since;
  let reader = new FrameReader();
  let wanted: View | null = null;
  let told: View | null = null;

  /** The server is told what the map shows, when that is another thing than it knows. */
  const tellView = (): void => {
    const view = reader.vehicles > LARGE_FLEET ? wanted : null;
    if (view === told) return;
    told = view;
    const of = reader;
    socket.emit('view', { view }, (ack) => {
      if (ack.ok) of.setView(view);
    });
  };

  const greet = async (): Promise<void> => {
    // Indices of vehicles hold for one connection.
    reader = new FrameReader();
    told = null;
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
    handlers.onFrame(news);
    if (!news.adds) {
      live.drifted++;
      socket.emit('resync', {}, () => undefined);
    }
    done();
    tellView();
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
  const live: Live = {
    drifted: 0,
    look(view) {
      wanted = view;
      if (socket.connected) tellView();
    },
    close() {
      clearInterval(beating);
      connection.close();
    },
  };
  return live;
}
