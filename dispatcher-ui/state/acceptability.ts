import type { FittingChangeView } from '../../server/stages/explaining/contract.ts';

/**
 * Who has to be willing before a change can be made: the desk alone, others (a crew, the roster, the configuration), or a crew that
 * gives up its break, which law and agreement give it. A change the screen does not know is others'.
 */
const BY_THE_DESK = new Set([
  'accept_price',
  'ask_again',
  'overtime',
  'due',
  'window_until',
  'window_from',
  'unlock',
  'instead_of',
  'more_changes',
]);
const A_RIGHT = new Set(['no_break']);

const rankOf = (code: string): number => (A_RIGHT.has(code) ? 2 : BY_THE_DESK.has(code) ? 0 : 1);

/** Of several changes together the least acceptable counts. */
const rank = ({ changes }: Pick<FittingChangeView, 'changes'>): number => Math.max(...changes.map(({ code }) => rankOf(code)));

/** All of it can be done at this desk, at once. */
export const canMake = (fitting: Pick<FittingChangeView, 'changes'>): boolean => rank(fitting) === 0;

/** What the desk may decide first, then what others must agree to, at last what takes a break from a crew; the cheapest first in each. */
export const byAcceptability = (fittings: readonly FittingChangeView[]): FittingChangeView[] =>
  [...fittings].sort((a, b) => rank(a) - rank(b) || a.price - b.price);
