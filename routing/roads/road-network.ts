import type { LonLat, Metres, Seconds } from '../units.ts';

/** Where a travel time comes from. It travels with every figure, to the dispatcher's screen. */
export type RoadSource = 'osrm' | 'estimate';

/** No road leads from the row's point to the column's. */
export const UNREACHABLE = -1;

/** Travel from each of `sources` to each of `destinations`, row by row. */
export interface RoadTable {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, seconds, UNREACHABLE where no road leads. */
  readonly seconds: Int32Array;
  /** rows x columns, metres, UNREACHABLE where no road leads. */
  readonly metres: Int32Array;
  readonly source: RoadSource;
}

/** One turn or stretch, in the shape of OSRM's route step, for directions. */
export interface RoadStep {
  readonly name: string;
  readonly seconds: Seconds;
  readonly metres: Metres;
  /** The untouched OSRM step (what osrm-text-instructions reads); null on an estimate. */
  readonly osrm: unknown;
}

export interface RoadLeg {
  readonly seconds: Seconds;
  readonly metres: Metres;
  readonly line: readonly LonLat[];
  readonly steps: readonly RoadStep[];
}

export interface RoadPath {
  /** One leg between each two neighbouring points asked for. */
  readonly legs: readonly RoadLeg[];
  readonly source: RoadSource;
}

/**
 * What the engine and the server need from a road engine, in our words. Adapters: `osrm.ts` (a running
 * osrm-routed), `estimate.ts` (great circle x factor, never fails), `ladder.ts` (the first that answers).
 */
export interface RoadNetwork {
  /** Names the road dataset; a plan never mixes two versions. */
  readonly version: string;
  table(sources: readonly LonLat[], destinations: readonly LonLat[], signal?: AbortSignal): Promise<RoadTable>;
  /** The way through the points in their order; at least two points. */
  path(points: readonly LonLat[], signal?: AbortSignal): Promise<RoadPath>;
}
