import type { FixRule } from './rule.ts';

/** A place from a mobile mast: good for nobody's map. */
export const poorAccuracy: FixRule = {
  flag: 'poor_accuracy',
  finds: (fix, { limits }) => fix.accuracyMetres !== null && fix.accuracyMetres > limits.accuracyMetres,
};
