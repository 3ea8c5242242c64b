import type { Vehicle } from './vehicles.ts';
import type { Task } from './tasks.ts';
import { refuse } from './refusal.ts';

/**
 * What VROOM wants, as prices. VROOM serves the greatest sum of priorities first, then the most tasks, then the least
 * cost. The engine has one currency of whole numbers, so a task that is left out costs more than any plan could cost in
 * driving, and a point of priority more than all tasks together, as far as prices reach: with more tasks and points
 * than fit, a point of priority is worth less tasks (two at least).
 */
export interface Prices {
  /** Of one second of driving, by vehicle. */
  readonly travelPerSecond: readonly number[];
  readonly perKilometre: readonly number[];
  readonly use: readonly number[];
  /** Of leaving a task out. */
  readonly leftOut: readonly number[];
}

/** What the engine takes at most. */
const MOST_PRICE = 1_000_000_000;
const MOST_RATE = 1_000_000;

/** `longestSeconds`, `longestMetres`: of any leg. @throws VroomRefusal. */
export function pricesOf(
  vehicles: readonly Vehicle[],
  tasks: readonly Task[],
  longestSeconds: number,
  longestMetres: number,
): Prices {
  const costs = vehicles.map(({ input }) => input.costs);
  const perTaskHour = costs[0]!.per_task_hour;
  const other = costs.findIndex(({ per_task_hour }) => per_task_hour !== perTaskHour);
  if (other > 0)
    throw refuse(`vehicles[${other}].costs.per_task_hour`, 'differs from that of the first vehicle; work has one price here');

  // One unit of VROOM's cost is 3,600 here, which makes every price a whole number; then by what they have in common.
  const raw = costs.map((cost) => ({ second: cost.per_hour, kilometre: cost.per_km * 3_600, use: cost.fixed * 3_600 }));
  const common = raw.reduce((d, { second, kilometre, use }) => gcd(gcd(gcd(d, second), kilometre), use), perTaskHour) || 1;
  const largest = Math.max(
    ...raw.map(({ second, kilometre, use }) => Math.max(second / MOST_RATE, kilometre / MOST_RATE, (100 * use) / MOST_PRICE)),
  );
  // Prices of more than six digits lose the digits behind them.
  const divisor = Math.max(common, largest);
  const scaled = (price: number): number => Math.round(price / divisor);
  const travelPerSecond = raw.map(({ second }) => scaled(second));
  const perKilometre = raw.map(({ kilometre }) => scaled(kilometre));
  const use = raw.map((one) => scaled(one.use));
  const work = tasks.map(({ setup, service }) => scaled(perTaskHour * (setup + service)));

  const leg = Math.ceil(longestSeconds * Math.max(...travelPerSecond) + (longestMetres * Math.max(...perKilometre)) / 1_000);
  const anyPlan = 1 + (tasks.length + vehicles.length) * leg + sum(use) + sum(work);
  const leftOut = leavingOut(tasks, anyPlan).map((price, j) => Math.max(0, price - work[j]!));
  return { travelPerSecond, perKilometre, use, leftOut };
}

function leavingOut(tasks: readonly Task[], anyPlan: number): number[] {
  const top = Math.max(...tasks.map(({ priority }) => priority));
  const pointsFor = (base: number): number => (top === 0 ? 0 : Math.floor((MOST_PRICE / base - 1) / top));
  const base = Math.min(anyPlan, Math.floor(MOST_PRICE / (1 + 2 * top)));
  const point = Math.min(tasks.length + 1, pointsFor(base));
  return tasks.map(({ priority }) => base * (1 + priority * point));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
