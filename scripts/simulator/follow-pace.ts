import { setTimeout as sleep } from 'node:timers/promises';
import type { DriveClock, PaceWished } from '../../server/platform/contract.ts';
import type { ApiClient } from './api-client.ts';

/** By which pace the city goes: what people at the screens wish, from a moment after they have. */
export interface PaceFollower {
  /** Simulated seconds a wall second; 0: paused. */
  pace(): number;
  /** Tells the screens how the city goes. */
  say(how: Partial<Pick<DriveClock, 'driver' | 'deskHeld'>>): Promise<void>;
  onChange(heard: () => void): void;
  stop(): void;
}

/** Short enough for the server to know that we live. */
const WAIT_SECONDS = 2;

/** Says to the server that it plays the city, beginning at `pace`, and follows what is wished. */
export function followPace(admin: ApiClient, start: Pick<DriveClock, 'pace' | 'driver'>): PaceFollower {
  let { pace } = start;
  let how: Pick<DriveClock, 'driver' | 'deskHeld'> = { driver: start.driver, deskHeld: false };
  let stopped = false;
  const listeners: (() => void)[] = [];

  const ask = async (waitSeconds: number): Promise<void> => {
    const { body } = await admin.post<PaceWished>('/api/clock/driver', { ...how, pace, waitSeconds });
    if (stopped || body.wished === pace) return;
    pace = body.wished;
    for (const heard of listeners) heard();
  };
  const follow = async (): Promise<void> => {
    while (!stopped) {
      // The server is away: who advances its clock says so; this only comes back.
      await ask(WAIT_SECONDS).catch(() => sleep(1_000, undefined, { ref: false }));
    }
  };
  void follow();

  return {
    pace: () => pace,
    async say(next) {
      const after = { ...how, ...next };
      if (after.driver === how.driver && after.deskHeld === how.deskHeld) return;
      how = after;
      await ask(0);
    },
    onChange: (heard) => void listeners.push(heard),
    stop: () => {
      stopped = true;
    },
  };
}
