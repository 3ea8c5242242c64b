// A process of gateways: each a socket of an integrator that passes on fixes of many trackers, a second each. Spoken to by its parent.
import WebSocket from 'ws';
import type { RelayBatch } from '../../../server/stores/positions/contract.ts';
import { Histogram } from './histogram.ts';
import { aRide, rideOn, type Ride } from './ride.ts';
import type { VehiclesCount } from './vehicles.ts';

export interface GatewaysSetUp {
  readonly kind: 'connect';
  readonly urls: readonly string[];
  readonly apiKey: string;
  readonly deviceIds: readonly string[];
  readonly sockets: number;
  readonly centre: { readonly lon: number; readonly lat: number };
}
export type ToGateways = GatewaysSetUp | { readonly kind: 'drive' | 'measure' | 'halt' };

/** Of one message: below the 64 kB that a socket takes. */
const MOST_TOGETHER = 250;
const SLOTS = 20;

interface Gateway {
  readonly socket: WebSocket;
  readonly trackers: { readonly deviceId: string; readonly ride: Ride }[];
  readonly open: Map<number, { readonly at: number; readonly fixes: number }>;
  messages: number;
}

let gateways: Gateway[] = [];
const acks = new Histogram();
let [sent, acknowledged, refused, lostConnections] = [0, 0, 0, 0];
let slot = 0;
let timer: NodeJS.Timeout | undefined;

process.on('message', (message: ToGateways) => {
  if (message.kind === 'connect') void connectAll(message).then(() => process.send!({ kind: 'connected' }));
  else if (message.kind === 'drive') timer = setInterval(driveSlot, 1000 / SLOTS);
  else if (message.kind === 'measure') acks.clear();
  else {
    clearInterval(timer);
    setTimeout(() => process.send!(count()), 3_000);
  }
});
process.on('disconnect', () => process.exit(0));

const count = (): VehiclesCount => ({
  kind: 'count',
  sent,
  acknowledged,
  refused,
  ack_p50_ms: acks.percentile(0.5),
  ack_p99_ms: acks.percentile(0.99),
  lost_connections: lostConnections,
});

async function connectAll({ urls, apiKey, deviceIds, sockets, centre }: GatewaysSetUp): Promise<void> {
  gateways = await Promise.all(Array.from({ length: sockets }, (_, n) => connect(urls[n % urls.length]!, apiKey)));
  deviceIds.forEach((deviceId, n) => gateways[n % sockets]!.trackers.push({ deviceId, ride: aRide(centre, n) }));
}

function connect(url: string, apiKey: string): Promise<Gateway> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      headers: { 'api-key': apiKey },
    });
    const gateway: Gateway = { socket, trackers: [], open: new Map(), messages: 0 };
    socket.on('error', reject);
    socket.on('close', () => lostConnections++);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) socket.send('40');
      else if (text === '2') socket.send('3');
      else if (text.startsWith('44')) reject(new Error(`a gateway was refused: ${text}`));
      else if (text.startsWith('43')) take(gateway, text);
      else if (text.startsWith('40')) resolve(gateway);
    });
  });
}

function take(gateway: Gateway, text: string): void {
  const bracket = text.indexOf('[');
  const id = Number(text.slice(2, bracket));
  const one = gateway.open.get(id);
  if (one === undefined) return;
  gateway.open.delete(id);
  const [ack] = JSON.parse(text.slice(bracket)) as [{ ok: boolean; answer?: { refused: unknown[] } }];
  const away = ack.ok ? ack.answer!.refused.length : one.fixes;
  refused += away;
  acknowledged += one.fixes - away;
  if (ack.ok) acks.add(performance.now() - one.at);
}

/** Each slot of the second has its own trackers, so that what moves is spread over it. */
function driveSlot(): void {
  for (const gateway of gateways) {
    let fixes: RelayBatch['fixes'] = [];
    for (let n = slot; n < gateway.trackers.length; n += SLOTS) {
      const { deviceId, ride } = gateway.trackers[n]!;
      fixes.push({ deviceId, ...rideOn(ride) });
      if (fixes.length < MOST_TOGETHER) continue;
      send(gateway, fixes);
      fixes = [];
    }
    if (fixes.length > 0) send(gateway, fixes);
  }
  slot = (slot + 1) % SLOTS;
}

function send(gateway: Gateway, fixes: RelayBatch['fixes']): void {
  if (gateway.socket.readyState !== WebSocket.OPEN) return;
  const id = ++gateway.messages;
  gateway.open.set(id, { at: performance.now(), fixes: fixes.length });
  gateway.socket.send(`42${id}["relay",${JSON.stringify({ fixes })}]`);
  sent += fixes.length;
}
