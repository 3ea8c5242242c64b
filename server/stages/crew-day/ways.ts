import { directions } from '../../../routing/directions/directions.ts';
import { decodeLine, encodeLine } from '../../../routing/directions/polyline.ts';
import type { RoadLeg, RoadNetwork, RoadSource } from '../../../routing/roads/road-network.ts';
import type { LonLat } from '../../../routing/units.ts';
import type { Way } from './contract.ts';

/** Ways between neighbouring points, remembered: forty crews that ask every minute cost the router nothing. */
export interface Ways {
  /** One way between each two neighbouring points, in order. */
  through(points: readonly WayPoint[], signal?: AbortSignal): Promise<Way[]>;
  /** Names the road dataset. */
  version(): string;
}

export interface WayPoint extends LonLat {
  /** A moving point: a way from anywhere in its cell of about 100 m is the same way. */
  readonly moving?: boolean;
}

export interface WaysDeps {
  readonly roads: RoadNetwork;
  /** Language of the directions, BCP 47. */
  readonly locale: string;
  /** Legs remembered; one is about 2 kB. */
  readonly most: number;
}

/** Least recently used goes first. Estimates are not kept: they cost nothing, and roads come back. */
export function rememberedWays(deps: WaysDeps): Ways {
  const { roads } = deps;
  const kept = new Map<string, Way>();

  const keyOf = (from: WayPoint, to: WayPoint): string => `${roads.version} ${placeKey(from)} ${placeKey(to)}`;

  function recall(key: string): Way | undefined {
    const way = kept.get(key);
    if (way === undefined) return undefined;
    kept.delete(key);
    kept.set(key, way);
    return way;
  }

  function keep(key: string, way: Way): void {
    if (way.source === 'estimate') return;
    kept.set(key, way);
    if (kept.size <= deps.most) return;
    const oldest = kept.keys().next();
    if (!oldest.done) kept.delete(oldest.value);
  }

  return {
    async through(points, signal) {
      const legs = points.slice(1).map((to, i) => ({ from: points[i]!, to, key: keyOf(points[i]!, to) }));
      const ways = legs.map((leg) => recall(leg.key));
      // Each run of unknown legs is one question.
      for (let first = ways.indexOf(undefined); first !== -1; first = ways.indexOf(undefined)) {
        let end = first;
        while (end < legs.length && ways[end] === undefined) end++;
        const run = [legs[first]!.from, ...legs.slice(first, end).map((leg) => leg.to)];
        const path = await roads.path(
          run.map(({ lon, lat }) => ({ lon, lat })),
          signal,
        );
        path.legs.forEach((leg, i) => {
          const way = wayOf(leg, path.source, deps.locale);
          ways[first + i] = way;
          keep(legs[first + i]!.key, way);
        });
      }
      return ways.map((way) => way!);
    },
    version: () => roads.version,
  };
}

/** The way between two places on the road; null where only an estimate is known, whose straight line says nothing of the road. */
export async function roadLineBetween(ways: Ways, from: LonLat, to: LonLat): Promise<readonly LonLat[] | null> {
  const [way] = await ways.through([{ lon: from.lon, lat: from.lat, moving: true }, to]);
  return way === undefined || way.source === 'estimate' ? null : decodeLine(way.line);
}

/** Decimals of a degree: five are about a metre, three about 100 m. */
const placeKey = ({ lon, lat, moving }: WayPoint): string => {
  const decimals = moving === true ? 3 : 5;
  return `${lon.toFixed(decimals)},${lat.toFixed(decimals)}`;
};

function wayOf(leg: RoadLeg, source: RoadSource, locale: string): Way {
  const said = directions(leg, { locale });
  return {
    line: encodeLine(leg.line),
    seconds: leg.seconds,
    metres: leg.metres,
    source,
    directions: {
      locale: said.locale,
      instead: said.instead,
      steps: said.steps.map(({ text, turn, metres, seconds }) => ({ text, turn, metres, seconds })),
    },
  };
}
