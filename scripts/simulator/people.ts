import { setTimeout as sleep } from 'node:timers/promises';
import type { EventPage, EventView } from '../../server/stores/events/contract.ts';
import type { ApiClient } from './api-client.ts';

export interface PeopleOptions {
  /** The simulated desk's own: what it did itself is told apart by its account. */
  readonly desk: ApiClient;
  /** Events after this. */
  readonly after: number;
  /** Wall milliseconds: now, and how long after an act planning stays with people. */
  readonly wall: () => number;
  readonly holdMs: number;
  /** Somebody has begun to plan themselves, or has not acted for some minutes. */
  readonly onPlanning: (planThemselves: boolean) => void;
  /** A device was made known for a vehicle. */
  readonly onEnrolled: (vehicleId: string, deviceId: string) => void;
}

/** What real people do in a simulated city. */
export interface People {
  /** Reads what has happened until now. */
  look(): Promise<void>;
  /** Somebody at a desk has acted in the last minutes: planning is theirs. */
  planThemselves(): boolean;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
const PAGE = 1_000;
const PLANNED_NOUNS = new Set(['case', 'job', 'assignment', 'shift', 'plan', 'question']);

/** Something a person at a desk has done to the work: a plan asked for, a job moved, a report decided. */
export const isActOfPeople = (event: Pick<EventView, 'type' | 'by' | 'mine'>): boolean =>
  (event.by === 'dispatcher' || event.by === 'supervisor') &&
  event.mine !== true &&
  PLANNED_NOUNS.has(event.type.slice(0, event.type.indexOf('.')));

/** Follows the event log as any desk does, and says when people take part. */
export function watchPeople(options: PeopleOptions): People {
  let { after } = options;
  let actedAtMs = -Infinity;
  let planning = false;
  let stopped = false;
  let looking: Promise<void> | null = null;

  const planThemselves = (): boolean => options.wall() - actedAtMs < options.holdMs;
  const read = async (): Promise<void> => {
    for (;;) {
      const { body } = await options.desk.get<EventPage>(`/api/events?after=${after}&limit=${PAGE}`);
      after = body.through;
      for (const event of body.events) {
        if (isActOfPeople(event)) actedAtMs = options.wall();
        const { vehicleId, deviceId } = event.facts;
        if (event.type === 'device.enrolled' && typeof vehicleId === 'string' && typeof deviceId === 'string')
          options.onEnrolled(vehicleId, deviceId);
      }
      if (!body.more) break;
    }
    if (planning === planThemselves()) return;
    planning = !planning;
    options.onPlanning(planning);
  };
  const look = async (): Promise<void> => {
    // Whoever asks while a look is under way wants what comes after its answer, too.
    while (looking !== null) await looking;
    looking = read().finally(() => {
      looking = null;
    });
    await looking;
  };
  const follow = async (): Promise<void> => {
    while (!stopped) {
      await look().catch(() => undefined); // the server is away: whoever advances its clock says so
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
    }
  };
  void follow();

  return {
    look,
    planThemselves,
    stop: () => {
      stopped = true;
    },
  };
}
