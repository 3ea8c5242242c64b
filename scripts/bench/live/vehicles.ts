// A process of vehicles: each has a WebSocket of its own to the server and sends a fix a second. Spoken to by its parent.
import WebSocket from 'ws';
import type { KeptNotice } from '../../../server/stages/live/contract.ts';
import { Histogram } from './histogram.ts';
import { aRide, rideOn, type Ride } from './ride.ts';

export interface VehiclesSetUp {
  readonly kind: 'connect';
  readonly urls: readonly string[];
  readonly tokens: readonly string[];
  readonly centre: { readonly lon: number; readonly lat: number };
  /** Each message asks for an answer of its own, instead of being told every few seconds what is stored. */
  readonly answers: boolean;
}
export type ToVehicles = VehiclesSetUp | { readonly kind: 'drive' | 'measure' | 'halt' };
export interface VehiclesCount {
  readonly kind: 'count';
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** From sending to the acknowledgement that it is stored. */
  readonly ack_p50_ms: number | null;
  readonly ack_p99_ms: number | null;
  readonly lost_connections: number;
}

const CONNECT_AT_ONCE = 100;
const SLOTS = 50;
/** What is stored is told every ten seconds; what is under way at the end is waited for. */
const LAST_NOTICE_MILLIS = 12_000;

interface Vehicle {
  readonly socket: WebSocket;
  readonly ride: Ride;
  readonly open: Map<number, number>;
}

const vehicles: Vehicle[] = [];
const acks = new Histogram();
let [sent, acknowledged, refused, lostConnections] = [0, 0, 0, 0];
let slot = 0;
let answers = false;
let timer: NodeJS.Timeout | undefined;

process.on('message', (message: ToVehicles) => {
  if (message.kind === 'connect') void connectAll(message).then(() => process.send!({ kind: 'connected' }));
  else if (message.kind === 'drive') timer = setInterval(driveSlot, 1000 / SLOTS);
  else if (message.kind === 'measure') acks.clear();
  else {
    clearInterval(timer);
    setTimeout(() => process.send!(count()), LAST_NOTICE_MILLIS);
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

async function connectAll({ urls, tokens, centre, ...how }: VehiclesSetUp): Promise<void> {
  answers = how.answers;
  for (let k = 0; k < tokens.length; k += CONNECT_AT_ONCE) {
    await Promise.all(
      tokens.slice(k, k + CONNECT_AT_ONCE).map((token, n) => connect(urls[(k + n) % urls.length]!, token, centre, k + n)),
    );
  }
}

function connect(url: string, token: string, centre: VehiclesSetUp['centre'], n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
    const vehicle: Vehicle = { socket, ride: aRide(centre, n), open: new Map() };
    vehicles[n] = vehicle;
    socket.on('error', reject);
    socket.on('close', () => lostConnections++);
    // Engine.IO 4 and Socket.IO 5 by hand: ten thousand full clients would be a load of their own.
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`);
      else if (text === '2') socket.send('3');
      else if (text.startsWith('44')) reject(new Error(`a vehicle was refused: ${text}`));
      else if (text.startsWith('43')) take(vehicle, text);
      else if (text.startsWith('42["kept",')) takeKept(vehicle, (JSON.parse(text.slice(2)) as [string, KeptNotice])[1]);
      else if (text.startsWith('42["refused",')) refused++;
      else if (text.startsWith('40')) resolve();
    });
  });
}

function take(vehicle: Vehicle, text: string): void {
  const bracket = text.indexOf('[');
  const id = Number(text.slice(2, bracket));
  if (text.startsWith('[{"ok":true', bracket)) acknowledge(vehicle, id);
  else if (vehicle.open.delete(id)) refused++;
}

function takeKept(vehicle: Vehicle, { ranges }: KeptNotice): void {
  for (const [first, last] of ranges) for (let seq = first; seq <= last; seq++) acknowledge(vehicle, seq);
}

function acknowledge(vehicle: Vehicle, seq: number): void {
  const at = vehicle.open.get(seq);
  if (at === undefined) return;
  vehicle.open.delete(seq);
  acknowledged++;
  acks.add(performance.now() - at);
}

function driveSlot(): void {
  for (let n = slot; n < vehicles.length; n += SLOTS) drive(vehicles[n]!);
  slot = (slot + 1) % SLOTS;
}

function drive(vehicle: Vehicle): void {
  const fix = rideOn(vehicle.ride);
  if (vehicle.socket.readyState !== WebSocket.OPEN) return;
  vehicle.open.set(fix.deviceSeq, performance.now());
  vehicle.socket.send(`42${answers ? fix.deviceSeq : ''}["fixes",${JSON.stringify({ fixes: [fix] })}]`);
  sent++;
}
