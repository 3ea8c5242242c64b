import { ApiProblem } from '../state/api.ts';
import { openDesk, type Desk } from '../state/desk.ts';
import { hearCityTime } from '../state/city-clock.ts';
import { dayIn } from '../state/format.ts';

const RETRY_MS = 4_000;

/** The desk of whoever looks at plans: who it is, which city, what day. No queue, no map, nothing that moves. */
export function openPlanDesk(): Desk {
  const desk = openDesk();
  const { setState: set, getState: get } = desk.store;

  async function begin(): Promise<void> {
    const session = await desk.reads.session();
    if (!session.signedIn) return set({ phase: 'signed_out', session });
    if (session.may['plan.read'] === undefined) return set({ phase: 'no_right', session });
    const city = await desk.reads.city();
    const cityMs = Date.parse(city.clock.now);
    const clock = hearCityTime(null, city.clock.kind, cityMs, Date.now());
    set({ session, city, clock, serviceDay: dayIn(city.zone, cityMs), phase: 'ready', failure: null });
  }

  const start = (): void => {
    begin().catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 401) return desk.signedOut();
      set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) });
      // The server may only be starting.
      setTimeout(() => get().phase === 'failed' && start(), RETRY_MS);
    });
  };
  return { ...desk, start, readPlans: () => Promise.resolve() };
}
