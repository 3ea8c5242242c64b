import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import latinBold from '@fontsource/noto-sans/files/noto-sans-latin-700-normal.woff2?url';
import latinExtended from '@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url';
import latin from '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url';

interface Palette {
  readonly background: string;
  readonly land: string;
  readonly water: string;
  readonly building: string;
  readonly casing: string;
  readonly path: string;
  readonly minor: string;
  readonly major: string;
  readonly highway: string;
  readonly text: string;
  readonly halo: string;
}

const DARK: Palette = {
  background: '#10161d',
  land: '#141b23',
  water: '#0f2433',
  building: '#1b232d',
  casing: '#10161d',
  path: '#222c38',
  minor: '#2b3644',
  major: '#3d4b5e',
  highway: '#6b5a3a',
  text: '#b9c4d3',
  halo: '#10161d',
};

const LIGHT: Palette = {
  background: '#e3e0d7',
  land: '#dedacf',
  water: '#a9cde4',
  building: '#d3cec2',
  casing: '#bfb8a8',
  path: '#cec8ba',
  minor: '#ffffff',
  major: '#fff1bf',
  highway: '#f6bf70',
  text: '#3b4350',
  halo: '#ffffff',
};

const absolute = (url: string): string => new URL(url, location.href).href;
const width = (far: number, near: number): ExpressionSpecification => [
  'interpolate',
  ['exponential', 1.6],
  ['zoom'],
  10,
  far,
  18,
  near,
];

/** Our own calm base map over one PMTiles file with Protomaps layer names; draws whatever layers the file holds. */
export function cityStyle(theme: 'light' | 'dark', attribution: string): StyleSpecification {
  const c = theme === 'dark' ? DARK : LIGHT;
  const road = (
    id: string,
    kind: string,
    colour: string,
    far: number,
    near: number,
    minzoom: number,
  ): StyleSpecification['layers'][number] => ({
    id,
    type: 'line',
    source: 'city',
    'source-layer': 'roads',
    minzoom,
    filter: ['==', ['get', 'kind'], kind],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': width(far, near) },
  });
  return {
    version: 8,
    name: `thuma-${theme}`,
    'font-faces': {
      'Noto Sans Regular': [
        { url: absolute(latin), 'unicode-range': ['U+0000-00FF', 'U+2000-206F'] },
        { url: absolute(latinExtended), 'unicode-range': ['U+0100-02BA', 'U+1E00-1E9F'] },
      ],
      'Noto Sans Bold': [{ url: absolute(latinBold) }],
    },
    sources: {
      city: {
        type: 'vector',
        url: `pmtiles://${location.origin}/tiles/city.pmtiles`,
        attribution,
      },
    },
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': c.background } },
      { id: 'landuse', type: 'fill', source: 'city', 'source-layer': 'landuse', paint: { 'fill-color': c.land } },
      { id: 'water', type: 'fill', source: 'city', 'source-layer': 'water', paint: { 'fill-color': c.water } },
      {
        id: 'buildings',
        type: 'fill',
        source: 'city',
        'source-layer': 'buildings',
        minzoom: 14,
        paint: { 'fill-color': c.building },
      },
      road('path', 'path', c.path, 0.3, 4, 14),
      road('minor-casing', 'minor_road', c.casing, 0.8, 18, 13),
      road('minor', 'minor_road', c.minor, 0.5, 14, 11),
      road('major-casing', 'major_road', c.casing, 1.6, 24, 11),
      road('major', 'major_road', c.major, 1.1, 20, 8),
      road('highway-casing', 'highway', c.casing, 2.2, 30, 9),
      road('highway', 'highway', c.highway, 1.5, 25, 6),
      {
        id: 'road-name',
        type: 'symbol',
        source: 'city',
        'source-layer': 'roads',
        minzoom: 13,
        filter: ['all', ['has', 'name'], ['!=', ['get', 'kind'], 'path']],
        layout: {
          'symbol-placement': 'line',
          'symbol-spacing': 320,
          'text-field': ['get', 'name'],
          'text-font': ['Noto Sans Regular'],
          'text-size': ['interpolate', ['linear'], ['zoom'], 13, 10, 17, 13],
        },
        paint: { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.4 },
      },
      {
        id: 'place-name',
        type: 'symbol',
        source: 'city',
        'source-layer': 'places',
        layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans Bold'], 'text-size': 14 },
        paint: { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.6 },
      },
    ],
  };
}
