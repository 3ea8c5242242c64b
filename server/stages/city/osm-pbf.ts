import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { parse } from 'osm-pbf-parser-node';
import { BadOsmFile, type OsmElement } from './osm.ts';

const inflated = promisify(inflate);

/** Limits of the format's own description. */
const LARGEST_HEADER = 64 * 1024;
const LARGEST_BLOCK = 32 * 1024 * 1024;
/** What a reader must know to understand a file; anything else in it would be misread, so it is refused. */
const UNDERSTOOD = new Set(['OsmSchema-V0.6', 'DenseNodes']);

/** One array of elements a block of the file. Throws BadOsmFile on a file that breaks off or is damaged. */
export async function* readPbf(file: string): AsyncGenerator<readonly OsmElement[]> {
  const handle = await open(file);
  try {
    let position = 0;
    for (;;) {
      const length = await bytes(handle, file, position, 4, position > 0);
      if (length === null) return;
      const headerSize = length.readUInt32BE(0);
      if (headerSize === 0 || headerSize > LARGEST_HEADER) throw damaged(file, position);
      const header = fields(await whole(handle, file, position + 4, headerSize), file, position);
      const type = header.get(1);
      const size = header.get(3);
      if (!(type instanceof Uint8Array) || typeof size !== 'number' || size > LARGEST_BLOCK) throw damaged(file, position);
      const start = position + 4 + headerSize;
      const name = Buffer.from(type).toString('utf8');
      if (name === 'OSMHeader') requireUnderstood(fields(await block(handle, file, start, size), file, start, 4), file);
      if (name === 'OSMData') yield elements(await block(handle, file, start, size), file, start);
      position = start + size;
    }
  } finally {
    await handle.close();
  }
}

function elements(content: Buffer, file: string, position: number): readonly OsmElement[] {
  try {
    return parse(content, { withTags: true, withInfo: false });
  } catch (cause) {
    throw damaged(file, position, cause);
  }
}

async function block(handle: FileHandle, file: string, position: number, size: number): Promise<Buffer> {
  const blob = fields(await whole(handle, file, position, size), file, position);
  const raw = blob.get(1);
  if (raw instanceof Uint8Array) return Buffer.from(raw);
  const zlib = blob.get(3);
  if (!(zlib instanceof Uint8Array)) {
    throw new BadOsmFile(
      file,
      'is packed in a way this import does not read (not zlib). Convert it: osmium cat in.osm.pbf -o out.osm.pbf',
    );
  }
  try {
    return await inflated(zlib, { maxOutputLength: LARGEST_BLOCK });
  } catch (cause) {
    throw damaged(file, position, cause);
  }
}

function requireUnderstood(header: ReadonlyMap<number, number | Uint8Array | readonly Uint8Array[]>, file: string): void {
  const required = header.get(4);
  if (!Array.isArray(required)) return;
  const unknown = required.map((name: Uint8Array) => Buffer.from(name).toString('utf8')).filter((name) => !UNDERSTOOD.has(name));
  if (unknown.length > 0) {
    throw new BadOsmFile(file, `needs a reader that understands ${unknown.join(', ')}. Take an extract without history.`);
  }
}

/** The fields of one protobuf message by number; the last of each wins, those of `repeated` are all kept. */
function fields(message: Buffer, file: string, position: number, repeated?: number) {
  const found = new Map<number, number | Uint8Array | Uint8Array[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++];
      if (byte === undefined || shift > 2 ** 56) throw damaged(file, position);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    if (key % 8 === 0) found.set(field, varint());
    else if (key % 8 === 2) {
      const length = varint();
      if (at + length > message.length) throw damaged(file, position);
      const value = message.subarray(at, (at += length));
      const before = found.get(field);
      if (field === repeated) found.set(field, [...(Array.isArray(before) ? before : []), value]);
      else found.set(field, value);
    } else if (key % 8 === 1) at += 8;
    else if (key % 8 === 5) at += 4;
    else throw damaged(file, position);
  }
  return found;
}

async function whole(handle: FileHandle, file: string, position: number, size: number): Promise<Buffer> {
  const content = await bytes(handle, file, position, size, false);
  return content ?? Buffer.alloc(0);
}

/** Exactly `size` bytes; null at a clean end of the file where that is allowed. */
async function bytes(handle: FileHandle, file: string, position: number, size: number, mayEnd: boolean): Promise<Buffer | null> {
  const buffer = Buffer.alloc(size);
  const { bytesRead } = await handle.read(buffer, 0, size, position);
  if (bytesRead === 0 && mayEnd) return null;
  if (bytesRead < size) {
    throw new BadOsmFile(
      file,
      `breaks off in the middle of a block, at byte ${position + bytesRead}: the download is not complete. Download it again.`,
    );
  }
  return buffer;
}

function damaged(file: string, position: number, cause?: unknown): BadOsmFile {
  return new BadOsmFile(file, `is damaged at byte ${position}: what stands there is not OpenStreetMap PBF. Download it again.`, {
    cause,
  });
}
