import { z } from 'zod';
import { decodePolyline, encodePolyline } from '../directions/polyline.ts';
import type { LonLat } from '../units.ts';
import { NoRoad, RoadsUnavailable } from './errors.ts';
import { ask, type OsrmOptions } from './osrm.ts';

/** A fix of a track, as a matcher needs it. */
export interface MatchPoint extends LonLat {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The receiver's word on its error; NaN = not said. */
  readonly accuracyMetres: number;
}

/** What part of a track was on which roads. */
export interface MatchedTrack {
  /** One a stretch without a gap, in order. */
  readonly lines: readonly (readonly LonLat[])[];
  /** Points that lie on a road as the router sees it. */
  readonly matched: number;
}

/** What osrm-routed takes in one question unless it is started with another `--max-matching-size`. */
const MOST_POINTS = 100;
/** Points that neighbouring questions share: the matcher needs some of the way before it is sure of a road. */
const OVERLAP = 10;
/** The matcher's own measure of an error, where the receiver says nothing; and bounds for what it says. */
const ORDINARY_ERROR_METRES = 8;
const [LEAST_ERROR_METRES, MOST_ERROR_METRES] = [4, 50];

const MatchReply = z.object({
  code: z.literal('Ok'),
  matchings: z.array(z.looseObject({ geometry: z.string() })),
  tracepoints: z.array(
    z.looseObject({ matchings_index: z.int().min(0), location: z.tuple([z.number(), z.number()]) }).nullable(),
  ),
});

/**
 * Matches a track to the roads (OSRM's `match`, hidden Markov model), in questions of at most 100 points that overlap.
 * @param points oldest first, at least two, times rising.
 * @throws RoadsUnavailable when the router does not answer as its interface says; nothing that matches is no error.
 */
export async function matchTrack(
  options: OsrmOptions,
  points: readonly MatchPoint[],
  signal?: AbortSignal,
): Promise<MatchedTrack> {
  const lines: LonLat[][] = [];
  let matched = 0;
  for (let from = 0; from < points.length - 1; from += MOST_POINTS - OVERLAP) {
    const some = points.slice(from, from + MOST_POINTS);
    const answer = await matchSome(options, some, signal);
    if (answer !== null) {
      lines.push(...answer.lines);
      // Those of the overlap count once.
      matched += answer.places.slice(from === 0 ? 0 : OVERLAP).filter(Boolean).length;
    }
    if (from + MOST_POINTS >= points.length) break;
  }
  return { lines, matched };
}

async function matchSome(options: OsrmOptions, points: readonly MatchPoint[], signal: AbortSignal | undefined) {
  const coordinates = encodePolyline(points, 6);
  const radiuses = points.map(({ accuracyMetres }) =>
    Number.isNaN(accuracyMetres)
      ? ORDINARY_ERROR_METRES
      : Math.min(MOST_ERROR_METRES, Math.max(LEAST_ERROR_METRES, Math.round(accuracyMetres))),
  );
  const timestamps = points.map(({ at }) => Math.floor(at / 1000));
  const query = `geometries=polyline6&overview=full&gaps=split&tidy=true&timestamps=${timestamps.join(';')}&radiuses=${radiuses.join(';')}`;
  let body: unknown;
  try {
    body = await ask(options, `match/v1/driving/polyline6(${encodeURIComponent(coordinates)})?${query}`, undefined, signal);
  } catch (error) {
    if (error instanceof NoRoad) return null;
    throw error;
  }
  const reply = MatchReply.safeParse(body);
  if (!reply.success || reply.data.tracepoints.length !== points.length) {
    throw new RoadsUnavailable('The router\'s answer to "match" is not what its interface says.', { body });
  }
  return {
    lines: reply.data.matchings.map(({ geometry }) => decodePolyline(geometry, 6)),
    places: reply.data.tracepoints,
  };
}
