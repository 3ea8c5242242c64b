import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockAdvanced } from '../../server/platform/contract.ts';
import type { CaseReceipt } from '../../server/stores/cases/contract.ts';
import type { RecordedCrew } from '../../server/stores/recorded-days/contract.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import { Refused } from './api-client.ts';
import { newAgenda } from './agenda.ts';
import { chanceOf } from './chance.ts';
import { ORDINARY } from './behaviour.ts';
import { startCrew, type CrewCounts, type SimulatedCrew, type World } from './crew.ts';
import { startDesk, type DeskSetting, type SimulatedDesk } from './desk.ts';
import { devicePhone, type DevicePhone } from './device-phone.ts';
import { strike, type Fault, type FaultRecord } from './faults.ts';
import type { Acknowledged } from './invariants.ts';
import { pacing, type PacingOptions } from './pacing.ts';
import { PhoneClosed } from './phone.ts';
import type { DayRequests, DayRequest } from './requests.ts';
import type { RunningCity } from './running-city.ts';

export interface DaySetting {
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Simulated time until the next plan; read anew after each. */
  planEveryMs(): number;
  readonly iterations: number;
  readonly emergencies: ReadonlySet<string>;
  readonly faults: readonly Fault[];
  /** Simulated seconds a wall second; null = as fast as everything is answered. Read anew at every step. */
  speed(): number | null;
  /** Left out: the clock is moved to what happens only. */
  readonly moment?: Pick<NonNullable<PacingOptions['moment']>, 'everyMs'>;
  readonly rhythm?: NonNullable<World['rhythm']>;
  readonly desk: Pick<DeskSetting, 'moveByHand' | 'mayPublish'>;
  /** Plans by itself only when this allows it. */
  readonly mayPlan?: () => Promise<boolean>;
  /** Books further things to happen, before the day begins. */
  readonly join?: (day: DayStage) => void;
  readonly onTime?: (nowMs: number) => void;
  readonly say: (line: string) => void;
}

/** A crew of the day with its phone. */
export interface PlayedCrew {
  readonly name: string;
  readonly shift: DispatcherShift;
  readonly shiftId: string;
  readonly vehicleId: string;
  readonly deviceId: string;
  readonly skills: readonly string[];
  readonly plant: readonly string[];
  readonly crew: SimulatedCrew;
  readonly phone: DevicePhone;
}

/** The day as whoever joins it sees it. */
export interface DayStage {
  now(): number;
  book(atMs: number, run: () => Promise<void>): void;
  readonly crews: readonly PlayedCrew[];
  /** As any other report of the day; an emergency's is planned for at once. */
  report(request: DayRequest): Promise<void>;
}

export interface PlayedDay {
  readonly desk: SimulatedDesk;
  readonly crews: readonly { readonly name: string; readonly counts: CrewCounts; readonly unsent: number }[];
  /** What each crew did, from its own diary. */
  readonly diaries: readonly RecordedCrew[];
  readonly told: Acknowledged;
  readonly reports: { readonly sent: number; readonly refused: Record<string, number> };
  readonly faults: readonly FaultRecord[];
  /** Wall milliseconds from the answer to "publish" until a crew's phone had its new day. */
  readonly pushDelaysMs: readonly number[];
  readonly pushesMissed: number;
  readonly wallSeconds: number;
}

const MINUTE_MS = 60_000;
const PUSH_PATIENCE_MS = 5_000;
/** Some reporters leave their name: it must never be seen outside the private schema. */
const CANARIES = {
  name: 'Canary Reporter',
  email: 'canary@example.org',
  phone: '+1 202 555 0142',
  words: 'canary words about my front door',
};

/**
 * Plays a day against a running city: reports as they were made, plans every few minutes and on emergencies, crews
 * that drive and report. Time moves only when everything of the present instant has been answered, and messages of
 * one instant go one at a time, so that a seed gives one day.
 */
