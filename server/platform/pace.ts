import type { ClockPace, DriveClock, PaceWished } from './contract.ts';
import { Problem } from './problem.ts';

export interface PaceOptions {
  /** False: the city runs on real time, which has no pace. */
  readonly simulated: boolean;
  /** It is another now. */
  readonly onChange: () => void;
  /** Wall time after which who plays the city counts as away; 5 s when left out. */
  readonly awayAfterMillis?: number;
}

/** Keeps how fast a simulated city is wished to go. It moves nothing: who plays the city asks here and follows. */
export interface PaceKeeper {
  /** Null: nobody has played this city yet. */
  present(): ClockPace | null;
  /** @throws Problem 409 `clock-is-real`, `clock-not-driven`. */
  wish(pace: number): ClockPace;
  /** Answers as soon as the wish is another than the driver's pace, else after the driver's patience. @throws Problem 409 `clock-is-real`. */
  drive(report: DriveClock, signal: AbortSignal): Promise<PaceWished>;
  /** Answers everybody who waits. */
  stop(): void;
}

const AWAY_AFTER_MILLIS = 5_000;
const STANDS: Readonly<Record<Exclude<ClockPace['driver'], 'playing' | 'hurrying'>, string>> = {
  ended: 'The simulated day is over.',
  failed: 'What played this day has stopped with a fault.',
  away: 'What plays this day has not been heard for some seconds.',
};

/** In memory only: after a restart the driver says by which pace it goes. */
export function paceKeeper(options: PaceOptions): PaceKeeper {
  const awayAfterMillis = options.awayAfterMillis ?? AWAY_AFTER_MILLIS;
  let known: ClockPace | null = null;
  let polls = 0;
  let stopped = false;
  let away: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  const become = (next: ClockPace): ClockPace => {
    const before = known;
    known = next;
    if (before?.wished !== next.wished) for (const answer of [...waiting]) answer();
    const same = before?.wished === next.wished && before.driver === next.driver && before.deskHeld === next.deskHeld;
    if (!same && !stopped) options.onChange();
    return next;
  };
  const requireSimulated = (): void => {
    if (!options.simulated) throw new Problem(409, 'clock-is-real', 'This city runs on real time; it has no pace.');
  };
  /** An ended day stays ended: nobody needs to be heard any more. */
  const watchForAway = (): void => {
    clearTimeout(away);
    if (polls > 0 || stopped) return;
    away = setTimeout(() => {
      if (known?.driver === 'playing' || known?.driver === 'hurrying') become({ ...known, driver: 'away' });
    }, awayAfterMillis);
    away.unref();
  };
  const untilWished = (pace: number, millis: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const answer = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', answer);
        waiting.delete(answer);
        resolve();
      };
      const timer = setTimeout(answer, millis);
      signal.addEventListener('abort', answer);
      waiting.add(answer);
      if (known?.wished !== pace || stopped || signal.aborted) answer();
    });

  return {
    present: () => known,
    wish(pace) {
      requireSimulated();
      if (known === null)
        throw new Problem(409, 'clock-not-driven', 'Nobody plays this city: its clock stands until it is advanced.');
      if (known.driver !== 'playing' && known.driver !== 'hurrying') {
        throw new Problem(409, 'clock-not-driven', `${STANDS[known.driver]} Its clock stands still.`, { present: known });
      }
      return become({ ...known, wished: pace });
    },
    async drive({ driver, pace, deskHeld, waitSeconds }, signal) {
      requireSimulated();
      polls++;
      clearTimeout(away);
      try {
        const { wished } = become({ wished: known?.wished ?? pace, driver, deskHeld });
        if (wished === pace && waitSeconds > 0) await untilWished(pace, waitSeconds * 1_000, signal);
        return { wished: known?.wished ?? pace };
      } finally {
        polls--;
        watchForAway();
      }
    },
    stop() {
      stopped = true;
      clearTimeout(away);
      for (const answer of [...waiting]) answer();
    },
  };
}
