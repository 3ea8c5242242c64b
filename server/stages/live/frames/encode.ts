import { ENTRY_BYTES, FRAME_BITS, FRAME_VERSION, hashEntry, HEADER_BYTES, hundredths } from './contract.ts';
import type { FleetPicture } from './fleet-picture.ts';

export interface FrameHead {
  readonly tick: number;
  /** City time of the frame. */
  readonly at: Date;
  readonly full: boolean;
  /** Of what the client should hold once it has taken this frame; null = not told this time. */
  readonly hash: PictureHash | null;
}

export interface PictureHash {
  readonly hash: number;
  readonly vehicles: number;
}

/** The frame of these vehicles, see contract.ts. */
export function encodeFrame(picture: FleetPicture, vehicles: ArrayLike<number>, head: FrameHead): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + vehicles.length * ENTRY_BYTES);
  const now = hundredths(head.at.getTime());
  frame.writeUInt8(FRAME_VERSION, 0);
  frame.writeUInt8((head.full ? FRAME_BITS.full : 0) | (head.hash === null ? 0 : FRAME_BITS.hashed), 1);
  frame.writeUInt16LE(ENTRY_BYTES, 2);
  frame.writeUInt32LE(head.tick >>> 0, 4);
  frame.writeDoubleLE(head.at.getTime(), 8);
  frame.writeUInt32LE(vehicles.length, 16);
  frame.writeUInt32LE(head.hash?.hash ?? 0, 20);
  frame.writeUInt32LE(head.hash?.vehicles ?? 0, 24);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let at = HEADER_BYTES;
  for (let k = 0; k < vehicles.length; k++, at += ENTRY_BYTES) {
    const i = vehicles[k]!;
    view.setUint32(at, i, true);
    view.setInt32(at + 4, picture.lonE7[i]!, true);
    view.setInt32(at + 8, picture.latE7[i]!, true);
    // Older than 248 days is said to be that old: nobody tells such ages apart on a map.
    view.setInt32(at + 12, Math.max(-2_147_483_648, Math.min(2_147_483_647, now - picture.time[i]!)), true);
    view.setUint16(at + 16, picture.delay[i]!, true);
    view.setUint16(at + 18, picture.accuracy[i]!, true);
    view.setUint8(at + 20, picture.speed[i]!);
    view.setUint8(at + 21, picture.heading[i]!);
    view.setUint8(at + 22, picture.source[i]!);
    view.setUint8(at + 23, picture.bits[i]!);
  }
  return frame;
}

/** The hash over these vehicles as they are. */
export function hashOf(picture: FleetPicture, shown: (i: number) => boolean): PictureHash {
  let hash = 0;
  let vehicles = 0;
  for (let i = 0; i < picture.size; i++) {
    if (!shown(i)) continue;
    vehicles++;
    hash = (hash + hashEntry(i, picture.lonE7[i]!, picture.latE7[i]!, picture.time[i]!)) >>> 0;
  }
  return { hash, vehicles };
}
