import { io, type Socket } from 'socket.io-client';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { ClientToServer, RecallNotice, ServerToClient } from '../../server/stages/live/contract.ts';

export interface LinkHandlers {
  onConnection(connected: boolean): void;
  onDay(day: CrewDay): void;
  onRecall(notice: RecallNotice): void;
  /** The device's token is refused. */
  onRevoked(): void;
}

const COME_BACK_MS = 1_000;

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
  let closed = false;
  let stayAwayMs = 0;
  let returning: ReturnType<typeof setTimeout> | undefined;

  /** Socket.IO comes back by itself after a broken line, not after the server has hung up or refused. */
  const comeBack = (): void => {
    if (closed || socket.active || returning !== undefined) return;
    returning = setTimeout(
      () => {
        returning = undefined;
        if (!closed) socket.connect();
      },
      Math.max(COME_BACK_MS, stayAwayMs),
    );
    stayAwayMs = 0;
  };

  socket.on('connect', () => handlers.onConnection(true));
  socket.on('server-closing', ({ comeBackAfterMillis }) => {
    stayAwayMs = comeBackAfterMillis;
  });
  socket.on('disconnect', () => {
    handlers.onConnection(false);
    comeBack();
  });
  socket.on('connect_error', (error) => {
    handlers.onConnection(false);
    const data = (error as Error & { data?: { status?: unknown } }).data;
    if (data?.status === 401) handlers.onRevoked();
    comeBack();
  });
  socket.on('day', handlers.onDay);
  socket.on('recall', handlers.onRecall);
  socket.on('signed-out', handlers.onRevoked);
  return {
    close() {
      closed = true;
      clearTimeout(returning);
      socket.disconnect();
    },
  };
}
