import type { PlanListed } from '../../server/stores/plans/contract.ts';

/** What a plan is to the day: to be decided about, in force, or past. */
export function stateOf({ state, publishedAt }: Pick<PlanListed, 'state' | 'publishedAt'>) {
  switch (state) {
    case 'draft':
    case 'discarded':
      return state;
    case 'published':
      return 'in_force';
    case 'superseded':
      return publishedAt === null ? 'never' : 'replaced';
    default:
      return state satisfies never;
  }
}

/** How much cheaper another plan can be at most, in percent of this one, to a tenth. Rounded up, so that it never claims too much. */
export const gapText = (cost: number, bound: number): string =>
  (cost <= 0 ? 0 : Math.max(0, Math.ceil(((cost - bound) / cost) * 1_000) / 10)).toFixed(1);
