import { greatCircleMetres, type LonLat } from '../../routing/units.ts';
import type { SentFix } from '../../server/stores/positions/contract.ts';
import { REASONS, type Behaviour } from './behaviour.ts';
import type { Chance } from './chance.ts';
import { openDiary, type Mode } from './diary.ts';
import type { Fact, Phone, PhoneDay, PhoneStop } from './phone.ts';
import { positionOn, wayAlong, withNoise, type Way } from './way.ts';

const MOVING_FIX_MS = 10_000;
const STANDING_FIX_MS = 60_000;
const MINUTE_MS = 60_000;
/** Positions go out every minute on the road, every two minutes standing. */
const RECORDED_RHYTHM: NonNullable<World['rhythm']> = {
  fixEveryMs: () => MOVING_FIX_MS,
  lookEveryMs: () => MINUTE_MS,
  sentEveryMs: (moving) => (moving ? MINUTE_MS : 2 * MINUTE_MS),
};

export interface CrewSetting {
  readonly name: string;
  readonly start: LonLat;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly overtimeMs: number;
  readonly breaks: readonly {
    readonly id: string;
    readonly earliestMs: number;
    readonly latestMs: number;
    readonly lengthMs: number;
  }[];
}

/** The world a crew lives in: its time, its agenda, its luck. */
export interface World {
  now(): number;
  book(atMs: number, run: () => Promise<void>): void;
  readonly chance: Chance;
  readonly behaviour: Behaviour;
  /** How often the phone does what it does by itself; read anew each time. */
  readonly rhythm?: {
    /** Between two positions on the road. */
    fixEveryMs(): number;
    sentEveryMs(moving: boolean): number;
    /** How long a crew without work waits until it looks again. */
    lookEveryMs(): number;
  };
}

export type Reason = (typeof REASONS)[number];

export interface CrewCounts {
  facts: number;
  repeated: number;
  refused: Record<string, number>;
  fixesMade: number;
  fixesAcknowledged: number;
  silences: number;
  drivingMs: number;
  workingMs: number;
  onDutyMs: number;
  metres: number;
}

interface Saved {
  readonly fact: Fact;
  readonly atMs: number;
}

