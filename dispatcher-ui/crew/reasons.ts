import type { CannotCompleteReason } from '../../server/stores/assignments/contract.ts';

/** What is still to be said with a reason: what is missing, how much work is left, or words. */
export type Asks = 'nothing' | 'plant' | 'minutes' | 'words';

/** Every reason why work could not be done, in the order of the buttons: what happens most comes first. */
const ASKS = {
  no_access: { asks: 'nothing', closes: false },
  not_found: { asks: 'nothing', closes: true },
  already_fixed: { asks: 'nothing', closes: true },
  needs_plant: { asks: 'plant', closes: false },
  needs_part: { asks: 'nothing', closes: false },
  needs_second_crew: { asks: 'nothing', closes: false },
  out_of_time: { asks: 'minutes', closes: false },
  unsafe: { asks: 'nothing', closes: false },
  weather: { asks: 'nothing', closes: false },
  wrong_asset: { asks: 'nothing', closes: false },
  other_utility: { asks: 'nothing', closes: false },
  refused: { asks: 'nothing', closes: false },
  vehicle_fault: { asks: 'nothing', closes: false },
  other: { asks: 'words', closes: false },
} as const satisfies Record<CannotCompleteReason, { readonly asks: Asks; readonly closes: boolean }>;

export interface CannotReason {
  readonly reason: CannotCompleteReason;
  readonly asks: Asks;
  /** It ends the report; all others leave work for later. */
  readonly closes: boolean;
}

export const CANNOT_REASONS: readonly CannotReason[] = Object.entries(ASKS).map(([reason, rule]) => ({
  reason: reason as CannotCompleteReason,
  ...rule,
}));

/** Codes, so that the desk can count them. */
export const DECLINE_REASONS = ['missing_plant', 'missing_skill', 'no_time', 'vehicle_fault', 'unsafe', 'other'] as const;

/** How much work can be said to be left. */
export const MINUTES_LEFT = [15, 30, 45, 60, 90, 120, 180, 240] as const;
