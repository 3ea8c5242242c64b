import type { Db } from '../../db/knex.ts';
import type { CityClock, SimulatedClock } from './clock.ts';
import { AdvanceClock, ClockAdvanced, ClockPace, DriveClock, PaceWished, SetPace } from './contract.ts';
import type { DeliveryLoop } from './deliveries.ts';
import { route, type Route } from './http-route.ts';
import type { PaceKeeper } from './pace.ts';
import { Problem } from './problem.ts';
import type { TimerLoop } from './timers.ts';

export interface ClockDeps {
  readonly db: Db;
  readonly clock: CityClock | SimulatedClock;
  readonly timers: TimerLoop;
  readonly deliveries: DeliveryLoop;
  readonly pace: PaceKeeper;
}

/** The seq of the newest event; 0 when there is none. */
export async function readLastSeq(db: Db): Promise<number> {
  const row = await db('event_counter').first<{ last_seq: number }>('last_seq');
  return row.last_seq;
}

/**
 * POST /api/clock/advance: in a simulated city nothing happens by itself. Everything due up to `to` runs in order,
 * each with the clock set to its time and what it caused delivered, then the clock shows `to`, and the answer comes
 * when nothing is left to do. Sent again with the same time it finishes what was left and answers the same.
 * How fast it is advanced is a wish of people (PUT /api/clock/pace) that who plays the city follows.
 */
export function clockRoutes(deps: ClockDeps): Route[] {
  let turn: Promise<unknown> = Promise.resolve();
  const advance = async (clock: SimulatedClock, to: Date): Promise<ClockAdvanced> => {
    if (to.getTime() < clock.now().getTime()) {
      const sentence = `The city clock shows ${clock.now().toISOString()} and cannot go back to ${to.toISOString()}.`;
      throw new Problem(409, 'clock-cannot-go-back', sentence, { present: { now: clock.now().toISOString() } });
    }
    const before = deps.deliveries.handled();
    await deps.deliveries.drain();
    const timers = await deps.timers.runDue(to);
    clock.set(to);
    await deps.deliveries.drain();
    const deliveries = deps.deliveries.handled() - before;
    return { now: clock.now().toISOString(), lastSeq: await readLastSeq(deps.db), timers, deliveries };
  };
  return [
    route({
      method: 'post',
      path: '/api/clock/advance',
      action: 'clock.set',
      summary: 'Moves the clock of a simulated city and answers when everything due has happened',
      body: AdvanceClock,
      answer: ClockAdvanced,
      handle({ body }) {
        const { clock } = deps;
        if (!('set' in clock)) throw new Problem(409, 'clock-is-real', 'This city runs on real time; its clock cannot be set.');
        const mine = turn.then(() => advance(clock, new Date(body.to)));
        turn = mine.catch(() => undefined);
        return mine;
      },
    }),
    route({
      method: 'put',
      path: '/api/clock/pace',
      action: 'clock.pace',
      summary: 'How fast a simulated city that somebody plays should go; 0 pauses it',
      body: SetPace,
      answer: ClockPace,
      handle: ({ body }) => Promise.resolve().then(() => deps.pace.wish(body.pace)),
    }),
    route({
      method: 'post',
      path: '/api/clock/driver',
      action: 'clock.set',
      summary: 'What plays a simulated city says how it goes; with waitSeconds the answer comes with another wish',
      body: DriveClock,
      answer: PaceWished,
      handle: ({ body, signal }) => deps.pace.drive(body, signal),
    }),
  ];
}
