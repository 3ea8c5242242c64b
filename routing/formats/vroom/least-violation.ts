import module from 'javascript-lp-solver';
import type { Step } from './route.ts';

/** `second` begins at least so many seconds after `first`; both are indices of steps. */
export interface After {
  readonly first: number;
  readonly second: number;
  readonly least: number;
}

interface Held {
  readonly from: number;
  readonly until: number;
}

type Row = { min: number } | { max: number } | { equal: number };
interface Programme {
  readonly optimize: string;
  readonly opType: 'min';
  readonly constraints: Record<string, Row>;
  readonly variables: Record<string, Record<string, number>>;
}

/** The package's types describe its CommonJS build; the module that runs is the solver itself. */
function isSolver(value: object): value is { Solve(programme: Programme): unknown } {
  return 'Solve' in value && typeof value.Solve === 'function';
}

/**
 * When the steps begin so that the seconds outside their windows are fewest, and the last one then earliest. A linear
 * programme: the windows are convex, the order gives differences, so its vertices are whole numbers.
 * @returns null when the solver fails.
 */
export function leastViolation(steps: readonly Step[], held: readonly (Held | null)[], after: readonly After[]): number[] | null {
  const solver: object = module;
  if (!isSolver(solver)) return null;
  // Small numbers keep the simplex method exact: nothing is better before there was time to get to the first window.
  const total = steps.reduce((sum, { travel, work }) => sum + travel + work, 0);
  const first = Math.min(
    ...held.map((window) => window?.from ?? Infinity),
    ...steps.map(({ at, after: a }) => at ?? a ?? Infinity),
  );
  const zero = Math.max(0, (Number.isFinite(first) ? first : 0) - total);

  const constraints: Record<string, Row> = {};
  const variables: Record<string, Record<string, number>> = {};
  steps.forEach((step, i) => {
    const time: Record<string, number> = { home: i === steps.length - 1 ? 1 : 0 };
    variables[`t${i}`] = time;
    const bound = (name: string, row: Row): void => {
      constraints[`${name}${i}`] = row;
      time[`${name}${i}`] = 1;
    };
    const window = held[i];
    if (window) {
      bound('from', { min: window.from - zero });
      bound('until', { max: window.until - zero });
      variables[`lead${i}`] = { outside: 1, [`from${i}`]: 1 };
      variables[`late${i}`] = { outside: 1, [`until${i}`]: -1 };
    }
    if (step.at !== undefined) bound('at', { equal: step.at - zero });
    if (step.after !== undefined) bound('after', { min: step.after - zero });
    if (step.before !== undefined) bound('before', { max: step.before - zero });
  });
  after.forEach(({ first: a, second: b, least }, k) => {
    constraints[`apart${k}`] = { min: least };
    variables[`t${b}`]![`apart${k}`] = 1;
    variables[`t${a}`]![`apart${k}`] = -1;
  });
  const least = solution(solver.Solve({ optimize: 'outside', opType: 'min', constraints, variables }));
  if (least === null) return null;
  const limited = { ...constraints, outside: { max: Math.round(least.result) } };
  const early = solution(solver.Solve({ optimize: 'home', opType: 'min', constraints: limited, variables }));
  if (early === null) return null;
  const begins = steps.map((_, i) => zero + Math.round(early.values[`t${i}`] ?? 0));
  return after.every(({ first: a, second: b, least: apart }) => begins[b]! - begins[a]! >= apart) ? begins : null;
}

function solution(answer: unknown): { readonly result: number; readonly values: Record<string, number> } | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const values = answer as Record<string, number>;
  return 'feasible' in answer && answer.feasible === true ? { result: values['result'] ?? 0, values } : null;
}
