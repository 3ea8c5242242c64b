import { type Instance, NEVER, NONE, UNLIMITED } from '../instance.ts';
import { advance, begin, newCursor } from '../schedule.ts';

/** What a look back over a day reads and writes; see Routes. */
export interface Day {
  readonly instance: Instance;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly depart: Int32Array;
  readonly nextBreak: Int32Array;
  readonly latest: Int32Array;
  readonly freeUntil: Int32Array;
  touchStop(j: number): void;
}

/**
 * From the end of the day back: by when each stop must be reached, and by when without a cost to anybody behind it. For shifts
 * that have just been driven anew.
 */
export function lookBack(routes: Day, s: number): void {
  const { instance, prev, next, latest, freeUntil, nextBreak } = routes;
  const head = instance.jobCount + s;
  const { seconds } = instance.ways[instance.travelClass[s]!]!;
  const count = instance.placeCount;
  const row = instance.serviceRow[s]!;
  const { topSpeedPercent } = instance;
  const perSecond = instance.problem.weights.overtimePerSecond;
  const says = instance.gapFirst[s] === instance.gapFirst[s + 1] && instance.speedFrom === null && instance.dutyPerHour[s] === 0;
  // A break that is still to come may fall elsewhere after a delay: up to it nothing is said.
  const breakEnd = instance.breakFirst[s + 1]!;
  let free = !says ? NEVER : perSecond === 0 ? latest[head]! : Math.min(latest[head]!, instance.until[s]!);
  // The first stop of an empty shift brings its use and more.
  if (prev[head] === head || nextBreak[prev[head]!] !== breakEnd) free = NEVER;
  if (freeUntil[head] !== free) {
    routes.touchStop(head);
    freeUntil[head] = free;
  }
  for (let j = prev[head]!; j !== head; j = prev[j]!) {
    const q = next[j]!;
    let way = seconds[j * count + instance.toPlace[q]!]!;
    if (topSpeedPercent !== 100) way = Math.floor((way * 100) / topSpeedPercent);
    const service = instance.service[row + j]!;
    let last = latest[q]! - service - way;
    const locked = instance.lockedStart[j]!;
    const lastStart = locked === NEVER ? instance.latestStart[j]! : locked;
    if (last > lastStart) last = lastStart;
    free = freeUntil[q]!;
    if (free !== NEVER) {
      free = Math.min(free - service - way, freeStart(instance, j, routes.depart[j]! - service));
      if (nextBreak[prev[j]!] !== breakEnd) free = NEVER;
    }
    if (last === latest[j] && free === freeUntil[j]) continue;
    routes.touchStop(j);
    latest[j] = last;
    freeUntil[j] = free;
  }
}

/** The last start of stop j that costs no more than `start`. */
function freeStart(instance: Instance, j: number, start: number): number {
  if (instance.waitingPerHour[j]! > 0 || instance.forceShift[j] !== NONE || instance.lockedStart[j] !== NEVER) return start;
  let last = instance.latePerSecond[j] === 0 && instance.severePerSecond[j] === 0 ? UNLIMITED : Math.max(start, instance.due[j]!);
  for (let w = instance.windowFirst[j]!; w < instance.windowFirst[j + 1]!; w++) {
    const closes = instance.windowUntil[w]!;
    if (instance.windowFrom[w]! <= start && start <= closes) return Math.min(last, closes);
  }
  if (last > UNLIMITED) last = UNLIMITED;
  return last;
}

/** Greatest lateness among the fixed stops of a shift. */
export function worstLateOfFixed(instance: Instance, s: number): number {
  let worst = 0;
  const cursor = newCursor();
  begin(instance, s, cursor);
  for (const j of instance.fixedStops[s]!) {
    if (!advance(instance, s, cursor, j)) break;
    worst = Math.max(worst, cursor.start - instance.due[j]!);
  }
  return worst;
}
