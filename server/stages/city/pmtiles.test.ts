import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { PMTiles, zxyToTileId, type Source } from 'pmtiles';
import { writeBaseMap } from './base-map.ts';
import { readFeatures } from './features.ts';
import { openOsm } from './open-osm.ts';
import { tileId, writePmtiles, type Tile } from './pmtiles.ts';
import { GOTHENBURG_ROADS, temporaryFolder } from './testing.ts';

/** The file as the official reader wants it. */
async function readerOf(file: string): Promise<PMTiles> {
  const content = await readFile(file);
  const source: Source = {
    getKey: () => file,
    getBytes: (offset, length) => Promise.resolve({ data: new Uint8Array(content.subarray(offset, offset + length)).buffer }),
  };
  return new PMTiles(source);
}

const INFO = {
  bounds: [-10, -20, 30, 40],
  minZoom: 0,
  maxZoom: 9,
  centerZoom: 5,
  metadata: { attribution: 'somebody' },
} as const;

describe('writePmtiles', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });

  it('numbers tiles as the specification does', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 24 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (z, u, v) => {
          const [x, y] = [Math.floor(u * 2 ** z), Math.floor(v * 2 ** z)];
          expect(tileId(z, x, y)).to.equal(zxyToTileId(z, x, y));
        },
      ),
    );
  });

  it('is read back byte for byte, equal tiles stored once', async () => {
    const file = path.join(folder, 'small.pmtiles');
    const data = (text: string) => gzipSync(text);
    const tiles: Tile[] = [
      { z: 3, x: 4, y: 5, data: data('a') },
      { z: 0, x: 0, y: 0, data: data('world') },
      { z: 3, x: 4, y: 4, data: data('a') },
      { z: 9, x: 300, y: 200, data: data('far') },
    ];
    const written = await writePmtiles(file, tiles, INFO);
    expect(written).to.include({ tiles: 4, distinct: 3 });
    const reader = await readerOf(file);
    for (const tile of tiles) {
      const got = await reader.getZxy(tile.z, tile.x, tile.y);
      expect(Buffer.from(got?.data ?? new ArrayBuffer())).to.deep.equal(gunzipSync(tile.data));
    }
    expect(await reader.getZxy(3, 0, 0)).to.equal(undefined);
    expect(await reader.getMetadata()).to.deep.equal({ attribution: 'somebody' });
    expect(await reader.getHeader()).to.include({
      minLon: -10,
      maxLat: 40,
      maxZoom: 9,
      clustered: true,
      numAddressedTiles: 4,
      numTileContents: 3,
    });
  });

  it('goes into leaf directories when there are many tiles', async function () {
    this.timeout(60_000);
    const file = path.join(folder, 'large.pmtiles');
    const tiles: Tile[] = [];
    for (let x = 0; x < 200; x++) {
      for (let y = 0; y < 200; y++) {
        // Lengths without a pattern, or the directory packs into nothing.
        const noise = createHash('sha256').update(`${x} ${y}`).digest();
        if ((noise[30] ?? 0) % 3 > 0) tiles.push({ z: 9, x, y, data: gzipSync(noise.subarray(0, 4 + ((noise[31] ?? 0) % 28))) });
      }
    }
    await writePmtiles(file, tiles, INFO);
    const reader = await readerOf(file);
    expect((await reader.getHeader()).leafDirectoryLength).to.be.greaterThan(0);
    for (const tile of tiles.filter((_, i) => i % 97 === 0)) {
      const got = await reader.getZxy(tile.z, tile.x, tile.y);
      expect(Buffer.from(got?.data ?? new ArrayBuffer())).to.deep.equal(gunzipSync(tile.data));
    }
  });
});

describe('writeBaseMap', () => {
  it('draws a real city in the layers of the Protomaps basemap, from the world down to the street', async function () {
    this.timeout(60_000);
    const file = path.join(await temporaryFolder(), 'city.pmtiles');
    const features = await readFeatures(await openOsm(GOTHENBURG_ROADS));
    const made = await writeBaseMap(file, features, { title: 'Gothenburg', attribution: '© OpenStreetMap contributors' });
    expect(made.layers).to.include('roads');
    const reader = await readerOf(file);
    const metadata = (await reader.getMetadata()) as { attribution: string; vector_layers: { id: string; fields: object }[] };
    expect(metadata.attribution).to.equal('© OpenStreetMap contributors');
    expect(metadata.vector_layers.find(({ id }) => id === 'roads')?.fields).to.include.keys(
      'kind',
      'kind_detail',
      'name',
      'ref',
      'min_zoom',
      'oneway',
    );
    for (const z of [9, 12, 15]) {
      // The middle of the city; names are in a tile as plain text.
      const tile = await reader.getZxy(z, ...tileAt(z, 11.97, 57.7));
      expect(Buffer.from(tile?.data ?? new ArrayBuffer()).includes('roads'), `zoom ${z}`).to.equal(true);
      if (z === 15) expect(Buffer.from(tile?.data ?? new ArrayBuffer()).includes('gatan')).to.equal(true);
    }
    expect(await reader.getZxy(15, ...tileAt(15, 13, 57.7))).to.equal(undefined);
  });
});

/** Web Mercator, from the public definition. */
function tileAt(z: number, lon: number, lat: number): [x: number, y: number] {
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  return [Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)];
}
