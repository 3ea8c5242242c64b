/**
 * Arrays as PostgreSQL sends and receives them in binary (src/backend/utils/adt/arrayfuncs.c, `array_recv`): to be handed over as
 * a parameter with its type said in the statement (`?::float8[]`). Written and read as text, the numbers of ten thousand
 * positions a second were as dear as storing them.
 */

const OIDS = { int8: 20, int4: 23, float4: 700, float8: 701, timestamptz: 1184, uuid: 2950 } as const;
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;
/** Timestamps count microseconds from the beginning of 2000. */
const EPOCH_2000_MILLIS = 946_684_800_000;
const TWO_TO_32 = 4_294_967_296;

type Write = (view: DataView, at: number, i: number) => void;

/** @param isNull left out: none is */
function arrayOf(oid: number, bytes: number, count: number, write: Write, isNull?: (i: number) => boolean): Buffer {
  let nulls = 0;
  if (isNull !== undefined) for (let i = 0; i < count; i++) if (isNull(i)) nulls++;
  const length = HEAD_BYTES + count * (LENGTH_BYTES + bytes) - nulls * bytes;
  const buffer = Buffer.allocUnsafe(length);
  const view = new DataView(buffer.buffer, buffer.byteOffset, length);
  view.setInt32(0, 1);
  view.setInt32(4, nulls > 0 ? 1 : 0);
  view.setInt32(8, oid);
  view.setInt32(12, count);
  view.setInt32(16, 1);
  let at = HEAD_BYTES;
  for (let i = 0; i < count; i++) {
    if (nulls > 0 && isNull!(i)) {
      view.setInt32(at, NULL_LENGTH);
      at += LENGTH_BYTES;
      continue;
    }
    view.setInt32(at, bytes);
    write(view, at + LENGTH_BYTES, i);
    at += LENGTH_BYTES + bytes;
  }
  return buffer;
}

/** Of numbers; NaN is null. */
export const float8Array = (count: number, valueOf: (i: number) => number): Buffer =>
  arrayOf(
    OIDS.float8,
    8,
    count,
    (view, at, i) => view.setFloat64(at, valueOf(i)),
    (i) => Number.isNaN(valueOf(i)),
  );

/** Of numbers of single precision; NaN is null. */
export const float4Array = (count: number, valueOf: (i: number) => number): Buffer =>
  arrayOf(
    OIDS.float4,
    4,
    count,
    (view, at, i) => view.setFloat32(at, valueOf(i)),
    (i) => Number.isNaN(valueOf(i)),
  );

/** Of whole numbers of 32 bits. */
export const int4Array = (count: number, valueOf: (i: number) => number): Buffer =>
  arrayOf(OIDS.int4, 4, count, (view, at, i) => view.setInt32(at, valueOf(i)));

/** Of whole numbers that a double holds exactly. */
export const int8Array = (count: number, valueOf: (i: number) => number): Buffer =>
  arrayOf(OIDS.int8, 8, count, (view, at, i) => setInt64(view, at, valueOf(i)));

/** Of times in milliseconds since 1970. */
export const timestamptzArray = (count: number, millisOf: (i: number) => number): Buffer =>
  arrayOf(OIDS.timestamptz, 8, count, (view, at, i) => setInt64(view, at, (millisOf(i) - EPOCH_2000_MILLIS) * 1000));

/** Of ids as text (8-4-4-4-12); null is null. */
export const uuidArray = (count: number, idOf: (i: number) => string | null): Buffer =>
  arrayOf(
    OIDS.uuid,
    16,
    count,
    (view, at, i) => setUuid(view, at, idOf(i)!),
    (i) => idOf(i) === null,
  );

/** Two halves: a BigInt for each would be garbage. */
function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_TO_32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * TWO_TO_32);
}

function setUuid(view: DataView, at: number, id: string): void {
  let byte = at;
  for (let k = 0; k < id.length; k++) {
    const code = id.charCodeAt(k);
    if (code === DASH) continue;
    view.setUint8(byte++, (hexDigit(code) << 4) | hexDigit(id.charCodeAt(++k)));
  }
}

const DASH = 45;

/** Of a digit or a letter of either case. */
const hexDigit = (code: number): number => (code <= 57 ? code - 48 : (code | 32) - 87);
