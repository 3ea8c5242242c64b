/** A rule that a plan breaks, or a figure in it that is wrong. Indices are the problem's. */
export interface Violation {
  readonly code: ViolationCode;
  readonly shift: number | null;
  readonly job: number | null;
  readonly detail: string;
}

/** Notes a violation of the plan or shift that is being looked at. */
export type Report = (code: ViolationCode, detail: string, job?: number | null) => void;

export type ViolationCode =
  // Every job and every shift once.
  | 'job_unknown'
  | 'job_not_once'
  | 'lock_dropped'
  | 'shift_unknown_or_twice'
  | 'shift_missing'
  // May this crew do this job, at this time?
  | 'lock_of_crew_broken'
  | 'lock_of_time_broken'
  | 'lock_of_order_broken'
  | 'fixed_order_broken'
  | 'fixed_not_first'
  | 'given_to_who_declined'
  | 'begun_after_shift'
  | 'skills_missing'
  | 'level_too_low'
  | 'plant_missing'
  | 'outside_area'
  | 'more_stock_than_capacity'
  | 'too_early'
  | 'outside_windows'
  // The day of a crew.
  | 'unreachable'
  | 'arrival_too_early'
  | 'start_before_arrival'
  | 'in_gap_of_windows'
  | 'ends_too_early'
  | 'shift_too_long'
  | 'too_many_jobs'
  | 'too_much_travel'
  | 'duration_too_long'
  | 'stock_below_zero'
  | 'stock_above_capacity'
  // Breaks.
  | 'break_not_once'
  | 'break_unknown'
  | 'break_overlaps'
  | 'break_outside_window'
  | 'break_length_wrong'
  | 'break_too_early'
  | 'break_skipped_needlessly'
  // Jobs that depend on each other.
  | 'linked_job_left_out'
  | 'lag_too_short'
  | 'lag_too_long'
  | 'linked_to_other_shift'
  | 'linked_order_broken'
  // Figures.
  | 'travel_wrong'
  | 'metres_wrong'
  | 'end_wrong'
  | 'late_wrong'
  | 'figure_wrong'
  | 'cost_wrong'
  | 'changes_wrong'
  | 'too_many_changes';
