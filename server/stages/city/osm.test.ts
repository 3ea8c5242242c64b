import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { readFeatures } from './features.ts';
import { openOsm } from './open-osm.ts';
import { BadOsmFile, type OsmElement } from './osm.ts';
import { writeXml } from './osm-xml.ts';
import { temporaryFolder } from './testing.ts';

const DC = path.resolve(import.meta.dirname, '../../../../shared/data/dc/roads.osm.pbf');

/** Two ways that cross at node 2. */
const ELEMENTS: readonly OsmElement[] = [
  { type: 'node', id: 1, lon: 11.97, lat: 57.7 },
  { type: 'node', id: 2, lon: 11.971, lat: 57.701 },
  { type: 'node', id: 3, lon: 11.972, lat: 57.702 },
  { type: 'node', id: 4, lon: 11.97, lat: 57.702, tags: { place: 'suburb', name: 'Åby & "Co" <x>' } },
  { type: 'way', id: 10, refs: [1, 2, 3], tags: { highway: 'residential', name: 'Storgatan' } },
  { type: 'way', id: 11, refs: [4, 2], tags: { highway: 'tertiary', name: 'Vägen' } },
];

const read = async (file: string): Promise<OsmElement[]> => {
  const all: OsmElement[] = [];
  for await (const block of (await openOsm(file)).elements()) all.push(...block);
  return all;
};

describe('reading OpenStreetMap files', () => {
  let folder: string;
  const put = async (name: string, content: string | Buffer): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    return file;
  };
  const refusal = async (file: string): Promise<string> => {
    const error: unknown = await openOsm(file)
      .then(readFeatures)
      .then(
        () => expect.fail('it should have been refused'),
        (reason: unknown) => reason,
      );
    expect(error).to.be.instanceOf(BadOsmFile);
    return (error as BadOsmFile).message;
  };
  before(async () => {
    folder = await temporaryFolder();
  });

  it('reads the XML it writes', async () => {
    const file = path.join(folder, 'own.osm');
    await writeXml(file, [ELEMENTS]);
    expect((await openOsm(file)).format).to.equal('xml');
    expect(await read(file)).to.deep.equal(ELEMENTS);
  });

  it('reads PBF, whatever the file is called', async () => {
    const file = await put('roads.txt', toPbf());
    expect((await openOsm(file)).format).to.equal('pbf');
    const elements = await read(file);
    expect(elements.filter(({ type }) => type === 'way')).to.deep.equal(ELEMENTS.filter(({ type }) => type === 'way'));
    expect(elements.filter(({ type }) => type === 'node').map(({ id }) => id)).to.deep.equal([1, 2, 3, 4]);
  });

  it('reads GeoJSON and rebuilds the graph from shared coordinates', async () => {
    const line = (id: string, name: string, coordinates: number[][]) => ({
      type: 'Feature',
      id,
      properties: { '@id': id, highway: 'residential', name, lanes: 2 },
      geometry: { type: 'LineString', coordinates },
    });
    const file = await put(
      'a.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          line('way/7', 'A', [
            [11.97, 57.7],
            [11.971, 57.701],
          ]),
          line('way/8', 'B', [
            [11.971, 57.701],
            [11.98, 57.7],
          ]),
        ],
      }),
    );
    const ways = (await read(file)).filter((element) => element.type === 'way');
    expect(ways.map(({ id }) => id)).to.deep.equal([7, 8]);
    expect(ways[0]?.refs.at(-1)).to.equal(ways[1]?.refs[0]);
    expect(ways[0]?.tags).to.deep.equal({ highway: 'residential', name: 'A', lanes: '2' });
  });

  it('keeps ways whose deleted parts a file still lists', async () => {
    const file = await put(
      'edit.osm',
      `<osm version="0.6"><node id="1" lon="1" lat="2"/><node id="2" action="delete"/><way id="3"><nd ref="1"/></way></osm>`,
    );
    expect((await read(file)).map(({ id }) => id)).to.deep.equal([1, 3]);
  });

  it('says what is wrong with what is not an OpenStreetMap file', async () => {
    expect(await refusal(path.join(folder, 'absent.pbf'))).to.contain('there is no such file');
    expect(await refusal(folder)).to.contain('is a folder');
    expect(await refusal(await put('empty.osm', ''))).to.contain('the file is empty');
    expect(await refusal(await put('page.osm', '<!DOCTYPE html><html>'))).to.contain('is a web page');
    expect(await refusal(await put('packed.osm', gzipSync('<osm>')))).to.contain('gunzip');
    expect(await refusal(await put('notes.txt', 'hello'))).to.contain('is not an OpenStreetMap file');
    expect(await refusal(await put('other.json', '{"a": 1}'))).to.contain('not a GeoJSON FeatureCollection');
    expect(await refusal(await put('half.json', '{"type": "FeatureCollection", "features": [{'))).to.contain('not complete JSON');
    expect(await refusal(await put('swapped.json', geojson([57.7, 191])))).to.contain(
      'feature 0: a coordinate is not longitude, latitude',
    );
  });

  it('says where a file breaks off', async () => {
    const whole = toPbf();
    expect(await refusal(await put('cut.pbf', whole.subarray(0, whole.length - 7)))).to.contain(
      'breaks off in the middle of a block',
    );
    expect(await refusal(await put('cut.osm', '<osm version="0.6">\n<node id="1" lon="1" lat="2"/>\n'))).to.contain(
      'breaks off before </osm>',
    );
    expect(await refusal(await put('bad.osm', '<osm version="0.6">\n<node id="1" lon="x" lat="2"/>\n</osm>'))).to.contain(
      'line 2: "lon" should be a number and is "x"',
    );
    expect(await refusal(await put('worse.osm', '<osm version="0.6">\n<node id=1/></osm>'))).to.contain(
      'line 2: this is not well-formed XML',
    );
  });

  it('never gets past damage without a word', async () => {
    const whole = toPbf();
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      const file = await put('damaged.pbf', damaged);
      // Damage inside a name or a coordinate cannot be seen; anything else must be a sentence, never a crash.
      await openOsm(file)
        .then(readFeatures)
        .catch((error: unknown) => expect(error, `byte ${at}`).to.be.instanceOf(BadOsmFile));
    }
  });

  it('refuses a file without roads', async () => {
    expect(await refusal(await put('bare.osm', '<osm version="0.6"><node id="1" lon="1" lat="2"/></osm>'))).to.contain(
      'holds no roads',
    );
  });

  it('joins the pieces of a lake with an island', async () => {
    const square = (first: number, west: number, size: number) =>
      [
        [0, 0],
        [size, 0],
        [size, size],
        [0, size],
      ].map(([x = 0, y = 0], i) => ({ type: 'node', id: first + i, lon: west + x, lat: y + west }) as const);
    const file = path.join(folder, 'lake.osm');
    const elements: OsmElement[] = [
      ...square(1, 0, 1),
      ...square(5, 0.25, 0.5),
      { type: 'way', id: 1, refs: [1, 2, 3] },
      { type: 'way', id: 2, refs: [1, 4, 3] },
      { type: 'way', id: 3, refs: [5, 6, 7, 8, 5] },
      { type: 'way', id: 4, refs: [1, 2], tags: { highway: 'service' } },
      {
        type: 'relation',
        id: 1,
        members: [
          { type: 'way', ref: 1, role: 'outer' },
          { type: 'way', ref: 2, role: 'outer' },
          { type: 'way', ref: 3, role: 'inner' },
        ],
        tags: { type: 'multipolygon', natural: 'water', name: 'Lake' },
      },
    ];
    await writeXml(file, [elements]);
    const { areas } = await readFeatures(await openOsm(file));
    expect(areas.map(({ polygons }) => polygons.map((rings) => rings.map((ring) => ring.length)))).to.deep.equal([[[5, 5]]]);
  });

  it('reads the real extract of Washington: its drivable ways are as many as documented', async function () {
    if (!existsSync(DC)) {
      console.log(`      skipped: ${DC} is not here`);
      return this.skip();
    }
    const { roads, bounds } = await readFeatures(await openOsm(DC));
    expect(roads.length).to.be.greaterThan(5_559);
    expect(bounds[0]).to.be.closeTo(-77.107, 0.01);
    const cut = await put('dc-cut.osm.pbf', (await readFile(DC)).subarray(0, 300_000));
    expect(await refusal(cut)).to.contain('breaks off');
  });
});

