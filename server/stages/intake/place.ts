import type { LonLat } from '../../../routing/units.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import type { Streets } from '../../stores/city/streets.ts';

/** A report's place on the city's roads. Only `on_road` may become a job. */
export type Located =
  | LocatedOnRoad
  | {
      readonly placeQuality: 'far_from_road' | 'outside_city' | 'none';
      readonly place: LonLat | null;
      readonly roadPoint: null;
      /** How far the nearest road is; null: much further than the policy allows. */
      readonly roadMetres: number | null;
      readonly placeText: string | null;
    };

export interface LocatedOnRoad {
  readonly placeQuality: 'on_road';
  readonly place: LonLat;
  readonly roadPoint: LonLat;
  readonly roadMetres: number;
  /** "Main Street near 5th Street" */
  readonly placeText: string;
}

export type LocatingCity = Pick<CityConfig, 'bounds'> & { readonly policy: Pick<CityConfig['policy'], 'maxMetresFromRoad'> };

/** So many times the allowed distance is looked, to say how far the road is; the whole city's roads are not gone through. */
const LOOK_FURTHER = 4;

/**
 * Where a reported place is on the roads. A place outside the city, or further from any road than the policy allows,
 * stays what was reported: no nearby road is made up for it.
 */
export function locate(place: LonLat | null, city: LocatingCity, streets: Streets): Located {
  const nowhere = { place, roadPoint: null, roadMetres: null, placeText: null };
  if (place === null) return { ...nowhere, placeQuality: 'none' };
  const [west, south, east, north] = city.bounds;
  if (!(place.lon >= west && place.lon <= east && place.lat >= south && place.lat <= north)) {
    return { ...nowhere, placeQuality: 'outside_city' };
  }
  const nearest = streets.nearest(place, city.policy.maxMetresFromRoad * LOOK_FURTHER);
  if (nearest === null || nearest.metres > city.policy.maxMetresFromRoad) {
    return { ...nowhere, roadMetres: nearest && nearest.metres, placeQuality: 'far_from_road' };
  }
  return {
    placeQuality: 'on_road',
    place,
    roadPoint: nearest.point,
    roadMetres: nearest.metres,
    placeText: streets.describe(place),
  };
}
