import { leftOutPrice, pairOf } from '../compile.ts';
import { crewRules, timeRules } from '../constraints/all.ts';
import type { Draft } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';

import type { Plan, PlannedShift, Reason } from '../plan.ts';
import type { Interval, Link, Problem } from '../problem.ts';
import { advance, begin, keepsStock, newCursor } from '../schedule.ts';
import { impossibleAlone } from '../search/start.ts';
import { type Seconds, seconds } from '../units.ts';
import { asNeeded, type Fit, neededBetween, withOneMore, withSeveral } from './changes-of-day.ts';
import type { Explainer } from './explainer.ts';
import type { Block, Change, FittingChange, ShiftVerdict, WhyNot } from './explanation.ts';
import { cheapestOf, type Day, drivesOf, isVerified, type Trial, tryWith } from './trial.ts';

/** So many shifts are looked at together for changes, the nearest first; further ones only while nothing has been found. */
const SHIFTS_AT_ONCE = 8;

/**
 * Why a job is in no shift of the plan: for each shift the rule that binds, or what it would cost there, its other stops kept;
 * and the smallest changes with which it would fit (100 shifts x 1,000 jobs: some tens of milliseconds). Single changes come
 * first, over the nearest shifts, then over all; only where none is enough, several together. Linked stops of the plan keep
 * their starts.
 * Throws RangeError when the plan does not leave the job out.
 */
export function whyNot(explainer: Explainer, job: number): WhyNot {
  const { problem, plan } = explainer;
  const planned = plan.unassigned.find((left) => left.job === job)?.reason;
  if (planned === undefined) throw new RangeError(`job ${job} is not left out`);
  const question = questionOf(explainer, job);
  const shifts = problem.shifts.map((_, shift) => verdictOf(question, shift));
  const cheapest = cheapestOfAll(shifts);
  const changes = isFixed(problem, job) ? [] : byPrice(changesFor(question, cheapest?.shift ?? null));
  return { job, reason: reasonBy(planned, shifts, cheapest), shifts, changes };
}

/**
 * The plan's reason, where the verdicts do not know better: it does not count changes, and looks at each crew's day as if it
 * were empty, from where a stop may lie out of reach that another stop leads to.
 */
function reasonBy(planned: Reason, shifts: readonly ShiftVerdict[], cheapest: ShiftVerdict | null): Reason {
  const named = planned.code === 'not_today' ? planned.cheapestShift : null;
  const limited = shifts.some(({ blockedBy }) => blockedBy?.code === 'no_change_left');
  if (cheapest !== null) {
    if (planned.code === 'not_today' && named !== null && shifts[named]?.blockedBy?.code !== 'no_change_left') return planned;
    return { code: 'not_today', cheapestShift: cheapest.shift, extraCost: Math.max(0, cheapest.price ?? 0) };
  }
  return planned.code === 'not_today' && limited ? { code: 'no_change_left' } : planned;
}

/** The first of the cheapest shifts that can; null when none can. */
function cheapestOfAll(shifts: readonly ShiftVerdict[]): ShiftVerdict | null {
  let best: ShiftVerdict | null = null;
  for (const verdict of shifts) {
    if (verdict.price !== null && verdict.price < (best?.price ?? Infinity)) best = verdict;
  }
  return best;
}

/** What all shifts have in common when they are asked about one job. */
interface Question {
  readonly explainer: Explainer;
  /** The explainer's, linked stops held only where their links say when they start. */
  readonly instance: Instance;
  readonly job: number;
  /** By index in the problem. */
  readonly planned: ReadonlyMap<number, PlannedShift>;
  readonly placeOf: ReadonlyMap<number, { readonly shift: number; readonly start: Seconds; readonly late: Seconds }>;
  readonly agreed: ReadonlyMap<number, number>;
  readonly mostChanges: number;
}

function questionOf(explainer: Explainer, job: number): Question {
  const { plan, problem, instance } = explainer;
  const planned = new Map(plan.shifts.map((day) => [day.shift, day]));
  const placeOf = new Map(
    plan.shifts.flatMap(({ shift, stops }) => stops.map((stop) => [stop.job, { shift, start: stop.start, late: stop.late }])),
  );
  const agreed = new Map<number, number>();
  for (const link of problem.links ?? []) {
    if (!saysWhen(link)) continue;
    for (const [one, other] of [
      [link.first, link.second],
      [link.second, link.first],
    ] as const) {
      const start = placeOf.get(one)?.start;
      const binds = other === job || placeOf.has(other);
      if (start !== undefined && binds && !(isFixed(problem, one) && isFixed(problem, other))) agreed.set(one, start);
    }
  }
  const mostChanges =
    plan.maxChanges === null ? Infinity : Math.max(plan.changes, plan.forcedChanges, plan.maxChanges + impossibleAlone(instance));
  const held = { ...instance, lockedStart: instance.givenStart.slice() };
  for (const [one, start] of agreed) hold(held, one, start);
  if (problem.links !== undefined) holdWhatWaits(held, explainer, agreed);
  return { explainer, instance: held, job, planned, placeOf, agreed, mostChanges };
}

