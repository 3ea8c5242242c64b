// A process of dispatchers: each a signed-in Socket.IO client that reads frames as the screens do. Spoken to by its parent.
import { io, type Socket } from 'socket.io-client';
import { FrameReader } from '../../../dispatcher-ui/state/frame-reader.ts';
import type { ClientToServer, ServerToClient } from '../../../server/stages/live/contract.ts';
import { Histogram } from './histogram.ts';
import { LightReader } from './light-reader.ts';

export type ToDesks =
  | {
      readonly kind: 'connect';
      readonly urls: readonly string[];
      readonly tokens: readonly string[];
      /** The server is the one that emits each position by itself. */
      readonly naive: boolean;
      /** They read frames without making an object of each vehicle. */
      readonly light: boolean;
    }
  | { readonly kind: 'measure' | 'count' }
  /** The first desk reads nothing for so long. */
  | { readonly kind: 'freeze'; readonly millis: number };
export interface DesksCount {
  readonly kind: 'count';
  readonly delivered: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number;
  readonly hashes_checked: number;
  readonly hashes_wrong: number;
  /** Of each desk: what it holds of each vehicle, as one text, the same for all when nobody misses anything. */
  readonly states: readonly string[];
  readonly vehicles: readonly number[];
  /** Frames older than a second that the frozen desk got after it read again. */
  readonly stale_frames: number | null;
}

interface Desk {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  reader: FrameReader;
  light: LightReader;
  readonly latest: Map<string, string>;
}

const desks: Desk[] = [];
const delays = new Histogram();
let measuring = false;
let [hashesChecked, hashesWrong] = [0, 0];
let thawedAt: number | null = null;
let staleFrames: number | null = null;

process.on('message', (message: ToDesks) => {
  if (message.kind === 'connect') {
    void Promise.all(message.tokens.map((token, n) => connect(message.urls[n % message.urls.length]!, token, message))).then(() =>
      process.send!({ kind: 'connected' }),
    );
  } else if (message.kind === 'measure') {
    delays.clear();
    measuring = true;
  } else if (message.kind === 'freeze') freeze(message.millis);
  else process.send!(count());
});
process.on('disconnect', () => process.exit(0));

function count(): DesksCount {
  measuring = false;
  for (const { light, latest } of desks) for (const [id, at] of light.held()) latest.set(id, at);
  return {
    kind: 'count',
    delivered: delays.count,
    p50_ms: delays.percentile(0.5),
    p99_ms: delays.percentile(0.99),
    max_ms: Math.round(delays.max),
    hashes_checked: hashesChecked,
    hashes_wrong: hashesWrong,
    states: desks.map(({ latest }) =>
      [...latest]
        .map(([id, at]) => `${id}@${at}`)
        .sort()
        .join(),
    ),
    vehicles: desks.map(({ latest }) => latest.size),
    stale_frames: staleFrames,
  };
}

async function connect(url: string, token: string, { naive, light }: { naive: boolean; light: boolean }): Promise<void> {
  const socket: Desk['socket'] = io(url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: `thuma=${token}`, origin: url },
  });
  const desk: Desk = { socket, reader: new FrameReader(), light: new LightReader(), latest: new Map() };
  const first = desks.push(desk) === 1;
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  if (naive) {
    const plain = socket as unknown as Socket<{ pos: (told: { id: string; lon: number; lat: number; at: number }) => void }>;
    plain.on('pos', ({ id, lon, lat, at }) => {
      if (measuring) delays.add(Date.now() - at);
      desk.latest.set(id, `${lon}/${lat}/${at}`);
    });
    return;
  }
  socket.on('roster', (entries) => (light ? desk.light : desk.reader).takeRoster(entries));
  socket.on('frame', (frame, done) => {
    const now = Date.now();
    if (light) {
      const { adds, at } = desk.light.read(frame, (fixMillis) => {
        if (measuring) delays.add(now - fixMillis);
      });
      if (!adds) hashesWrong++;
      hashesChecked++;
      if (first && thawedAt !== null && at < now - 1000) staleFrames!++;
      return done();
    }
    const news = desk.reader.read(frame);
    if (!news.adds) hashesWrong++;
    hashesChecked++;
    if (first && thawedAt !== null && news.at < now - 1000) staleFrames!++;
    for (const { vehicleId, lon, lat, fixAtMs } of news.spots) {
      if (measuring && !news.full) delays.add(now - fixAtMs);
      desk.latest.set(vehicleId, `${lon}/${lat}/${fixAtMs}`);
    }
    done();
  });
  await begin(socket);
  // One that is frozen for long is cut off, comes back by itself and begins anew, as a screen does.
  socket.on('connect', () => {
    [desk.reader, desk.light] = [new FrameReader(), new LightReader()];
    void begin(socket);
  });
}

async function begin(socket: Desk['socket']): Promise<void> {
  const ack = await socket.timeout(10_000).emitWithAck('hello', {});
  if (!ack.ok) throw new Error(ack.problem.detail);
}

/** Stops reading at the transport, as a page whose tab is frozen: what is under way fills the kernel's buffers. */
function freeze(millis: number): void {
  const transport = (desks[0]!.socket.io.engine as unknown as { transport: { ws: { _socket: NodeJS.Socket } } }).transport;
  const raw = transport.ws._socket;
  raw.pause();
  setTimeout(() => {
    staleFrames = 0;
    thawedAt = Date.now();
    raw.resume();
  }, millis);
}
