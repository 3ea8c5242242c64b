import { decode } from '@googlemaps/polyline-codec';
import type { RecordedCrew, RecordedDay, RecordedJob, RecordedStretch } from '../../../server/stores/recorded-days/contract.ts';

/** How a job stands at one moment of the day; null: nobody had reported it yet. */
export type JobLook = 'waiting' | 'overdue' | 'working' | 'done' | 'late' | 'cannot';
export const JOB_LOOKS: readonly JobLook[] = ['waiting', 'overdue', 'working', 'done', 'late', 'cannot'];

export function lookOf(job: RecordedJob, atMs: number): JobLook | null {
  if (Date.parse(job.reportedAt) > atMs) return null;
  if (job.endedAt !== null && Date.parse(job.endedAt) <= atMs) {
    if (job.outcome === 'done') return job.lateMinutes === null ? 'done' : 'late';
    return job.outcome === 'cannot' ? 'cannot' : null;
  }
  if (job.begunAt !== null && Date.parse(job.begunAt) <= atMs) return 'working';
  return job.dueAt !== null && Date.parse(job.dueAt) < atMs ? 'overdue' : 'waiting';
}

/** How many jobs stand in which way at that moment. */
export function countLooks(jobs: readonly RecordedJob[], atMs: number): Readonly<Record<JobLook, number>> {
  const counts = { waiting: 0, overdue: 0, working: 0, done: 0, late: 0, cannot: 0 };
  for (const job of jobs) {
    const look = lookOf(job, atMs);
    if (look !== null) counts[look]++;
  }
  return counts;
}

export const KINDS = ['drive', 'work', 'break', 'idle'] as const;
export type Kind = RecordedStretch['kind'];

/** Minutes of each kind. */
export function minutesByKind(stretches: readonly RecordedStretch[]): Readonly<Record<Kind, number>> {
  const minutes = { drive: 0, work: 0, break: 0, idle: 0 };
  for (const { kind, from, until } of stretches) minutes[kind] += (Date.parse(until) - Date.parse(from)) / 60_000;
  return minutes;
}

export type LonLatPair = readonly [lon: number, lat: number];

/** The points of a stretch's way, lon before lat. */
export const lineOf = ({ line }: RecordedStretch): LonLatPair[] =>
  decode(line.points, line.precision).map(([lat, lon]) => [lon, lat] as const);

/** Where a crew was at that moment and what it did; null: not on duty. */
export function crewAt(
  crew: RecordedCrew,
  atMs: number,
): { readonly place: LonLatPair; readonly kind: Kind; readonly silent: boolean } | null {
  const stretch = crew.stretches.find(({ from, until }) => Date.parse(from) <= atMs && atMs < Date.parse(until));
  if (stretch === undefined) return null;
  const line = lineOf(stretch);
  const from = Date.parse(stretch.from);
  const place = along(line, (atMs - from) / (Date.parse(stretch.until) - from));
  if (place === null) return null;
  const silent = crew.silences.some((one) => Date.parse(one.from) <= atMs && atMs < Date.parse(one.until));
  return { place, kind: stretch.kind, silent };
}

/** The point at a share of a line's length; degrees are near enough to equal over one drive. */
function along(line: readonly LonLatPair[], share: number): LonLatPair | null {
  const first = line[0];
  if (first === undefined) return null;
  const shrink = Math.cos((first[1] * Math.PI) / 180);
  const lengths = line.slice(1).map((to, i) => Math.hypot((to[0] - line[i]![0]) * shrink, to[1] - line[i]![1]));
  let left = Math.min(1, Math.max(0, share)) * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const [a, b] = [line[i]!, line[i + 1]!];
      return [a[0] + ((b[0] - a[0]) * left) / length, a[1] + ((b[1] - a[1]) * left) / length];
    }
    left -= length;
  }
  return line.at(-1) ?? null;
}

/** The part of the day in which anything happened, by whole hours: a timeline of an empty night helps nobody. */
export function busyHours(day: Pick<RecordedDay, 'from' | 'until' | 'crews'>): {
  readonly fromMs: number;
  readonly untilMs: number;
} {
  const starts = day.crews.flatMap(({ stretches }) => stretches.slice(0, 1).map(({ from }) => Date.parse(from)));
  const ends = day.crews.flatMap(({ stretches }) => stretches.slice(-1).map(({ until }) => Date.parse(until)));
  if (starts.length === 0) return { fromMs: Date.parse(day.from), untilMs: Date.parse(day.until) };
  const hour = 3_600_000;
  return {
    fromMs: Math.max(Date.parse(day.from), Math.floor(Math.min(...starts) / hour) * hour),
    untilMs: Math.min(Date.parse(day.until), Math.ceil(Math.max(...ends) / hour) * hour),
  };
}

/** What was not done, what presses most first. */
export const leftOutJobs = (jobs: readonly RecordedJob[]): RecordedJob[] =>
  jobs
    .filter(({ outcome }) => outcome !== 'done' && outcome !== 'cancelled')
    .sort((a, b) => a.priority - b.priority || (a.reportedAt < b.reportedAt ? -1 : 1));