function hold(instance: Instance, job: number, start: number): void {
  const j = instance.jobPlace[job]!;
  if (instance.fixed[j] === 0) instance.lockedStart[j] = start;
}

/** A linked stop may be held, too, where its links ask for an order only: it keeps the start of the plan in force. Then it is agreed. */
function holdWhatWaits(instance: Instance, { plan, draft }: Explainer, agreed: Map<number, number>): void {
  for (const { shift, stops } of plan.shifts) {
    if (!stops.some(({ job }) => instance.groupOf[instance.jobPlace[job]!] !== NONE)) continue;
    const s = instance.shiftPlace[shift]!;
    const { sequence } = draft.shifts[s]!;
    for (;;) {
      begin(instance, s, cursor);
      const at = sequence.findIndex((j, k) => !advance(instance, s, cursor, j) || cursor.start !== stops[k]!.start);
      const stop = stops[at];
      if (stop === undefined || agreed.has(stop.job)) break;
      agreed.set(stop.job, stop.start);
      hold(instance, stop.job, stop.start);
    }
  }
}

const cursor = newCursor();

const isFixed = (problem: Problem, job: number): boolean => problem.jobs[job]?.inForce?.fixed === true;

/** Fetching before doing asks for an order, not for a time. */
const saysWhen = ({ sameShift, leastLag, mostLag }: Link): boolean => sameShift !== true || leastLag > 0 || mostLag !== null;

function dayOf({ explainer, job, planned, agreed, mostChanges }: Question, shift: number): Day {
  const { problem, plan, draft, instance } = explainer;
  const state = draft.shifts[instance.shiftPlace[shift]!]!;
  const late = latest(plan, null);
  const changesHere = changesOn(problem, planned.get(shift)) + (problem.jobs[job]!.inForce === null ? 0 : 1);
  return {
    problem,
    shift,
    job,
    stops: state.sequence.map((j) => instance.jobIndex[j]!),
    cost: state.total + leftOutPrice(problem, problem.jobs[job]!) + late * (problem.weights.worstLatePerSecond ?? 0),
    lateElsewhere: latest(plan, shift),
    changesElsewhere: plan.changes - changesHere,
    mostChanges,
    agreed,
  };
}

/** The greatest lateness in the plan, but for one shift. */
function latest({ shifts }: Plan, but: number | null): Seconds {
  let most = 0;
  for (const { shift, stops } of shifts) if (shift !== but) for (const { late } of stops) most = Math.max(most, late);
  return seconds(most);
}

/** Stops of a shift that are not as in the plan in force. */
function changesOn({ jobs, weights }: Problem, planned: PlannedShift | undefined): number {
  return (planned?.stops ?? []).filter(({ job, start }) => {
    const held = jobs[job]?.inForce ?? null;
    if (held === null || held.fixed) return false;
    return held.shift !== planned?.shift || Math.abs(start - held.start) > weights.startTolerance;
  }).length;
}

/** Jobs that the job is linked to: those in the plan, and those that are not. */
function linkedTo({ explainer, job, placeOf }: Question): { placed: number[]; leftOut: number[] } {
  const others = (explainer.problem.links ?? []).flatMap(({ first, second }) =>
    first === job ? [second] : second === job ? [first] : [],
  );
  return { placed: others.filter((other) => placeOf.has(other)), leftOut: others.filter((other) => !placeOf.has(other)) };
}

/** When the jobs of the plan that it is linked to let the job start; they are fixed ones, since the others wait for it. */
const spanIn =
  (question: Question) =>
  ({ links = [] }: Problem, { shift }: Day): Interval | null | 'never' => {
    const { job, placeOf } = question;
    if (!staysInStock(question, links, shift)) return 'never';
    let from = -FOREVER;
    let until = FOREVER;
    for (const { first, second, leastLag, mostLag, sameShift } of links) {
      if (first !== job && second !== job) continue;
      const other = placeOf.get(first === job ? second : first);
      if (other === undefined) return 'never';
      // What is fixed comes before all else: nothing can be fetched after it.
      if (sameShift === true && (other.shift !== shift || first === job)) return 'never';
      const most = mostLag ?? FOREVER;
      from = Math.max(from, first === job ? other.start - most : other.start + leastLag);
      until = Math.min(until, first === job ? other.start - leastLag : other.start + most);
    }
    if (from > until) return 'never';
    return from === -FOREVER && until === FOREVER ? null : { from: seconds(from), until: seconds(until) };
  };

