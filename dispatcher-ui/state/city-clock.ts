/** What we know of the city's clock: its time at one moment of our own. */
export interface CityClock {
  readonly kind: 'real' | 'simulated';
  readonly cityMs: number;
  readonly wallMs: number;
}

/** The server named a city time. An older one (a message that was long on its way) is not taken. */
export function hearCityTime(clock: CityClock | null, kind: CityClock['kind'], cityMs: number, wallMs: number): CityClock {
  if (clock !== null && clock.kind === kind && kind === 'simulated' && cityMs < clock.cityMs) return clock;
  return { kind, cityMs, wallMs };
}

/** City time now, in milliseconds. A simulated clock stands still until the server says otherwise. */
export function cityNow(clock: CityClock, wallMs: number): number {
  return clock.kind === 'real' ? clock.cityMs + (wallMs - clock.wallMs) : clock.cityMs;
}

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
