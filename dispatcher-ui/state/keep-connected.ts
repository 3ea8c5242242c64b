import type { Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';

export interface ConnectionHandlers {
  /** The line is gone, or could not be had. */
  onLost(): void;
  /** The server knows us no longer. */
  onRefused(): void;
}

const COME_BACK_MS = 1_000;

/**
 * Socket.IO comes back by itself after a broken line, not after the server has hung up or refused: this does then,
 * and stays away as long as a server that closes asks, so that not all come back at once. `close` ends it all.
 */
export function keepConnected(
  socket: Socket<ServerToClient, ClientToServer>,
  { onLost, onRefused }: ConnectionHandlers,
): { close(): void } {
  let closed = false;
  let stayAwayMs = 0;
  let returning: ReturnType<typeof setTimeout> | undefined;
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
  socket.on('server-closing', ({ comeBackAfterMillis }) => {
    stayAwayMs = comeBackAfterMillis;
  });
  socket.on('disconnect', () => {
    onLost();
    comeBack();
  });
  socket.on('connect_error', (error) => {
    onLost();
    const data = (error as Error & { data?: { status?: unknown } }).data;
    if (data?.status === 401) onRefused();
    comeBack();
  });
  socket.on('signed-out', onRefused);
  return {
    close() {
      closed = true;
      clearTimeout(returning);
      socket.disconnect();
    },
  };
}