/**
 * A job that was to be fetched for has its stock on board from the start when it is unlinked: is there room for it on the
 * shift that has it?
 */
function staysInStock({ explainer, job, placeOf }: Question, links: readonly Link[], shift: number): boolean {
  const { problem, instance, draft } = explainer;
  for (const link of problem.links ?? []) {
    const other = placeOf.get(link.second)?.shift;
    if (link.first !== job || link.sameShift !== true || other === undefined || other === shift || links.includes(link)) continue;
    const s = instance.shiftPlace[other]!;
    const { sequence } = draft.shifts[s]!;
    const fetched = instance.fetched.slice();
    fetched[instance.jobPlace[link.second]!] = 0;
    const facts = sequence.every((j) => instance.fixed[j] === 1);
    if (!facts && !keepsStock({ ...instance, fetched }, s, sequence)) return false;
  }
  return true;
}

/** As far as a problem may name a time. */
const FOREVER = 1_000_000_000;

function verdictOf(question: Question, shift: number): ShiftVerdict {
  const { instance, job } = question;
  const pair = pairOf(instance, instance.shiftPlace[shift]!, instance.jobPlace[job]!);
  const blocked = (blockedBy: Block): ShiftVerdict => ({ shift, blockedBy, price: null });
  for (const rule of crewRules) {
    const no = rule.blocks(pair);
    if (no !== null) return blocked(no);
  }
  const [partner] = linkedTo(question).leftOut;
  if (partner !== undefined) return blocked({ code: 'linked_job_does_not_fit', job: partner });
  const trial = trialOf(question, shift);
  if (trial !== null) {
    const best = cheapestOf(drivesOf(trial));
    if (best !== null) return { shift, blockedBy: null, price: best.price };
    if (drivesOf({ ...trial, mostChanges: Infinity }).length > 0) return blocked({ code: 'no_change_left' });
  }
  for (const rule of timeRules) {
    const no = rule.blocks(pair);
    if (no === null) continue;
    // As much as there is, and yet not enough: no figure says why.
    if (no.code === 'longer_than_any_shift' && no.neededSeconds <= no.mostSeconds) break;
    return blocked(no);
  }
  const [other] = linkedTo(question).placed;
  return blocked(trial === null && other !== undefined ? { code: 'linked_job_does_not_fit', job: other } : { code: 'no_room' });
}

/** The day as it is; null when what the job is linked to does not let it start. */
function trialOf(question: Question, shift: number): Trial | null {
  const { instance, job } = question;
  const day = dayOf(question, shift);
  if (instance.groupOf[instance.jobPlace[job]!] !== NONE) return tryWith(day, [], spanIn(question));
  const jobs = [...day.stops, job].map((index) => instance.jobPlace[index]!);
  return { day, instance, s: instance.shiftPlace[shift]!, jobs, mostChanges: day.mostChanges, without: [] };
}

interface Candidate {
  readonly shift: number;
  readonly needed: readonly Change[];
}

/**
 * The fewest changes that do, the best of each sort: one; then what is needed between crew and job and one more; then several.
 * The shift that can do it cheapest as things are is asked first.
 */
function changesFor(question: Question, cheapest: number | null): FittingChange[] {
  const { problem } = question.explainer;
  const { placed, leftOut } = linkedTo(question);
  const unlinked = leftOut.map((from): Change => ({ kind: 'unlink', from }));
  const near = nearestFirst(question);
  const order = cheapest === null ? near : [cheapest, ...near.filter((shift) => shift !== cheapest)];
  const candidates = order.map((shift): Candidate => ({
    shift,
    needed: [...neededBetween(problem, shift, question.job), ...unlinked],
  }));
  const span = spanIn(question);
  const asking = (among: readonly Candidate[], ask: (day: Day, needed: readonly Change[]) => readonly Fit[]): FittingChange[] =>
    inTurn(question, among, ({ shift, needed }) => ask(dayOf(question, shift), needed));
  const ready = candidates.filter(({ needed }) => needed.length === 0);
  const nearly = candidates.filter(({ needed }) => needed.length === 1);
  const single = [
    ...asking(ready, (day, needed) => withOneMore(day, needed, placed, span)),
    ...asking(nearly, (day, needed) => asNeeded(day, needed, span)),
  ];
  if (single.length > 0) return single;
  const byNeed = candidates.toSorted((a, b) => a.needed.length - b.needed.length);
  const two = asking(byNeed, (day, needed) => withOneMore(day, needed, placed, span));
  if (two.length > 0) return two;
  return asking(byNeed, (day, needed) => withSeveral(day, needed, placed, span));
}

