import type { FixRule } from './rule.ts';

/** The receiver says itself that it has no fix: the place it tells is an old one or a guess. */
export const notValid: FixRule = {
  flag: 'not_valid',
  finds: (fix) => !fix.valid,
};
