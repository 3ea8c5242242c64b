import { createServer, type Server, type Socket } from 'node:net';

/** What we need of the embedded engine: one message of the frontend/backend protocol in, the bytes of its answer out. */
export interface OneBackend {
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>;
}

export interface WireOptions {
  readonly socket: string;
  /** The engine itself failed (an SQL error is an answer, not this): nothing it says can be trusted any more. */
  readonly onBroken: (error: unknown) => void;
}

export interface WireServer {
  close(): Promise<void>;
}

/** A client that has waited this long for its turn waits for itself (a transaction that asks by another connection). */
const LONGEST_WAIT_MILLIS = 60_000;
const STARTUP = 196_608;
const CANCEL = 80_877_102;
/** SSLRequest and GSSENCRequest: both are answered "no". */
const ENCRYPTION = new Set([80_877_103, 80_877_104]);
/** Parse, bind, describe, execute, close, flush: answered by "ready for query" only at the sync that follows. */
const EXTENDED_STEPS = new Set(Buffer.from('PBDECH'));
const READY = 0x5a;
const ERROR = 0x45;
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/**
 * Serves one backend to several clients over PostgreSQL's protocol. Clients take turns by whole exchanges: a turn ends
 * when the backend says "ready for query, no transaction open". Parse, bind and execute of one client never mix with
 * another's (they share the unnamed statement), nor does anything come into a transaction from outside.
 */
export async function serveWire(backend: OneBackend, { socket, onBroken }: WireOptions): Promise<WireServer> {
  const turns = takeTurns();
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined); // 'close' follows
    client.once('close', () => clients.delete(client));
    serveClient(client, backend, turns).catch(onBroken);
  });
  await listen(server, socket);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      }),
  };
}

/** Reads one client's messages and passes them on in its turns, until it has gone. @throws what the engine throws. */
async function serveClient(client: Socket, backend: OneBackend, turns: Turns): Promise<void> {
  let giveBack: (() => void) | null = null;
  let discarding = false;
  try {
    for await (const message of messagesOf(client)) {
      if (message === 'encryption') {
        client.write('N');
        continue;
      }
      if (giveBack === null) {
        const patience = setTimeout(() => client.destroy(), LONGEST_WAIT_MILLIS);
        giveBack = await turns();
        clearTimeout(patience);
        if (client.destroyed) return;
      }
      const isStep = EXTENDED_STEPS.has(message[0] ?? 0);
      if (discarding && isStep) continue;
      discarding = false;
      const { bytes, failed, status } = readAnswer(await backend.execProtocolRaw(message), isStep);
      // After a step that failed the protocol has everything up to the next sync discarded; the engine does not.
      discarding = isStep && failed;
      if (bytes.length > 0 && !client.destroyed) client.write(bytes);
      if (status === 'I') {
        giveBack();
        giveBack = null;
      }
    }
  } finally {
    if (giveBack !== null) {
      // Gone in the middle of an exchange or a transaction: the next client finds a clean backend.
      await backend.execProtocolRaw(SYNC);
      await backend.execProtocolRaw(rollback());
      giveBack();
    }
    client.destroy();
  }
}

/** Whole messages in order. Ends when the client ends, says goodbye, or asks to cancel (which one backend cannot). */
async function* messagesOf(client: Socket): AsyncGenerator<Uint8Array | 'encryption'> {
  let held: Buffer = Buffer.alloc(0);
  let started = false;
  try {
    for await (const chunk of client as AsyncIterable<Buffer>) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (;;) {
        // The first message has no type byte; all have their length, which counts itself.
        const head = started ? 1 : 0;
        if (held.length < head + 4) break;
        const end = head + held.readInt32BE(head);
        if (end < head + 4) return;
        if (held.length < end) break;
        const message = held.subarray(0, end);
        held = held.subarray(end);
        if (started) {
          if (message[0] === 0x58) return; // X: terminate
          yield message;
          continue;
        }
        const code = end >= 8 ? message.readInt32BE(4) : 0;
        if (ENCRYPTION.has(code)) yield 'encryption';
        else if (code === CANCEL || code !== STARTUP) return;
        else {
          started = true;
          yield message;
        }
      }
    }
  } catch {
    // A connection that breaks ends like one that closes.
  }
}

interface Answer {
  readonly bytes: Buffer;
  readonly failed: boolean;
  /** Of the transaction, when the backend is ready for a query; undefined while the exchange goes on. */
  readonly status: 'I' | 'T' | 'E' | undefined;
}

/**
 * A copy of an answer: the engine's next one overwrites its buffer, and a write may still wait then. The engine says
 * "ready for query" already after a step of the extended protocol that failed, and again at the sync; the first would be
 * taken for the end of the client's next query and is left out (PostgreSQL manual, 53.2.3: only sync is answered by it).
 */
function readAnswer(raw: Uint8Array, isStep: boolean): Answer {
  const view = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const kept: Buffer[] = [];
  let failed = false;
  let status: Answer['status'];
  for (let at = 0, end = 0; at + 5 <= view.length; at = end) {
    end = at + 1 + view.readInt32BE(at + 1);
    status = undefined;
    if (view[at] === READY) {
      if (isStep) continue;
      status = String.fromCharCode(view[at + 5] ?? 0) as 'I' | 'T' | 'E';
    }
    if (view[at] === ERROR) failed = true;
    kept.push(view.subarray(at, end));
  }
  return { bytes: Buffer.concat(kept), failed, status };
}

function rollback(): Buffer {
  const text = Buffer.from('Qxxxxrollback\0');
  text.writeInt32BE(text.length - 1, 1);
  return text;
}

/** Waits for the turn; the answer gives it back. First come, first served. */
type Turns = () => Promise<() => void>;

function takeTurns(): Turns {
  let last = Promise.resolve();
  return async () => {
    const before = last;
    let done: () => void = () => undefined;
    last = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  };
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