export async function playDay(running: RunningCity, requests: DayRequests, setting: DaySetting): Promise<PlayedDay> {
  const agenda = newAgenda();
  let nowMs = setting.startMs;
  const now = (): number => nowMs;
  const desk = startDesk(running.desk, { seed: setting.seed, iterations: setting.iterations, ...setting.desk }, now);
  const crews: PlayedCrew[] = [];
  const told = {
    fixesThrough: new Map<string, number>(),
    actions: [] as string[],
    reports: [] as { source: string; sourceId: string }[],
    canaries: Object.values(CANARIES),
  };
  const refusedReports: Record<string, number> = {};
  const watching: Promise<FaultRecord>[] = [];
  const pushDelaysMs: number[] = [];
  let pushesMissed = 0;
  const reporters = chanceOf(setting.seed, 'reporters');
  const startedAt = performance.now();

  for (const shift of await running.shifts()) {
    const vehicle = shift.members.find((member) => member.kind === 'vehicle');
    if (vehicle === undefined) continue;
    const { deviceId, token } = await running.enrol(vehicle.resourceId, `${shift.crewName} phone`);
    const phone = devicePhone({
      base: running.server.base,
      token,
      shiftId: shift.id,
      seed: (setting.seed << 8) ^ shift.crewNumber,
      traffic: running.traffic,
      onFact: (actionId) => told.actions.push(actionId),
      onFixes: (through) => told.fixesThrough.set(deviceId, Math.max(through, told.fixesThrough.get(deviceId) ?? 0)),
    });
    const crew = startCrew(
      {
        name: shift.crewName,
        start: shift.startPlace,
        fromMs: Math.max(setting.startMs, Date.parse(shift.from)),
        untilMs: Date.parse(shift.until),
        overtimeMs: shift.overtimeAllowedSeconds * 1000,
        breaks: shift.breaks.map((b) => ({
          id: b.id,
          earliestMs: Date.parse(b.earliest),
          latestMs: Date.parse(b.latest),
          lengthMs: b.lengthSeconds * 1000,
        })),
      },
      phone,
      {
        now,
        book: agenda.book,
        chance: chanceOf(setting.seed, shift.crewCode),
        behaviour: ORDINARY,
        ...(setting.rhythm === undefined ? {} : { rhythm: setting.rhythm }),
      },
    );
    const { skills, plant } = shift;
    const vehicleId = vehicle.resourceId;
    crews.push({ name: shift.crewName, shift, shiftId: shift.id, vehicleId, deviceId, skills, plant, crew, phone });
  }

  async function planNow(reason: string): Promise<void> {
    if (setting.mayPlan !== undefined && !(await setting.mayPlan())) return;
    const shifts = await desk.planAndPublish(reason);
    const published = performance.now();
    for (const changed of shifts) {
      const who = crews.find(({ shift }) => shift.id === changed.shiftId);
      if (who === undefined || !who.crew.isOnline()) continue;
      const pushedAt = await who.phone.untilPushed(changed.orderVersion, PUSH_PATIENCE_MS);
      if (pushedAt === null) pushesMissed++;
      else pushDelaysMs.push(Math.max(0, pushedAt - published));
      await unlessClosed(who.crew.dayChanged());
    }
  }

  async function report(request: DayRequest): Promise<void> {
    const named = reporters.next() < 0.1;
    try {
      const { body } = await running.integrator.post<CaseReceipt>('/api/cases', {
        source: request.source,
        sourceId: request.sourceId,
        serviceType: request.serviceType,
        reportedAt: new Date(request.atMs).toISOString(),
        ...(request.place === null ? {} : { place: request.place }),
        ...(request.address === null ? {} : { address: request.address.slice(0, 500) }),
        ...(named
          ? { words: CANARIES.words, contact: { name: CANARIES.name, email: CANARIES.email, phone: CANARIES.phone } }
          : {}),
      });
      told.reports.push({ source: request.source, sourceId: request.sourceId });
      if (body.placeQuality === 'on_road' && setting.emergencies.has(request.serviceType)) await planNow('emergency');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusedReports[error.type] = (refusedReports[error.type] ?? 0) + 1;
    }
  }

  for (const request of requests.requests) agenda.book(request.atMs, () => report(request));
  const shiftStarts = crews.length === 0 ? [] : (await running.shifts()).map((shift) => Date.parse(shift.from));
  const firstPlanMs = Math.max(setting.startMs, Math.min(...shiftStarts, setting.endMs) - 30 * MINUTE_MS);
  const lastPlanMs = setting.endMs;
  const planTick = async (): Promise<void> => {
    await planNow('interval');
    const nextMs = nowMs + setting.planEveryMs();
    if (nextMs < lastPlanMs && crews.some(({ crew }) => !crew.isHome())) agenda.book(nextMs, planTick);
  };
  if (crews.length > 0) agenda.book(firstPlanMs, planTick);
  for (const fault of setting.faults) {
    agenda.book(fault.atMs, async () => {
      setting.say(`${new Date(nowMs).toISOString()} kill -9 of the ${fault.what}`);
      const struck = strike(fault, {
        base: running.server.base,
        serverPid: running.server.pid,
        databasePid: () => running.database.pid(),
      });
      watching.push(struck);
      await Promise.resolve();
    });
  }

  setting.join?.({ now, book: agenda.book, crews, report });
  const moveTo = async (toMs: number): Promise<void> => {
    await running.admin.post<ClockAdvanced>('/api/clock/advance', { to: new Date(toMs).toISOString() });
    nowMs = toMs;
    setting.onTime?.(nowMs);
  };
  const until = pacing({
    speed: setting.speed,
    wall: () => performance.now(),
    sleep,
    ...(setting.moment === undefined ? {} : { moment: { ...setting.moment, pass: moveTo } }),
  });

  let hour = -1;
  for (;;) {
    const atMs = agenda.nextAt();
    if (atMs === null || atMs >= setting.endMs) break;
    await until(nowMs, atMs);
    if (atMs > nowMs) await moveTo(atMs);
    const entry = agenda.take()!;
    await unlessClosed(entry.run());
    const passed = Math.floor((nowMs - setting.startMs) / 3_600_000);
    if (passed > hour) {
      hour = passed;
      setting.say(
        `${new Date(nowMs).toISOString()} ${told.reports.length} reports, ${desk.plans.length} plans, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
      );
    }
  }
  await moveTo(setting.endMs);
  const faults = await Promise.all(watching);
  for (const { phone } of crews) phone.close();
  return {
    desk,
    crews: crews.map(({ name, crew }) => ({ name, counts: crew.counts, unsent: crew.unsent() })),
    diaries: crews.map(({ name, crew, shift }) => ({
      number: shift.crewNumber,
      name,
      from: shift.from,
      until: shift.until,
      metres: Math.round(crew.counts.metres),
      ...crew.diary.kept(setting.endMs),
    })),
    told,
    reports: { sent: told.reports.length, refused: refusedReports },
    faults,
    pushDelaysMs,
    pushesMissed,
    wallSeconds: (performance.now() - startedAt) / 1000,
  };
}

/** A crew that is handed over in the middle of something just stops. */
async function unlessClosed(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof PhoneClosed)) throw error;
  }
}
