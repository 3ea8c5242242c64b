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

/** Space for the values and the head of an array. Each kind of array has a loop of its own below: one for all was twice as slow. */
function begun(oid: number, bytes: number, count: number, nulls: number): [Buffer, DataView] {
  const length = HEAD_BYTES + count * (LENGTH_BYTES + bytes) - nulls * bytes;
  const buffer = Buffer.allocUnsafe(length);
  const view = new DataView(buffer.buffer, buffer.byteOffset, length);
  view.setInt32(0, 1);
  view.setInt32(4, nulls > 0 ? 1 : 0);
  view.setInt32(8, oid);
  view.setInt32(12, count);
  view.setInt32(16, 1);
  return [buffer, view];
}

function nansIn(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) count++;
  return count;
}

/** Of numbers; NaN is null. */
export function float8Array(values: Float64Array): Buffer {
  const [buffer, view] = begun(OIDS.float8, 8, values.length, nansIn(values));
  let at = HEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isNull = Number.isNaN(value);
    view.setInt32(at, isNull ? NULL_LENGTH : 8);
    at += LENGTH_BYTES;
    if (isNull) continue;
    view.setFloat64(at, value);
    at += 8;
  }
  return buffer;
}

/** Of numbers, which are rounded to single precision; NaN is null. */
export function float4Array(values: Float64Array): Buffer {
  const [buffer, view] = begun(OIDS.float4, 4, values.length, nansIn(values));
  let at = HEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isNull = Number.isNaN(value);
    view.setInt32(at, isNull ? NULL_LENGTH : 4);
    at += LENGTH_BYTES;
    if (isNull) continue;
    view.setFloat32(at, value);
    at += 4;
  }
  return buffer;
}

/** Of whole numbers of 32 bits. */
export function int4Array(values: Float64Array): Buffer {
  const [buffer, view] = begun(OIDS.int4, 4, values.length, 0);
  let at = HEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    view.setInt32(at, 4);
    view.setInt32(at + LENGTH_BYTES, values[i]!);
    at += LENGTH_BYTES + 4;
  }
  return buffer;
}

/** Of whole numbers that a double holds exactly. */
export function int8Array(values: Float64Array): Buffer {
  const [buffer, view] = begun(OIDS.int8, 8, values.length, 0);
  let at = HEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    setInt64(view, at, values[i]!);
    at += LENGTH_BYTES + 8;
  }
  return buffer;
}

/** Of times in milliseconds since 1970. */
export function timestamptzArray(millis: Float64Array): Buffer {
  const [buffer, view] = begun(OIDS.timestamptz, 8, millis.length, 0);
  let at = HEAD_BYTES;
  for (let i = 0; i < millis.length; i++) {
    setInt64(view, at, (millis[i]! - EPOCH_2000_MILLIS) * 1000);
    at += LENGTH_BYTES + 8;
  }
  return buffer;
}

/** Of ids as text (8-4-4-4-12). */
export function uuidArray(ids: readonly (string | null)[]): Buffer {
  let nulls = 0;
  for (const id of ids) if (id === null) nulls++;
  const [buffer, view] = begun(OIDS.uuid, 16, ids.length, nulls);
  let at = HEAD_BYTES;
  for (const id of ids) {
    view.setInt32(at, id === null ? NULL_LENGTH : 16);
    at += LENGTH_BYTES;
    if (id === null) continue;
    for (let k = 0; k < id.length; k++) {
      const code = id.charCodeAt(k);
      if (code === DASH) continue;
      view.setUint8(at++, (hexDigit(code) << 4) | hexDigit(id.charCodeAt(++k)));
    }
  }
  return buffer;
}

/** With its length. Two halves: a BigInt for each would be garbage. */
function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_TO_32);
  view.setInt32(at, 8);
  view.setInt32(at + 4, high);
  view.setUint32(at + 8, value - high * TWO_TO_32);
}

const DASH = 45;

/** Of a digit or a letter of either case. */
const hexDigit = (code: number): number => (code <= 57 ? code - 48 : (code | 32) - 87);
