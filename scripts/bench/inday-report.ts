import type { Event } from './inday-day.ts';
import type { Effect, InsertTimes } from './inday-runs.ts';
import { type BenchReport, gapPercent, reportOf, rounded } from './report.ts';

/** 99 of 100 answers to "who could do one more job" come within this. */
export const INSERT_BAR_MILLIS = 200;

/** One event planned anew in one way. */
export interface EventResult extends Effect {
  readonly event: Event;
  readonly how: string;
  readonly cost: number;
  readonly seconds: number;
  readonly seed: number;
  readonly iterations: number;
  /** Changes beyond the forced ones; null = any number. */
  readonly allowed: number | null;
}

export interface IndayReport extends BenchReport {
  readonly insert_p50_ms: number;
  readonly insert_p99_ms: number;
  readonly insert_bar_ms: number;
  readonly insert: InsertTimes;
  readonly events: readonly (Effect & {
    readonly event: string;
    readonly how: string;
    readonly seed: number;
    readonly allowed: number | null;
    readonly cost: number;
    /** How much less than doing nothing it costs, in percent. */
    readonly cheaper_than_nothing_percent: number;
    readonly seconds: number;
  })[];
}

/** Gaps are to the cheapest plan of the same event in this run. */
export function indayReport(measured: {
  readonly name: string;
  readonly jobsLeft: number;
  readonly insert: InsertTimes;
  readonly results: readonly EventResult[];
  readonly searches: number;
}): IndayReport {
  const { name, jobsLeft, insert, results, searches } = measured;
  const bestOf = (event: string): number =>
    Math.min(...results.filter((one) => one.event.name === event).map(({ cost }) => cost));
  const nothingOf = (event: string): number =>
    results.find((one) => one.event.name === event && one.how === 'do nothing')?.cost ?? NaN;
  const instances = results.map((one) => {
    const cost = one.faults.length > 0 ? null : one.cost;
    const best = bestOf(one.event.name);
    return {
      name: `${one.event.name}, ${one.how}`,
      cost,
      best,
      gap_percent: gapPercent(cost, best),
      seconds: one.seconds,
      seed: one.seed,
      iterations: one.iterations,
      faults: one.faults,
    };
  });
  const remarks = [
    `${name}; two hours into the day ${jobsLeft} jobs are left`,
    'insert: on the main thread, one after another, each reads the problem anew; times of a process that has answered 20 before',
    ...[...new Set(results.map(({ event }) => `${event.name}: ${event.remark}`))],
    'changes: movable stops of the plan in force with another crew, more than 15 minutes off, or left out; forced: those it has by itself now',
  ];
  return {
    ...reportOf({ bench: 'inday', instances, peers: [], searches, remarks }),
    insert_p50_ms: insert.p50,
    insert_p99_ms: insert.p99,
    insert_bar_ms: INSERT_BAR_MILLIS,
    insert,
    events: results.map(({ event, iterations: _, ...one }) => ({
      ...one,
      event: event.name,
      cheaper_than_nothing_percent: rounded((100 * (nothingOf(event.name) - one.cost)) / nothingOf(event.name), 2),
    })),
  };
}

/** The report for people, as lines. */
export function indayTable(report: IndayReport): string[] {
  const { insert } = report;
  const header = ['event', 'how', 'cost', 'less', 'changes', 'forced', 'slipped', 'minutes', 'off', 'late min', 'not done', 's'];
  const rows = report.events.map((one) => [
    one.event,
    one.how,
    one.cost.toLocaleString('en'),
    `${one.cheaper_than_nothing_percent.toFixed(2)} %`,
    String(one.changes),
    String(one.forced_changes),
    String(one.slipped),
    String(one.slipped_minutes),
    String(one.taken_off),
    String(one.late_minutes),
    String(one.not_done),
    one.seconds.toFixed(2),
    ...(one.faults.length === 0 ? [] : [`NOT VALID: ${one.faults[0] ?? ''}`]),
  ]);
  const table = [header, ...rows];
  const widths = header.map((_, c) => Math.max(...table.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))).join('  ');
  const met = insert.p99 <= INSERT_BAR_MILLIS ? 'met' : 'MISSED';
  return [
    ...table.map(line),
    '',
    `insert: ${insert.inserts} jobs, ${insert.p50} ms at the median (${insert.compile_p50} of it reading the problem), 99th percentile ${insert.p99} ms, at most ${insert.most} ms; bar ${INSERT_BAR_MILLIS} ms at the 99th: ${met}`,
    `${insert.without_place} of them fit nowhere`,
    'less: than doing nothing; slipped: start more than a minute later than in the plan in force; off: of the plan in force, in none now',
    `${report.searches} searches side by side; most memory ${report.peak_rss_mb} MB`,
    report.machine,
    ...report.remarks,
  ];
}
