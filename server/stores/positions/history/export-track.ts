import type { FeatureCollection } from 'geojson';
import type { TrackPoint } from '../track.ts';

/** A track that leaves the house: trustworthy points, and what it is. */
export interface ExportedTrack {
  /** The vehicle's code, not a person's name. */
  readonly name: string;
  readonly points: readonly TrackPoint[];
  /** Whom the data are from. */
  readonly attribution: string;
  readonly madeAt: Date;
}

/** Without a fix for longer than this a new stretch begins, so that no line is drawn where nobody drove. */
const GAP_MILLIS = 300_000;

function stretchesOf(points: readonly TrackPoint[]): TrackPoint[][] {
  const stretches: TrackPoint[][] = [];
  for (const point of points) {
    const last = stretches.at(-1)?.at(-1);
    if (last === undefined || point.time.getTime() - last.time.getTime() > GAP_MILLIS) stretches.push([point]);
    else stretches.at(-1)!.push(point);
  }
  return stretches;
}

/** GPX 1.1 (topografix.com/GPX/1/1); speed and course have no element there and are left out. */
export function gpxOf({ name, points, attribution, madeAt }: ExportedTrack): string {
  const segments = stretchesOf(points).map((stretch) => {
    const lines = stretch.map(
      ({ lon, lat, time }) => `<trkpt lat="${lat.toFixed(6)}" lon="${lon.toFixed(6)}"><time>${time.toISOString()}</time></trkpt>`,
    );
    return `<trkseg>\n${lines.join('\n')}\n</trkseg>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Thuma" xmlns="http://www.topografix.com/GPX/1/1">
<metadata><name>${escaped(name)}</name><copyright author="${escaped(attribution)}"/><time>${madeAt.toISOString()}</time></metadata>
<trk><name>${escaped(name)}</name>
${segments.join('\n')}
</trk>
</gpx>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Letters that XML 1.0 cannot hold are left out. */
const escaped = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);

/** GeoJSON (RFC 7946): a line a stretch, with the time of each of its points; a single point is a point. */
export function geoJsonOf({ name, points, attribution, madeAt }: ExportedTrack): FeatureCollection & Record<string, unknown> {
  return {
    type: 'FeatureCollection',
    attribution,
    madeAt: madeAt.toISOString(),
    features: stretchesOf(points).map((stretch) => {
      const coordinates = stretch.map(({ lon, lat }) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
      return {
        type: 'Feature',
        properties: { name, times: stretch.map(({ time }) => time.toISOString()) },
        geometry:
          coordinates.length === 1 ? { type: 'Point', coordinates: coordinates[0]! } : { type: 'LineString', coordinates },
      };
    }),
  };
}
