import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { SaxesParser } from 'saxes';
import { BadOsmFile, type OsmElement, type OsmMember } from './osm.ts';

/** One array of elements a chunk of the file; never holds more than one chunk. Throws BadOsmFile with the line. */
export async function* readXml(file: string): AsyncGenerator<readonly OsmElement[]> {
  const parser = new SaxesParser<{ position: true; xmlns: false }>({ position: true, xmlns: false });
  let ready: OsmElement[] = [];
  let tags: Record<string, string> = {};
  let refs: number[] = [];
  let members: OsmMember[] = [];
  let current: { type: 'node' | 'way' | 'relation'; id: number; lon: number; lat: number } | null = null;
  let closed = false;

  const bad = (message: string, cause?: unknown) => new BadOsmFile(file, `line ${parser.line}: ${message}`, { cause });
  const number = (value: string | undefined, name: string): number => {
    const parsed = value === undefined || value.trim() === '' ? NaN : Number(value);
    if (!Number.isFinite(parsed))
      throw bad(`"${name}" should be a number and is ${value === undefined ? 'missing' : `"${value}"`}.`);
    return parsed;
  };
  parser.on('error', (error) => {
    throw bad(`this is not well-formed XML (${error.message.replace(/^\d+:\d+: /, '')}).`, error);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'node' || name === 'way' || name === 'relation') {
      // Files from editors keep what was deleted; it is not on the ground.
      tags = {};
      refs = [];
      members = [];
      const node = name === 'node' && attributes['action'] !== 'delete';
      current = {
        type: name,
        id: number(attributes['id'], 'id'),
        lon: node ? number(attributes['lon'], 'lon') : 0,
        lat: node ? number(attributes['lat'], 'lat') : 0,
      };
    } else if (name === 'tag') tags[attributes['k'] ?? ''] = attributes['v'] ?? '';
    else if (name === 'nd') refs.push(number(attributes['ref'], 'ref'));
    else if (name === 'member') {
      const type: string | undefined = attributes['type'];
      if (type !== 'node' && type !== 'way' && type !== 'relation') throw bad(`a member of type "${type ?? ''}" is unknown.`);
      members.push({ type, ref: number(attributes['ref'], 'ref'), role: attributes['role'] ?? '' });
    }
  });
  parser.on('closetag', ({ name, attributes }) => {
    if (name === 'osm') closed = true;
    if (!current || name !== current.type) return;
    if (attributes['action'] !== 'delete' && attributes['visible'] !== 'false') {
      const { id, lon, lat } = current;
      const known = Object.keys(tags).length > 0 ? { tags } : {};
      if (current.type === 'node') ready.push({ type: 'node', id, lon, lat, ...known });
      else if (current.type === 'way') ready.push({ type: 'way', id, refs, ...known });
      else ready.push({ type: 'relation', id, members, ...known });
    }
    current = null;
  });

  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    parser.write(String(chunk));
    if (ready.length > 0) {
      yield ready;
      ready = [];
    }
  }
  if (!closed) throw bad('the file breaks off before </osm>: the download is not complete. Download it again.');
  parser.close();
}

/** Writes elements as OSM XML, what osrm-extract reads of a source that is neither PBF nor XML. */
export async function writeXml(
  file: string,
  blocks: AsyncIterable<readonly OsmElement[]> | Iterable<readonly OsmElement[]>,
): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n');
    for await (const block of blocks) await handle.write(block.map(toXml).join(''));
    await handle.write('</osm>\n');
  } finally {
    await handle.close();
  }
}

function toXml(element: OsmElement): string {
  const tags = Object.entries(element.tags ?? {}).map(([k, v]) => `<tag k="${escape(k)}" v="${escape(v)}"/>`);
  // A version and a time are expected by readers although nobody here uses them.
  const start = `<${element.type} id="${element.id}" version="1" timestamp="2000-01-01T00:00:00Z"`;
  if (element.type === 'node') {
    const place = `${start} lat="${element.lat.toFixed(7)}" lon="${element.lon.toFixed(7)}"`;
    return tags.length === 0 ? `${place}/>\n` : `${place}>${tags.join('')}</node>\n`;
  }
  const content =
    element.type === 'way'
      ? element.refs.map((ref) => `<nd ref="${ref}"/>`)
      : element.members.map((m) => `<member type="${m.type}" ref="${m.ref}" role="${escape(m.role)}"/>`);
  return `${start}>${content.join('')}${tags.join('')}</${element.type}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  // Control characters are not allowed in XML at all, not even escaped.
  return text.replace(/[\u0000-\u001f]/g, ' ').replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);
}
