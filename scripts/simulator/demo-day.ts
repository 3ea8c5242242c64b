import type { Status } from '../../server/platform/contract.ts';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import type { Streets } from '../../server/stores/city/streets.ts';
import { chanceOf } from './chance.ts';
import { followPace } from './follow-pace.ts';
import { canBeSpared, scheduleMishaps, type Mishap } from './mishaps.ts';
import { watchPeople, type People } from './people.ts';
import { playDay, type DayStage, type PlayedCrew } from './recorded-day.ts';
import type { DayRequests } from './requests.ts';
import { emergencyTypes } from './run-day.ts';
import type { RunningCity } from './running-city.ts';

export interface DemoDay {
  readonly config: CityConfig;
  /** Where something may happen that nobody recorded; null on a day of real reports. */
  readonly streets: Streets | null;
  readonly seed: number;
  readonly startMs: number;
  /** Up to here as fast as it can. */
  readonly watchFromMs: number;
  readonly endMs: number;
  /** Simulated seconds a second, until somebody wishes another. */
  readonly pace: number;
  /** How long after somebody's act the simulated desk leaves planning to people; in wall time, which is what people think in. */
  readonly holdMs: number;
  /** The crew that is offered to whoever opens the crew's screen: nothing happens to it by chance. */
  readonly guestVehicleId: string | null;
  readonly say: (line: string) => void;
}

const MINUTE_MS = 60_000;
const PLAN_EVERY_MS = 5 * MINUTE_MS;
const HURRYING_PLAN_EVERY_MS = 15 * MINUTE_MS;
/** In wall time: at sixty seconds a second the machine has other things to do than to plan. */
const PLANS_APART_WALL_SECONDS = 6;
/** Five people report one burst main: a plan for the first, the next one has the others. */
const LEAST_PLANS_APART_MS = 2_000;
const MOST_PLAN_EVERY_MS = 30 * MINUTE_MS;
/** A person who assigns a job by hand sees it happen now, not at the last thing a crew did. */
const CLOCK_EVERY_MS = 500;
/** One message a second and crew on the road; slow enough to watch a single van, its positions lie nearer together. */
const SENT_EVERY_WALL_SECONDS = 1;
const FIX_MS = 10_000;
const SLOW_PACE = 2;
const SLOW_FIX_MS = 2_000;
const STANDING_SENT_MS = 2 * MINUTE_MS;
/** Nobody watches yet, and every message costs the newcomer time. */
const HURRYING_SENT_MS = 10 * MINUTE_MS;
const HURRYING_LOOK_MS = 3 * MINUTE_MS;
/** Several people report the same thing from around it. */
const SEEN_FROM_DEGREES = 0.0004;

/** Plays a day to be watched: at a pace people choose, with things going wrong, and people taking over what they like. */
export async function playDemoDay(running: RunningCity, requests: DayRequests, demo: DemoDay): Promise<void> {
  const { config, say } = demo;
  let nowMs = demo.startMs;
  const hurries = (): boolean => nowMs < demo.watchFromMs;
  const follower = followPace(running.admin, { pace: demo.pace, driver: hurries() ? 'hurrying' : 'playing' });
  const { lastSeq } = (await running.desk.get<Status>('/api/status')).body;
  let crews: readonly PlayedCrew[] = [];
  const people: People = watchPeople({
    desk: running.desk,
    after: lastSeq ?? 0,
    wall: () => performance.now(),
    holdMs: demo.holdMs,
    onPlanning(deskHeld) {
      void follower.say({ deskHeld }).catch(() => undefined);
    },
    onEnrolled(vehicleId, deviceId) {
      const taken = crews.find((crew) => crew.vehicleId === vehicleId);
      if (taken === undefined || taken.deviceId === deviceId) return;
      taken.crew.handOver();
      say(`${taken.name} has a phone of its own now: it is no longer simulated.`);
    },
  });
  const mayPublish = async (): Promise<boolean> => {
    await people.look();
    return !people.planThemselves();
  };
  let plannedAtMs = -Infinity;
  const mayPlan = async (): Promise<boolean> => {
    if (!hurries() && performance.now() - plannedAtMs < LEAST_PLANS_APART_MS) return false;
    if (!(await mayPublish())) return false;
    plannedAtMs = performance.now();
    return true;
  };
  const fixEveryMs = (): number => (follower.pace() <= SLOW_PACE && !hurries() ? SLOW_FIX_MS : FIX_MS);
  const wallSeconds = (seconds: number): number => follower.pace() * seconds * 1000;

  try {
    await playDay(running, requests, {
      seed: demo.seed,
      startMs: demo.startMs,
      endMs: demo.endMs,
      planEveryMs: () =>
        hurries()
          ? HURRYING_PLAN_EVERY_MS
          : Math.min(MOST_PLAN_EVERY_MS, Math.max(PLAN_EVERY_MS, wallSeconds(PLANS_APART_WALL_SECONDS))),
      iterations: 300,
      emergencies: emergencyTypes(config),
      faults: [],
      desk: { moveByHand: 0, mayPublish },
      mayPlan,
      speed: () => (hurries() ? null : follower.pace()),
      moment: { everyMs: CLOCK_EVERY_MS },
      rhythm: {
        fixEveryMs,
        sentEveryMs(moving) {
          if (hurries()) return moving ? 2 * MINUTE_MS : HURRYING_SENT_MS;
          return Math.max(moving ? fixEveryMs() : STANDING_SENT_MS, wallSeconds(SENT_EVERY_WALL_SECONDS));
        },
        lookEveryMs: () => (hurries() ? HURRYING_LOOK_MS : MINUTE_MS),
      },
      join(stage) {
        ({ crews } = stage);
        bookMishaps(stage, demo);
        follower.onChange(() => {
          for (const { crew } of crews) crew.paceChanged();
        });
        stage.book(demo.watchFromMs, async () => {
          for (const { crew } of crews) crew.paceChanged();
          await follower.say({ driver: 'playing' });
        });
      },
      onTime(ms) {
        nowMs = ms;
      },
      say: () => undefined,
    });
    await follower.say({ driver: 'ended', deskHeld: false });
  } catch (error) {
    await follower.say({ driver: 'failed', deskHeld: false }).catch(() => undefined);
    throw error;
  } finally {
    people.stop();
    follower.stop();
  }
}

