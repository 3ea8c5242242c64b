import { encodePolyline } from '../routing/directions/polyline.ts';
import { RoadsUnavailable } from '../routing/roads/errors.ts';
import type { CityRoads } from './roads.ts';
import type { SnapDeps } from './stages/snapping/snap-tracks.ts';

/** A track on the roads in use; null while the router is away: it is asked again at the next run. */
export const matchOn =
  (roads: CityRoads): SnapDeps['match'] =>
  async (points, signal) => {
    if (roads.state().source !== 'osrm') return null;
    const roadVersion = roads.network.version;
    try {
      const { lines, matched } = await roads.match(points, signal);
      return { roadVersion, matchedPoints: matched, lines: lines.map((line) => encodePolyline(line, 6)) };
    } catch (error) {
      if (error instanceof RoadsUnavailable || signal.aborted) return null;
      throw error;
    }
  };
