import type { VehicleMove } from '../../../stores/positions/store.ts';
import { POSITION_SOURCES } from '../frames/contract.ts';

/**
 * What servers of one city tell each other about positions, little-endian:
 *
 *     header  0  u8   version of this layout
 *             1  u8   kind, a place in KINDS
 *             2  u16  entries
 *             4  16   id of the node
 *            20  u32  messages this node has sent before: a gap says that one was lost
 *     entry   0  16   vehicle
 *            16  16   its organisation
 *            32  16   its shift; zeros = none
 *            48  16   the device that says so
 *            64  f64  corrected time of the fix, milliseconds since 1970
 *            72  f64  when it was received
 *            80  f64  the device's number of it
 *            88  i32  longitude, 1e-7 degrees
 *            92  i32  latitude
 *            96  f32  accuracy, metres; not a number = not known
 *           100  f32  speed, metres a second; the same
 *           104  f32  heading, degrees; the same
 *           108  u8   how the place is known: a place in POSITION_SOURCES
 *           109  3    nothing
 *
 * Positions are never sent through the sockets' own adapter: that would be a message each, in text.
 */
export const NODE_MESSAGE_VERSION = 1;
const HEADER_BYTES = 24;
const ENTRY_BYTES = 112;

/** alive: a sign of life. hello: tell me all you have heard. bye: this node ends. committed: read the event log. */
export const KINDS = ['moves', 'alive', 'hello', 'bye', 'committed'] as const;
export type NodeMessageKind = (typeof KINDS)[number];

export interface NodeMessage {
  readonly kind: NodeMessageKind;
  readonly nodeId: string;
  readonly before: number;
  readonly moves: readonly VehicleMove[];
}

/** The most that one message holds. */
export const MOST_MOVES = 65_535;

export function encodeMessage({ kind, nodeId, before, moves }: NodeMessage): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + moves.length * ENTRY_BYTES);
  message.writeUInt8(NODE_MESSAGE_VERSION, 0);
  message.writeUInt8(KINDS.indexOf(kind), 1);
  message.writeUInt16LE(moves.length, 2);
  writeId(message, nodeId, 4);
  message.writeUInt32LE(before >>> 0, 20);
  let at = HEADER_BYTES;
  for (const { organisationId, shiftId, marker } of moves) {
    writeId(message, marker.vehicleId, at);
    writeId(message, organisationId, at + 16);
    if (shiftId !== null) writeId(message, shiftId, at + 32);
    writeId(message, marker.deviceId, at + 48);
    message.writeDoubleLE(marker.time.getTime(), at + 64);
    message.writeDoubleLE(marker.receivedAt.getTime(), at + 72);
    message.writeDoubleLE(marker.deviceSeq, at + 80);
    message.writeInt32LE(Math.round(marker.lon * 1e7), at + 88);
    message.writeInt32LE(Math.round(marker.lat * 1e7), at + 92);
    message.writeFloatLE(marker.accuracyMetres ?? NaN, at + 96);
    message.writeFloatLE(marker.speedMps ?? NaN, at + 100);
    message.writeFloatLE(marker.headingDegrees ?? NaN, at + 104);
    message.writeUInt8(Math.max(0, (POSITION_SOURCES as readonly string[]).indexOf(marker.source)), at + 108);
    at += ENTRY_BYTES;
  }
  return message;
}

/** null: of another version, or not one of ours. Nothing of it is believed then. */
export function decodeMessage(message: Buffer): NodeMessage | null {
  if (message.length < HEADER_BYTES || message.readUInt8(0) !== NODE_MESSAGE_VERSION) return null;
  const kind = KINDS[message.readUInt8(1)];
  const count = message.readUInt16LE(2);
  if (kind === undefined || message.length !== HEADER_BYTES + count * ENTRY_BYTES) return null;
  const moves: VehicleMove[] = [];
  for (let k = 0, at = HEADER_BYTES; k < count; k++, at += ENTRY_BYTES) {
    const shiftId = readId(message, at + 32);
    moves.push({
      organisationId: readId(message, at + 16),
      shiftId: shiftId === NO_ID ? null : shiftId,
      marker: {
        vehicleId: readId(message, at),
        deviceId: readId(message, at + 48),
        deviceSeq: message.readDoubleLE(at + 80),
        time: new Date(message.readDoubleLE(at + 64)),
        receivedAt: new Date(message.readDoubleLE(at + 72)),
        lon: message.readInt32LE(at + 88) / 1e7,
        lat: message.readInt32LE(at + 92) / 1e7,
        accuracyMetres: known(message.readFloatLE(at + 96)),
        speedMps: known(message.readFloatLE(at + 100)),
        headingDegrees: known(message.readFloatLE(at + 104)),
        source: POSITION_SOURCES[message.readUInt8(at + 108)] ?? 'unknown',
      },
    });
  }
  return { kind, nodeId: readId(message, 4), before: message.readUInt32LE(20), moves };
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

function writeId(message: Buffer, id: string, at: number): void {
  message.write(id.replaceAll('-', ''), at, 16, 'hex');
}

function readId(message: Buffer, at: number): string {
  const hex = message.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
