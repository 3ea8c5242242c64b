/** Times here are milliseconds of city time, durations seconds. */

/** One open stop, in the order it will be driven to. */
export interface OpenStop {
  readonly id: string;
  /** Seconds from the stop before, or from where the crew is. */
  readonly legSeconds: number;
  readonly serviceSeconds: number;
  /** Work may begin inside one of these; none = at any time. */
  readonly windows: readonly { readonly from: number; readonly until: number }[];
  /** The crew is there already: since when, and how many seconds of work are left. */
  readonly there: { readonly since: number; readonly secondsLeft: number } | null;
}

export interface DueBreak {
  readonly id: string;
  readonly earliest: number;
  readonly latest: number;
  readonly lengthSeconds: number;
  readonly takenAt: number | null;
}

export interface ProjectedStop {
  readonly kind: 'stop';
  readonly id: string;
  readonly arrival: number;
  readonly end: number;
}
export interface ProjectedBreak {
  readonly kind: 'break';
  readonly id: string;
  readonly start: number;
}

/**
 * When the crew will be where, as things are now: it drives from stop to stop, waits for windows, and takes each break
 * before the leg it becomes due on (or would be missed on).
 * @param start when it can leave where it is.
 * @param now work in hand ends no earlier.
 * @returns stops and breaks in the order they will come; breaks that no stop makes due come last.
 */
export function projectDay(
  stops: readonly OpenStop[],
  breaks: readonly DueBreak[],
  start: number,
  now: number,
): (ProjectedStop | ProjectedBreak)[] {
  const day: (ProjectedStop | ProjectedBreak)[] = [];
  const open = breaks.filter((b) => b.takenAt === null).sort((a, b) => a.earliest - b.earliest);
  // A break that is being taken ends before anything goes on.
  const resting = breaks.map((b) => (b.takenAt === null ? start : b.takenAt + b.lengthSeconds * 1000));
  let time = Math.max(start, ...resting.filter((until) => until > now));
  const rest = (due: DueBreak): void => {
    const from = Math.max(time, due.earliest);
    day.push({ kind: 'break', id: due.id, start: from });
    time = from + due.lengthSeconds * 1000;
  };
  for (const stop of stops) {
    if (stop.there !== null) {
      time = Math.max(time, now) + stop.there.secondsLeft * 1000;
      day.push({ kind: 'stop', id: stop.id, arrival: stop.there.since, end: time });
      continue;
    }
    const leg = stop.legSeconds * 1000;
    const service = stop.serviceSeconds * 1000;
    for (let due = open[0]; due !== undefined && isDue(due, time, leg + service); due = open[0]) {
      rest(due);
      open.shift();
    }
    const arrival = time + leg;
    time = startIn(stop.windows, arrival) + service;
    day.push({ kind: 'stop', id: stop.id, arrival, end: time });
  }
  for (const due of open) rest(due);
  return day;
}

const isDue = (due: DueBreak, time: number, ahead: number): boolean => time >= due.earliest || time + ahead > due.latest;

/** The first moment at or after `arrival` inside a window; when all have passed, at once. */
function startIn(windows: readonly { readonly from: number; readonly until: number }[], arrival: number): number {
  const open = windows.filter((w) => w.until >= arrival).map((w) => Math.max(w.from, arrival));
  return open.length === 0 ? arrival : Math.min(...open);
}
