import type { ClockPace } from '../../server/platform/contract.ts';

/** What we know of the city's clock: its time at one moment of our own. */
export interface CityClock {
  readonly kind: 'real' | 'simulated';
  readonly cityMs: number;
  readonly wallMs: number;
  /** A simulated city that somebody plays: how it goes on until the next news. Left out, it stands still. */
  readonly run?: ClockRun;
  /** The newest simulated time that was heard, where what is shown has run ahead of it. */
  readonly heardMs?: number;
}

export interface ClockRun {
  /** Simulated seconds a second, as it is wished. */
  readonly pace: number;
  /** The pace, or a little more or less while what is shown comes back to what was heard. */
  readonly rate: number;
  /** Without news it does not go beyond this. */
  readonly untilMs: number;
}

/** News of the time come with every position and event, and with the status every 4 s. */
const NEWS_WITHIN_MS = 4_500;
/** A difference to what was heard is gone after about this, by going faster or slower. */
const CATCH_UP_MS = 2_000;
/** What is behind by more than this much of our own time is not caught up but jumped over. */
const JUMP_MS = 3_000;

/**
 * The server named a city time; `pace` is left out where the news say nothing of it, and then stays. A simulated clock
 * never goes back: an older time (a message that was long on its way) is not taken, and one that has run ahead waits.
 */
export function hearCityTime(
  clock: CityClock | null,
  kind: CityClock['kind'],
  cityMs: number,
  wallMs: number,
  pace: number = clock?.run?.pace ?? 0,
): CityClock {
  if (kind === 'real') return { kind, cityMs, wallMs };
  const before = clock?.kind === 'simulated' ? clock : null;
  const heardMs = Math.max(cityMs, before?.heardMs ?? before?.cityMs ?? cityMs);
  if (before !== null && heardMs !== cityMs && pace === (before.run?.pace ?? 0)) return before;
  const shownMs = before === null ? heardMs : cityNow(before, wallMs);
  if (pace <= 0) return { kind, cityMs: Math.max(shownMs, heardMs), wallMs, heardMs };
  const behindMs = heardMs - shownMs;
  const jumps = behindMs > pace * JUMP_MS;
  const rate = jumps ? pace : Math.min(2 * pace, Math.max(0, pace + behindMs / CATCH_UP_MS));
  const run = { pace, rate, untilMs: heardMs + pace * NEWS_WITHIN_MS };
  return { kind, cityMs: jumps ? heardMs : shownMs, wallMs, run, heardMs };
}

/** City time now, in milliseconds. A simulated clock runs at its pace for as long as there are news of it. */
export function cityNow(clock: CityClock, wallMs: number): number {
  const sinceMs = Math.max(0, wallMs - clock.wallMs);
  if (clock.kind === 'real') return clock.cityMs + (wallMs - clock.wallMs);
  if (clock.run === undefined) return clock.cityMs;
  return Math.max(clock.cityMs, Math.min(clock.cityMs + clock.run.rate * sinceMs, clock.run.untilMs));
}

/** Simulated seconds a second at which a screen's clock may run on by itself. */
export const runningPace = (pace: ClockPace | undefined): number => (pace?.driver === 'playing' ? pace.wished : 0);

export type Liveness = 'connecting' | 'live' | 'slow' | 'frozen';

const SLOW_AFTER_MS = 5_000;
const FROZEN_AFTER_MS = 15_000;

/** How far to trust what moves on the screen, by the age of the last thing heard. */
export function livenessOf(heardAtMs: number | null, wallMs: number): Liveness {
  if (heardAtMs === null) return 'connecting';
  const age = wallMs - heardAtMs;
  if (age > FROZEN_AFTER_MS) return 'frozen';
  return age > SLOW_AFTER_MS ? 'slow' : 'live';
}
