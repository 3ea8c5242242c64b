import type { PlanProgress } from '../../server/stores/plans/contract.ts';

/** What a curve of the best cost so far is drawn from. */
export type Curved = Pick<PlanProgress, 'curve' | 'elapsedSeconds' | 'budgetSeconds'>;

export interface CurveLine {
  /** SVG path of the steps, from the first plan to now. */
  readonly line: string;
  /** The same, closed along the floor. */
  readonly area: string;
  readonly end: { readonly x: number; readonly y: number };
}

/**
 * The best cost by time as steps within `width` x `height`: a plan holds until a better one is found. The time goes to the end
 * of the budget where that is known. The height is the logarithm of what is above the best: the first plan can cost
 * ten times the last, and the small steps at the end are what one waits for. null: nothing has been found yet.
 */
export function curveLine({ curve, elapsedSeconds, budgetSeconds }: Curved, width: number, height: number): CurveLine | null {
  const first = curve[0];
  const last = curve.at(-1);
  if (first === undefined || last === undefined) return null;
  const elapsed = Math.max(elapsedSeconds ?? 0, last.seconds);
  const span = Math.max(elapsed, budgetSeconds ?? 0, 0.001);
  // A hundredth of the best is one unit of height: what is smaller is hardly seen, and need not be.
  const unit = Math.max(Math.abs(last.cost) / 100, 1);
  const above = (cost: number): number => Math.log1p(Math.max(0, cost - last.cost) / unit);
  const most = above(first.cost);
  const x = (seconds: number): number => tenths((seconds / span) * width);
  const y = (cost: number): number => tenths(most === 0 ? height : height - (above(cost) / most) * height);
  let line = `M${x(first.seconds)} ${y(first.cost)}`;
  for (const { seconds, cost } of curve.slice(1)) line += `H${x(seconds)}V${y(cost)}`;
  const end = { x: x(elapsed), y: y(last.cost) };
  line += `H${end.x}`;
  return { line, area: `${line}V${height}H${x(first.seconds)}Z`, end };
}

const tenths = (n: number): number => Math.round(n * 10) / 10;
