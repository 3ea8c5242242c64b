/** How crews behave; everything a policy of the real world would call "it depends". */
export interface Behaviour {
  /** Work takes this much longer than planned in the median, and how widely it varies (log-normal). */
  readonly workFactor: number;
  readonly workSpread: number;
  readonly driveFactor: number;
  readonly driveSpread: number;
  readonly cannotComplete: number;
  readonly decline: number;
  /** Chance per leg to lose the signal, and for how long. */
  readonly loseSignal: number;
  readonly silenceSeconds: readonly [least: number, most: number];
  /** Chance to forget "I have arrived" and "start", and only press "complete". */
  readonly forgetSteps: number;
  /** Chance that an answer is lost on the way, so that the phone sends the same action again. */
  readonly repeat: number;
  readonly gpsNoiseMetres: number;
}

/** An ordinary crew on an ordinary day. */
export const ORDINARY: Behaviour = {
  workFactor: 1.08,
  workSpread: 0.28,
  driveFactor: 1.12,
  driveSpread: 0.15,
  cannotComplete: 0.035,
  decline: 0.004,
  loseSignal: 0.05,
  silenceSeconds: [240, 1500],
  forgetSteps: 0.04,
  repeat: 0.03,
  gpsNoiseMetres: 4,
};

/** Why crews cannot do a job, each as likely as the others. */
export const REASONS = [
  'no_access',
  'not_found',
  'needs_plant',
  'needs_second_crew',
  'unsafe',
  'weather',
  'already_fixed',
  'other_utility',
  'needs_part',
] as const;
