import { open } from 'node:fs/promises';
import { BadOsmFile, type OsmSource } from './osm.ts';
import { readGeojson } from './osm-geojson.ts';
import { readPbf } from './osm-pbf.ts';
import { readXml } from './osm-xml.ts';

const ENOUGH_TO_TELL = 4096;

/** Tells what a file is by how it begins (names lie). Throws BadOsmFile with a sentence when it is none of the three. */
export async function openOsm(file: string): Promise<OsmSource> {
  let head: Buffer;
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(ENOUGH_TO_TELL), 0, ENOUGH_TO_TELL, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new BadOsmFile(file, 'there is no such file.', { cause: error });
    if (code === 'EISDIR') throw new BadOsmFile(file, 'is a folder; name the file in it.', { cause: error });
    throw new BadOsmFile(file, `cannot be read (${error instanceof Error ? error.message : String(error)}).`, { cause: error });
  }
  if (head.length === 0) throw new BadOsmFile(file, 'the file is empty. Download it again.');
  if (head.subarray(4, 64).includes('OSMHeader')) return { format: 'pbf', file, elements: () => readPbf(file) };

  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('<') && /<osm[\s>]/.test(text)) return { format: 'xml', file, elements: () => readXml(file) };
  if (text.startsWith('{')) return readGeojson(file);
  if (head[0] === 0x1f && head[1] === 0x8b) throw new BadOsmFile(file, 'is packed with gzip. Unpack it first (gunzip).');
  if (text.startsWith('BZh')) throw new BadOsmFile(file, 'is packed with bzip2. Unpack it first (bunzip2).');
  if (text.startsWith('PK')) throw new BadOsmFile(file, 'is a zip archive. Unpack it first and name the file in it.');
  if (/^<(!doctype html|html)/i.test(text)) {
    throw new BadOsmFile(file, 'is a web page, so the download went wrong. Open the address in a browser and look.');
  }
  throw new BadOsmFile(file, 'is not an OpenStreetMap file. Wanted: .osm.pbf, .osm (XML) or GeoJSON with OpenStreetMap tags.');
}
