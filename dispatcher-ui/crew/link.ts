import { io, type Socket } from 'socket.io-client';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { ClientToServer, RecallNotice, ServerToClient } from '../../server/stages/live/contract.ts';
import { keepConnected } from '../state/keep-connected.ts';

export interface LinkHandlers {
  onConnection(connected: boolean): void;
  onDay(day: CrewDay): void;
  onRecall(notice: RecallNotice): void;
  /** The device's token is refused. */
  onRevoked(): void;
}

/** The crew's live connection: it is told when its day changes. What the phone says itself goes by HTTP. */
export function openLink(token: string, handlers: LinkHandlers): { close(): void } {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    transports: ['websocket'],
    auth: { token },
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    // A phone that is enrolled again gets a connection of its own.
    forceNew: true,
  });
  socket.on('connect', () => handlers.onConnection(true));
  socket.on('day', handlers.onDay);
  socket.on('recall', handlers.onRecall);
  return keepConnected(socket, { onLost: () => handlers.onConnection(false), onRefused: handlers.onRevoked });
}
