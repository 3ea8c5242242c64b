export interface PacingOptions {
  /** Simulated seconds a wall second, 0 to stand still, null for as fast as everything is answered. Read anew at every look. */
  speed(): number | null;
  /** Wall milliseconds; never goes back. */
  wall(): number;
  sleep(millis: number): Promise<void>;
  /** Left out: the clock is moved to what happens only, not in between. */
  readonly moment?: {
    readonly everyMs: number;
    /** Moves the city's clock on while nothing happens. */
    pass(nowMs: number): Promise<void>;
  };
}

/** A slider is followed within this. */
const LOOK_MS = 100;
/** Work that took longer than its time is caught up for so much wall time; beyond it the day simply is late. */
const MOST_CATCH_UP_MS = 1_000;

/**
 * Holds simulated time to wall time: what the work in between took counts as passed.
 * @returns a wait from `nowMs` until `atMs`; it ends with the time the clock was moved to.
 */
export function pacing(options: PacingOptions): (nowMs: number, atMs: number) => Promise<number> {
  const { speed, wall, sleep, moment } = options;
  let virtualMs = -Infinity;
  let lookedAtMs = wall();
  /** What has passed since the last look has passed at the speed of then. */
  let lookedSpeed = 0;

  return async (nowMs, atMs) => {
    let shownMs = nowMs;
    let shownAtMs = wall();
    let first = true;
    for (;;) {
      const present = speed();
      const wallMs = wall();
      if (present === null) {
        virtualMs = atMs;
        lookedAtMs = wallMs;
        lookedSpeed = 0;
        return shownMs;
      }
      virtualMs += Math.min(wallMs - lookedAtMs, MOST_CATCH_UP_MS) * lookedSpeed;
      if (first) virtualMs = Math.min(Math.max(virtualMs, nowMs), nowMs + present * MOST_CATCH_UP_MS);
      first = false;
      lookedAtMs = wallMs;
      lookedSpeed = present;
      if (virtualMs >= atMs) return shownMs;
      if (moment !== undefined && present > 0 && wallMs - shownAtMs >= moment.everyMs) {
        shownMs = Math.floor(virtualMs);
        shownAtMs = wallMs;
        await moment.pass(shownMs);
        continue;
      }
      await sleep(present <= 0 ? LOOK_MS : Math.min(LOOK_MS, (atMs - virtualMs) / present));
    }
  };
}
