import os from 'node:os';
import type { Db } from '../../db/knex.ts';
import type { Traffic } from './api-client.ts';
import type { Invariants } from './invariants.ts';
import type { PlayedDay } from './recorded-day.ts';
import { dayFigures, type DayFigures } from './report.ts';
import type { DayRequests } from './requests.ts';
import type { PlanRecord } from './desk.ts';

export interface DayReport extends DayFigures {
  readonly city: string;
  readonly date: string;
  readonly seed: number;
  readonly requests: {
    readonly from: string;
    readonly inDay: number;
    readonly invented: number;
    readonly sent: number;
    readonly refused: Record<string, number>;
  };
  readonly crews: {
    readonly count: number;
    readonly kilometres: number;
    readonly drivingMinutes: number;
    readonly workingMinutes: number;
    readonly idleMinutes: number;
    readonly facts: number;
    readonly factsSentTwice: number;
    readonly factsRefused: Record<string, number>;
    readonly silences: number;
  };
  readonly plans: readonly PlanRecord[];
  readonly desk: { readonly movedByHand: number; readonly refusedByHand: number; readonly failedPlans: number };
  readonly fixes: {
    readonly sent: number;
    readonly acknowledged: number;
    readonly stored: number;
    readonly lost: number;
    readonly leftOnPhones: number;
  };
  readonly invariants: Readonly<Record<string, boolean>>;
  /** Measured on this machine, this time: the only part that differs between two runs of one seed. */
  readonly timings: {
    readonly machine: string;
    readonly setUpSeconds: number;
    readonly wallSeconds: number;
    readonly requests: number;
    readonly retries: number;
    readonly longestRequestMs: number;
    readonly planSeconds: { readonly median: number; readonly p95: number; readonly most: number };
    readonly publishSeconds: { readonly median: number; readonly p95: number; readonly most: number };
    readonly assignmentToDeviceMs: {
      readonly median: number;
      readonly p95: number;
      readonly most: number;
      readonly missed: number;
    };
    readonly faults: PlayedDay['faults'];
  };
}

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

function spread(list: readonly number[]): { median: number; p95: number; most: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3));
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}

function merged(list: readonly Record<string, number>[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const one of list) for (const key of Object.keys(one).sort()) out[key] = (out[key] ?? 0) + one[key]!;
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface ReportInput {
  readonly city: string;
  readonly date: string;
  readonly seed: number;
  readonly endMs: number;
  readonly requests: DayRequests;
  readonly played: PlayedDay;
  readonly invariants: Invariants;
  readonly setUpSeconds: number;
  readonly traffic: Traffic;
}

/** The recorded day in figures: what happened from the database, what was driven from the crews, what it took under `timings`. */
export async function dayReport(db: Db, input: ReportInput): Promise<DayReport> {
  const { played, requests } = input;
  const counts = played.crews.map((crew) => crew.counts);
  const figures = await dayFigures(db, input.endMs);
  const of = (pick: (c: (typeof counts)[number]) => number): number => sum(counts.map(pick));
  const minutes = (ms: number): number => Math.round(ms / 60_000);
  const acknowledged = of((c) => c.fixesAcknowledged);
  const made = of((c) => c.fixesMade);
  return {
    city: input.city,
    date: input.date,
    seed: input.seed,
    requests: {
      from: requests.from,
      inDay: requests.requests.length,
      invented: requests.requests.filter(({ invented }) => invented).length,
      sent: played.reports.sent,
      refused: played.reports.refused,
    },
    ...figures,
    crews: {
      count: played.crews.length,
      kilometres: Math.round(of((c) => c.metres) / 1000),
      drivingMinutes: minutes(of((c) => c.drivingMs)),
      workingMinutes: minutes(of((c) => c.workingMs)),
      idleMinutes: minutes(of((c) => c.onDutyMs - c.drivingMs - c.workingMs)),
      facts: of((c) => c.facts),
      factsSentTwice: of((c) => c.repeated),
      factsRefused: merged(counts.map((c) => c.refused)),
      silences: of((c) => c.silences),
    },
    plans: played.desk.plans,
    desk: played.desk.counts,
    fixes: {
      sent: made,
      acknowledged,
      stored: figures.positions.stored,
      lost: acknowledged - figures.positions.stored,
      leftOnPhones: made - acknowledged,
    },
    invariants: Object.fromEntries(Object.entries(input.invariants).map(([name, finding]) => [name, finding.holds])),
    timings: {
      machine: `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
      setUpSeconds: Number(input.setUpSeconds.toFixed(1)),
      wallSeconds: Number(played.wallSeconds.toFixed(1)),
      requests: input.traffic.requests,
      retries: input.traffic.retries,
      longestRequestMs: Math.round(input.traffic.longestMs),
      planSeconds: spread(played.desk.timings.map((t) => t.planSeconds)),
      publishSeconds: spread(played.desk.timings.map((t) => t.publishSeconds)),
      assignmentToDeviceMs: { ...spread(played.pushDelaysMs), missed: played.pushesMissed },
      faults: played.faults,
    },
  };
}

/** The report for reading, the most asked first. */
export function sayReport(report: DayReport): string {
  const lines: string[] = [];
  const row = (name: string, value: unknown): void =>
    void lines.push(`${name.padEnd(28)}${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  lines.push(`\n${report.city} ${report.date}, seed ${report.seed}, ${report.crews.count} crews`);
  row('reports', `${report.requests.inDay} (${report.cases.onRoad} on a road)`);
  row('jobs from reports', `${report.clusters.jobsFromReports}, ${report.clusters.reportsJoined} reports joined another's job`);
  row('jobs', report.jobs.byState);
  row('done', `${report.done.jobs} jobs, ${report.done.cases} cases told; ${JSON.stringify(report.done.byVerification)}`);
  row(
    'late',
    `${report.late.jobs} of ${report.late.jobs + report.late.onTime}, median ${report.late.medianMinutes ?? 0} min, p90 ${report.late.p90Minutes ?? 0} min`,
  );
  row('not today', report.notToday);
  row('could not be done', report.cannotComplete);
  row('kilometres', report.crews.kilometres);
  row(
    'crew minutes',
    `driving ${report.crews.drivingMinutes}, working ${report.crews.workingMinutes}, idle ${report.crews.idleMinutes}`,
  );
  row('plans', `${report.plans.length}, every LP certified: ${report.plans.every((p) => p.certified)}`);
  row('moved by hand meanwhile', report.desk.movedByHand);
  row('positions', report.fixes);
  row('questions', report.questions);
  lines.push('waiting by area (minutes)');
  for (const area of report.waitingByArea)
    row(`  ${area.area}`, `${area.done}/${area.jobs} done, median ${area.medianMinutes}, p90 ${area.p90Minutes}`);
  lines.push('timings');
  for (const [name, value] of Object.entries(report.timings)) row(`  ${name}`, value);
  lines.push('invariants');
  for (const [name, holds] of Object.entries(report.invariants)) row(`  ${name}`, holds ? 'true' : 'FALSE');
  return lines.join('\n');
}
