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
  const breakEnd = instance.breakFirst[s + 1]!;
  let free = !says ? NEVER : perSecond === 0 ? latest[head]! : Math.min(latest[head]!, instance.until[s]!);
  const pending = nextBreak[prev[head]!]!;
  // The first stop of an empty shift brings its use and more. One break that is left is taken at home, if that is in time.
  if (prev[head] === head || pending < breakEnd - 1) free = NEVER;
  else if (pending < breakEnd && free !== NEVER) {
    free = instance.breakLost[pending] === 1 ? NEVER : Math.min(free, instance.breakUntil[pending]!);
  }
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
      free -= way;
      if (nextBreak[j] !== breakEnd && q !== head) free = freeThroughBreak(routes, s, j, q, way, free);
      if (free !== NEVER) free = Math.min(free - service, freeStart(instance, j, routes.depart[j]! - service));
    }
    if (last === latest[j] && free === freeUntil[j]) continue;
    routes.touchStop(j);
    latest[j] = last;
    freeUntil[j] = free;
  }
}

/**
 * The last departure from j to q, with a break to come, that changes neither where it is taken nor any cost; `free` would be the
 * last without it. NEVER where the break may fall elsewhere: said are only a break that is taken where j is left, at once,
 * and one that is put off behind q, since the crew leaves before its window opens and is done at q before it closes.
 */
function freeThroughBreak(routes: Day, s: number, j: number, q: number, way: number, free: number): number {
  const { instance, depart, nextBreak } = routes;
  const b = nextBreak[j]!;
  if (instance.breakLost[b] === 1) return NEVER;
  const from = instance.breakFrom[b]!;
  const until = instance.breakUntil[b]!;
  let last = NEVER;
  if (nextBreak[q] === b) last = Math.min(free, from - 1, until - instance.service[instance.serviceRow[s]! + q]! - way);
  else if (nextBreak[q] === b + 1 && b + 1 === instance.breakFirst[s + 1] && depart[j]! >= from) {
    last = Math.min(until, free - instance.breakLength[b]!);
  }
  return last < depart[j]! ? NEVER : last;
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