/** Puts the day's mishaps on its agenda. Who it meets is chosen when it happens. */
function bookMishaps(stage: DayStage, demo: DemoDay): void {
  const types = [...emergencyTypes(demo.config)];
  const { streets } = demo;
  const invents = streets !== null && types.length > 0;
  // By then the last crews go home, and nobody could answer any more.
  const untilMs = demo.endMs - 4 * 60 * MINUTE_MS;
  const mishaps = scheduleMishaps({ seed: demo.seed, fromMs: demo.watchFromMs, untilMs, emergencies: invents });
  const chance = chanceOf(demo.seed, 'whom mishaps meet');
  for (const [i, mishap] of mishaps.entries()) {
    if (mishap.kind === 'emergency' && invents) {
      const serviceType = chance.pick(types);
      const place = streets.randomPoint(() => chance.next());
      for (const [n, atMs] of mishap.reportsAtMs.entries()) {
        const beside = (): number => (chance.next() - 0.5) * 2 * SEEN_FROM_DEGREES;
        const seenFrom = { lon: place.lon + beside(), lat: place.lat + beside() / 2 };
        stage.book(atMs, () =>
          stage.report({
            source: 'invented',
            sourceId: `invented-mishap-${demo.seed}-${i}-${n}`,
            serviceType,
            place: seenFrom,
            address: streets.describe(seenFrom),
            atMs,
            invented: true,
          }),
        );
      }
    } else stage.book(mishap.atMs, () => meet(mishap, stage, demo, chance.pick));
  }
}

/** Lets a mishap of a crew happen, to one of those on duty; when there is none, to nobody. */
async function meet(mishap: Mishap, stage: DayStage, demo: DemoDay, pick: <T>(items: readonly T[]) => T): Promise<void> {
  const onDuty = stage.crews.filter(({ crew }) => crew.doing() !== null);
  const others = onDuty.filter(({ vehicleId }) => vehicleId !== demo.guestVehicleId);
  switch (mishap.kind) {
    case 'crew_off': {
      const able = others.filter(({ crew }) => crew.doing() !== 'break');
      const spared = able.filter((one) =>
        canBeSpared(
          one,
          onDuty.filter((other) => other !== one),
        ),
      );
      if (spared.length === 0) return;
      const { name, crew } = pick(spared);
      demo.say(`${name} has a vehicle fault and is off for the rest of the day.`);
      return crew.breakDown();
    }
    case 'no_signal': {
      const driving = others.filter(({ crew }) => crew.isOnline() && crew.doing() === 'driving');
      if (driving.length > 0) pick(driving).crew.loseSignal(mishap.lastsMs);
      return;
    }
    case 'cannot_do':
      if (others.length > 0) pick(others).crew.meetTrouble(mishap.reason);
      return;
    case 'emergency':
      return;
    default:
      return mishap satisfies never;
  }
}