/** Asks the shifts, some at a time, until some have an answer that stands up to the checker. */
function inTurn(
  question: Question,
  candidates: readonly Candidate[],
  ask: (candidate: Candidate) => readonly Fit[],
): FittingChange[] {
  for (let first = 0; first < candidates.length; first += SHIFTS_AT_ONCE) {
    const found = told(question, candidates.slice(first, first + SHIFTS_AT_ONCE).flatMap(ask));
    if (found.length > 0) return found;
  }
  return [];
}

/** All shifts that are not over, by the way to the job and back from where each begins or from its nearest movable stop. */
function nearestFirst({ explainer, job }: Question): number[] {
  const { problem, instance, draft } = explainer;
  const { placeCount, jobCount, shiftCount } = instance;
  const j = instance.jobPlace[job]!;
  const near: { shift: number; way: number; s: number }[] = [];
  for (let s = 0; s < shiftCount; s++) {
    const { from, until, breaks } = problem.shifts[instance.shiftIndex[s]!]!;
    // A break may be all that puts its fixed stops past its end.
    const resting = breaks.reduce((sum, { length }) => sum + length, 0);
    if (instance.freeAfterFixed[s]! - resting >= until && from <= problem.now) continue;
    const { seconds: ways, secondsBack } = instance.ways[instance.travelClass[s]!]!;
    let way = 2 * secondsBack[j * placeCount + instance.fromPlace[jobCount + s]!]!;
    for (const k of movable(draft, s)) {
      const cell = j * placeCount + k;
      way = Math.min(way, ways[cell]! + secondsBack[cell]!);
    }
    near.push({ shift: instance.shiftIndex[s]!, way, s });
  }
  near.sort((a, b) => a.way - b.way || a.s - b.s);
  return near.map(({ shift }) => shift);
}

const movable = ({ instance, shifts }: Draft, s: number): readonly number[] =>
  shifts[s]!.sequence.slice(instance.fixedStops[s]?.length ?? 0);

const byPrice = (found: readonly FittingChange[]): FittingChange[] => found.toSorted((a, b) => a.price - b.price);

/** The best of each sort that stands up to the checker, of those with the fewest changes. */
function told({ explainer }: Question, fits: readonly Fit[]): FittingChange[] {
  const sorts = new Map<string, Fit[]>();
  for (const fit of fits) {
    const sort = fit.changes.map((change) => (change.kind === 'unlock' ? `unlock ${change.what}` : change.kind)).join(' and ');
    const alike = sorts.get(sort) ?? [];
    alike.push(fit);
    sorts.set(sort, alike);
  }
  const found: FittingChange[] = [];
  for (const alike of sorts.values()) {
    alike.sort((a, b) => sizeOf(a, explainer.problem) - sizeOf(b, explainer.problem) || a.drive.price - b.drive.price);
    const fit = alike.find(({ trial, drive }) => isVerified(trial, drive));
    if (fit === undefined) continue;
    const { changes, trial, drive } = fit;
    found.push({ changes, shift: trial.day.shift, position: drive.position, start: drive.start, price: drive.price });
  }
  const fewest = Math.min(...found.map(({ changes }) => changes.length));
  return found.filter(({ changes }) => changes.length === fewest);
}

/** How large a single change is that has no price of its own: of one sort the smallest is told, whatever its way costs. */
function sizeOf({ changes, trial }: Fit, { jobs }: Problem): number {
  const [change] = changes;
  if (changes.length !== 1 || change === undefined) return 0;
  switch (change.kind) {
    case 'window_until':
      return change.until;
    case 'window_from':
      return -change.from;
    case 'due':
      return change.due - (jobs[trial.day.job]?.due ?? 0);
    case 'overtime':
    case 'begin_earlier':
    case 'most_travel':
    case 'most_duration':
      return change.seconds;
    case 'most_jobs':
    case 'more_changes':
    case 'stock':
      return change.more;
    case 'accept_price':
    case 'skills':
    case 'skill_level':
    case 'plant':
    case 'area':
    case 'no_break':
    case 'unlock':
    case 'ask_again':
    case 'unlink':
    case 'instead_of':
      return 0;
    default:
      return change satisfies never;
  }
}
