// What `--naive` compares with: every position is told to every desk at once, as JSON, a message each. Nothing else: no sign-in,
// no checks, no storage.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { FixBatch } from '../../../server/stores/positions/contract.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket: Socket) => {
  const { token } = socket.handshake.auth as { token?: string };
  if (token === undefined) void socket.join('desks');
  socket.on('fixes', (batch: FixBatch, done?: (answer: unknown) => void) => {
    for (const { lon, lat, fixTime } of batch.fixes) io.to('desks').emit('pos', { id: token, lon, lat, at: Date.parse(fixTime) });
    done?.({ ok: true });
  });
});
http.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(http.address() as AddressInfo).port}`));
