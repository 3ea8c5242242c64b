import { decode } from '@googlemaps/polyline-codec';
import type { Turn, Way } from '../../server/stages/crew-day/contract.ts';
import { greatCircleMetres, type LonLat } from '../../routing/units.ts';

/** What the turn banner says. */
export interface NextTurn {
  readonly text: string;
  readonly turn: Turn | null;
  /** To the turn from where the phone is; null when it is not known where on the way it is. */
  readonly metres: number | null;
  /** Its place in the list of steps. */
  readonly index: number;
}

/** Further than this from the way, the vehicle drives another one. */
const OFF_THE_WAY_METRES = 80;

/**
 * The next turn of a way for a vehicle at `at`. Each step of the directions begins with its turn and goes on until the
 * next; so what comes next is the step after the one the vehicle is on.
 */
export function nextTurn(way: Way, at: LonLat | null): NextTurn | null {
  const { steps } = way.directions;
  if (steps.length === 0) return null;
  const driven = at === null ? null : metresAlong(decodeWay(way), at);
  if (driven === null) {
    const [first] = steps;
    return { text: first!.text, turn: first!.turn, metres: null, index: 0 };
  }
  // Lengths of steps are rounded, so the line is measured in shares of the whole.
  const whole = steps.reduce((sum, { metres }) => sum + metres, 0);
  const here = driven.share * whole;
  let end = 0;
  for (const [index, step] of steps.entries()) {
    end += step.metres;
    const next = steps[index + 1];
    if (here < end && next !== undefined) return { text: next.text, turn: next.turn, metres: end - here, index: index + 1 };
  }
  const last = steps.at(-1)!;
  return { text: last.text, turn: last.turn, metres: Math.max(0, whole - here), index: steps.length - 1 };
}

/** Whether the vehicle has left the way it was given, so that a new one is worth asking for. */
export const isOffTheWay = (way: Way, at: LonLat): boolean => metresAlong(decodeWay(way), at) === null;

const decodeWay = ({ line }: Way): LonLat[] => decode(line.points, line.precision).map(([lat, lon]) => ({ lon, lat }));

/** How much of the line lies behind the point, or null when the point is not on it. */
function metresAlong(line: readonly LonLat[], at: LonLat): { readonly share: number } | null {
  let driven = 0;
  let whole = 0;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const length = greatCircleMetres(from, to);
    const { metres, share } = nearestOn(from, to, at);
    if (metres < nearest) {
      nearest = metres;
      driven = whole + share * length;
    }
    whole += length;
  }
  if (nearest > OFF_THE_WAY_METRES || whole === 0) return null;
  return { share: driven / whole };
}

/** On a stretch this short the earth is flat. */
function nearestOn(from: LonLat, to: LonLat, at: LonLat): { metres: number; share: number } {
  const shrink = Math.cos((from.lat * Math.PI) / 180);
  const [x, y] = [(to.lon - from.lon) * shrink, to.lat - from.lat];
  const [px, py] = [(at.lon - from.lon) * shrink, at.lat - from.lat];
  const length = x * x + y * y;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, (px * x + py * y) / length));
  const foot = { lon: from.lon + (to.lon - from.lon) * share, lat: from.lat + (to.lat - from.lat) * share };
  return { metres: greatCircleMetres(foot, at), share };
}