/** One crew with its phone: signs on, accepts, drives, works, reports, loses signal, signs off. */
export function startCrew(setting: CrewSetting, phone: Phone, world: World) {
  const { chance, behaviour } = world;
  const rhythm = world.rhythm ?? RECORDED_RHYTHM;
  /** What is booked belongs to one life of the crew: after it has gone home, broken down or been handed over nothing of it happens. */
  let life = 0;
  /** The beats of before are void after the pace has changed. */
  let beats = 0;
  let trouble: Reason | null = null;
  let handedOver = false;
  let mode: Mode = 'off';
  let place = setting.start;
  let way: Way | null = null;
  let leftAtMs = 0;
  let driveMs = 0;
  let day: PhoneDay = { orderVersion: 0, acknowledgedVersion: 0, stops: [] };
  let current: PhoneStop | null = null;
  let silentUntilMs = 0;
  let fixSeq = 0;
  let fixedUntilMs = 0;
  let outbox: Saved[] = [];
  let unsentFixes: SentFix[] = [];
  const done = new Set<string>();
  const takenBreaks = new Set<string>();
  const counts: CrewCounts = {
    facts: 0,
    repeated: 0,
    refused: {},
    fixesMade: 0,
    fixesAcknowledged: 0,
    silences: 0,
    drivingMs: 0,
    workingMs: 0,
    onDutyMs: 0,
    metres: 0,
  };

  const book = (atMs: number, run: () => Promise<void>): void => {
    const mine = life;
    world.book(atMs, async () => {
      if (mine === life) await run();
    });
  };
  const diary = openDiary();
  /** What it does from now on, in its diary too. */
  const become = (next: Mode): void => {
    mode = next;
    diary.becomes(next, world.now(), next === 'driving' && way !== null ? way.line : [place], current?.jobNumber ?? null);
  };

  const online = (): boolean => world.now() >= silentUntilMs;
  const factor = (median: number, spread: number): number => median * Math.exp(chance.normal() * spread);

  function here(atMs: number): { point: LonLat; headingDegrees?: number; speedMps: number } {
    if (mode === 'driving' && way !== null) {
      const on = positionOn(way, ((atMs - leftAtMs) / driveMs) * way.seconds);
      return { ...on, speedMps: (on.speedMps * way.seconds * 1000) / driveMs };
    }
    return { point: place, speedMps: 0 };
  }

  /** Writes down the fixes the phone has taken since the last time, whether or not it can send them. */
  function takeFixes(): void {
    const every = mode === 'driving' ? rhythm.fixEveryMs() : STANDING_FIX_MS;
    for (let at = Math.max(fixedUntilMs + every, world.now() - 10 * MINUTE_MS); at <= world.now(); at += every) {
      const seen = here(at);
      const point = withNoise(seen.point, behaviour.gpsNoiseMetres, chance.normal);
      unsentFixes.push({
        deviceSeq: ++fixSeq,
        fixTime: new Date(at).toISOString(),
        lon: Number(point.lon.toFixed(6)),
        lat: Number(point.lat.toFixed(6)),
        accuracyMetres: 8,
        speedMps: Number(Math.min(60, seen.speedMps).toFixed(1)),
        ...(seen.headingDegrees === undefined ? {} : { headingDegrees: Math.round(seen.headingDegrees) }),
      });
      counts.fixesMade++;
      fixedUntilMs = at;
    }
  }

  async function sendFixes(): Promise<void> {
    while (unsentFixes.length > 0) {
      const batch = unsentFixes.slice(0, 500);
      const through = await phone.fixes(batch, world.now());
      const kept = unsentFixes.filter((fix) => fix.deviceSeq > through);
      if (kept.length === unsentFixes.length)
        throw new Error(`${setting.name}: the server acknowledged none of ${batch.length} fixes`);
      counts.fixesAcknowledged += unsentFixes.length - kept.length;
      unsentFixes = kept;
    }
  }

  async function send(saved: Saved): Promise<void> {
    const times = chance.next() < behaviour.repeat ? 2 : 1;
    for (let i = 0; i < times; i++) {
      const answer = await phone.fact(saved.fact, saved.atMs, world.now());
      if (i === 1) counts.repeated++;
      else if (answer.ok) counts.facts++;
      else counts.refused[answer.refused] = (counts.refused[answer.refused] ?? 0) + 1;
    }
  }

  /** Everything the phone has kept goes out in its order: positions first, so that a completion finds its track. */
  async function flush(): Promise<void> {
    takeFixes();
    if (!online()) return;
    await sendFixes();
    const waiting = outbox;
    outbox = [];
    for (const saved of waiting) await send(saved);
  }

  async function report(fact: Fact): Promise<void> {
    outbox.push({ fact, atMs: world.now() });
    await flush();
  }

  async function readDay(): Promise<void> {
    if (!online()) return;
    day = await phone.day();
    if (day.orderVersion > day.acknowledgedVersion) {
      await phone.acknowledge(day.orderVersion);
      day = { ...day, acknowledgedVersion: day.orderVersion };
    }
    for (const stop of day.stops) {
      if (stop.requested !== null && stop.assignmentId !== current?.assignmentId) {
        done.add(stop.assignmentId);
        await report({ type: 'field.acknowledge_recall', assignmentId: stop.assignmentId });
      } else if (stop.state === 'dispatched' && !done.has(stop.assignmentId)) {
        if (chance.next() < behaviour.decline) {
          done.add(stop.assignmentId);
          await report({ type: 'field.decline', assignmentId: stop.assignmentId, reason: 'other' });
        } else {
          await report({ type: 'field.accept', assignmentId: stop.assignmentId });
        }
      }
    }
  }

  const nextStop = (): PhoneStop | undefined =>
    day.stops.find(
      (s) => !done.has(s.assignmentId) && s.requested === null && (s.state === 'dispatched' || s.state === 'accepted'),
    );

  function lookAgain(afterMs: number): void {
    book(world.now() + afterMs, wake);
  }

  /** What now? Called when the crew is free. */
  async function wake(): Promise<void> {
    if (mode !== 'idle') return;
    const now = world.now();
    await flush();
    await readDay();
    if (now >= setting.untilMs) return finishShift();
    const due = setting.breaks.find((b) => !takenBreaks.has(b.id) && now >= b.earliestMs);
    if (due !== undefined) return takeBreak(due);
    const stop = nextStop();
    // Nothing is begun that would certainly end after the overtime allowed.
    if (stop === undefined || now + stop.serviceSeconds * 1000 > setting.untilMs + setting.overtimeMs)
      return lookAgain(rhythm.lookEveryMs());
    await drive(stop);
  }

  async function takeBreak(due: CrewSetting['breaks'][number]): Promise<void> {
    takenBreaks.add(due.id);
    become('break');
    if (online()) await phone.takeBreak(due.id, world.now());
    book(world.now() + due.lengthMs, async () => {
      become('idle');
      await wake();
    });
  }

  async function drive(stop: PhoneStop): Promise<void> {
    current = stop;
    await report({ type: 'field.travel', assignmentId: stop.assignmentId });
    const straight = greatCircleMetres(place, stop.place);
    const known =
      stop.way !== null && stop.way.line.length > 1 && greatCircleMetres(stop.way.line[0]!, place) < 250 ? stop.way : null;
    way = wayAlong(known?.line ?? [place, stop.place], known?.seconds ?? (straight * 1.4) / 7);
    driveMs = Math.max(20_000, Math.round(way.seconds * factor(behaviour.driveFactor, behaviour.driveSpread) * 1000));
    leftAtMs = world.now();
    fixedUntilMs = leftAtMs;
    become('driving');
    if (chance.next() < behaviour.loseSignal) {
      const [least, most] = behaviour.silenceSeconds;
      silence(Math.round(least + chance.next() * (most - least)) * 1000);
    }
    book(world.now() + driveMs, arrive);
  }

  async function arrive(): Promise<void> {
    const stop = current!;
    takeFixes();
    counts.drivingMs += driveMs;
    counts.metres += way?.metres ?? 0;
    place = stop.place;
    become('on_site');
    const forgets = chance.next() < behaviour.forgetSteps;
    if (!forgets) await report({ type: 'field.arrive', assignmentId: stop.assignmentId });
    book(world.now() + 20_000 + chance.below(70) * 1000, () => work(stop, forgets));
  }

  async function work(stop: PhoneStop, forgets: boolean): Promise<void> {
    become('working');
    if (!forgets) await report({ type: 'field.start', assignmentId: stop.assignmentId });
    const wasTrouble = trouble;
    trouble = null;
    const fails = chance.next() < behaviour.cannotComplete || wasTrouble !== null;
    const full = stop.serviceSeconds * 1000 * factor(behaviour.workFactor, behaviour.workSpread);
    const lengthMs = Math.round(fails ? 60_000 + chance.next() * 0.4 * full : full);
    const limitMs = setting.untilMs + setting.overtimeMs;
    const outOfTime = world.now() + lengthMs > limitMs && world.now() < limitMs;
    const endMs = outOfTime ? limitMs : world.now() + lengthMs;
    counts.workingMs += Math.max(0, endMs - world.now());
    const left = Math.max(60, Math.round((lengthMs - (endMs - world.now())) / 1000));
    book(endMs, () =>
      finish(
        stop,
        outOfTime ? { reason: 'out_of_time', secondsLeft: left } : fails ? { reason: wasTrouble ?? chance.pick(REASONS) } : null,
      ),
    );
  }

  async function finish(
    stop: PhoneStop,
    failure: { reason: Reason | 'out_of_time'; secondsLeft?: number } | null,
  ): Promise<void> {
    takeFixes();
    done.add(stop.assignmentId);
    await report(
      failure === null
        ? { type: 'field.complete', assignmentId: stop.assignmentId, fixesThrough: fixSeq }
        : { type: 'field.cannot_complete', assignmentId: stop.assignmentId, fixesThrough: fixSeq, missing: [], ...failure },
    );
    current = null;
    become('idle');
    lookAgain(30_000 + chance.below(60) * 1000);
  }

  async function finishShift(): Promise<void> {
    // A phone without signal cannot sign off: it tries again when it has one.
    if (!online()) return lookAgain(Math.max(1000, silentUntilMs - world.now()));
    become('off');
    counts.onDutyMs = world.now() - setting.fromMs;
    await flush();
    await phone.signOff(world.now());
  }

  async function begin(): Promise<void> {
    become('idle');
    fixedUntilMs = world.now() - STANDING_FIX_MS;
    await phone.signOn(world.now());
    await flush();
    await wake();
  }

  /** Positions go out by themselves. */
  async function beat(): Promise<void> {
    if (mode === 'off') return;
    takeFixes();
    if (online()) await sendFixes();
    bookBeat(rhythm.sentEveryMs(mode === 'driving'));
  }

  function bookBeat(afterMs: number): void {
    const mine = ++beats;
    book(world.now() + afterMs, async () => {
      if (mine === beats) await beat();
    });
  }

  function silence(lastsMs: number): void {
    silentUntilMs = world.now() + lastsMs;
    counts.silences++;
    diary.silent(world.now(), silentUntilMs);
    book(silentUntilMs, flush);
  }

  /** The vehicle stands: what the crew was doing cannot be done, and it goes home. By radio, whatever its signal. */
  async function breakDown(): Promise<void> {
    takeFixes();
    place = here(world.now()).point;
    life++;
    silentUntilMs = 0;
    become('idle');
    const stop = current;
    if (stop !== null) {
      done.add(stop.assignmentId);
      await report({
        type: 'field.cannot_complete',
        assignmentId: stop.assignmentId,
        fixesThrough: fixSeq,
        missing: [],
        reason: 'vehicle_fault',
      });
    }
    current = null;
    await finishShift();
  }

  book(setting.fromMs, begin);
  book(setting.fromMs + MINUTE_MS, beat);
  return {
    counts,
    diary,
    breakDown,
    /** No signal from now on for so long. */
    loseSignal: silence,
    /** The next job it begins turns out not to be doable. */
    meetTrouble: (reason: Reason): void => {
      trouble = reason;
    },
    /** Somebody else is the crew from now on: nothing more is said or sent. */
    handOver: (): void => {
      life++;
      handedOver = true;
      phone.close();
    },
    /** Positions are taken and sent by other times from now on. */
    paceChanged: (): void => {
      if (!handedOver && mode !== 'off') bookBeat(1_000);
    },
    /** What it is doing; null: it is not ours, or not on duty. */
    doing: (): Exclude<Mode, 'off'> | null => (handedOver || mode === 'off' ? null : mode),
    /** The office has changed the order: the phone looks, if it can. */
    dayChanged: async (): Promise<void> => {
      if (!handedOver && mode !== 'off' && online()) await readDay();
    },
    /** Signed off for the day. */
    isHome: (): boolean => handedOver || (mode === 'off' && world.now() > setting.fromMs),
    isOnline: (): boolean => !handedOver && mode !== 'off' && online(),
    unsent: (): number => outbox.length + unsentFixes.length,
  };
}

export type SimulatedCrew = ReturnType<typeof startCrew>;