const geojson = (position: number[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: { highway: 'road' }, geometry: { type: 'LineString', coordinates: [position, position] } },
    ],
  });

/** ELEMENTS as a PBF file, written from the format's description: a header and one block with dense nodes and ways. */
function toPbf(): Buffer {
  const strings = [''];
  const word = (text: string) => (strings.includes(text) ? strings.indexOf(text) : strings.push(text) - 1);
  const nodes = ELEMENTS.filter((element) => element.type === 'node');
  const ways = ELEMENTS.filter((element) => element.type === 'way');
  const deltas = (values: readonly number[]) =>
    values.map((value, i) => zigzag(Math.round(value) - Math.round(values[i - 1] ?? 0)));
  const dense = Buffer.concat([
    packed(1, deltas(nodes.map(({ id }) => id))),
    packed(8, deltas(nodes.map(({ lat }) => lat * 1e7))),
    packed(9, deltas(nodes.map(({ lon }) => lon * 1e7))),
    packed(
      10,
      nodes.flatMap(({ tags }) => [...Object.entries(tags ?? {}).flatMap(([k, v]) => [word(k), word(v)]), 0]),
    ),
  ]);
  const group = ways.map(({ id, refs, tags }) =>
    bytes(
      3,
      Buffer.concat([
        Buffer.from([...varint(8), ...varint(id)]),
        packed(2, Object.keys(tags ?? {}).map(word)),
        packed(3, Object.values(tags ?? {}).map(word)),
        packed(8, deltas(refs)),
      ]),
    ),
  );
  const groups = Buffer.concat([bytes(2, bytes(2, dense)), bytes(2, Buffer.concat(group))]);
  const table = bytes(1, Buffer.concat(strings.map((text) => bytes(1, Buffer.from(text)))));
  const head = Buffer.concat(['OsmSchema-V0.6', 'DenseNodes'].map((feature) => bytes(4, Buffer.from(feature))));
  return Buffer.concat([blob('OSMHeader', head), blob('OSMData', Buffer.concat([table, groups]))]);
}

function blob(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([...varint(16), ...varint(content.length)]), bytes(3, deflateSync(content))]);
  const header = Buffer.concat([bytes(1, Buffer.from(type)), Buffer.from([...varint(24), ...varint(body.length)])]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
const packed = (field: number, values: readonly number[]): Buffer => bytes(field, Buffer.from(values.flatMap(varint)));

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
