import { greatCircleMetres } from '../../../routing/units.ts';

/** Degrees, WGS 84. */
interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** Great-circle metres between two places; for stages, which do not import the engine. */
export const metresBetween = (a: Place, b: Place): number => greatCircleMetres(a, b);
