/**
 * How sure a time of arrival is. The interval that says 90 % lies between the 5 % and the 95 % quantile of what travel really
 * took, both linear in the predicted travel: Koenker and Bassett, "Regression Quantiles", Econometrica 46 (1978).
 */

/** Seconds that hold for any way, and those that come with each hour of predicted travel. */
export interface SpreadSide {
  readonly baseSeconds: number;
  readonly perHourSeconds: number;
}

/** Of one source of travel times. */
export interface EtaSpread {
  /** What travel takes, in the middle, of what the source says. */
  readonly travelFactor: number;
  /** How much earlier than that, nine times in ten, at most ... */
  readonly early: SpreadSide;
  /** ... and how much later. */
  readonly late: SpreadSide;
}

/** One travel that was predicted and then made, seconds. */
export interface TravelResidual {
  readonly predictedSeconds: number;
  readonly actualSeconds: number;
}

export const ETA_PERCENT = 90;
const TAIL = (100 - ETA_PERCENT) / 200;
const LEAST_RESIDUALS = 40;
/** Slopes that are tried: seconds an hour. */
const STEEPEST = 5_400;
const SLOPE_STEP = 60;

const side = (of: SpreadSide, seconds: number): number => of.baseSeconds + (of.perHourSeconds * seconds) / 3600;

/** Seconds before and after the (corrected) prediction `seconds` between which travel ends nine times in ten. */
export function spreadOf(spread: EtaSpread, seconds: number): { readonly early: number; readonly late: number } {
  // Nobody arrives before he leaves.
  return { early: Math.min(seconds, side(spread.early, seconds)), late: side(spread.late, seconds) };
}

/**
 * The spread of travels that were made.
 * @throws RangeError for fewer than forty: a tail of two is no quantile.
 */
export function learnSpread(travels: readonly TravelResidual[]): EtaSpread {
  if (travels.length < LEAST_RESIDUALS) throw new RangeError(`A spread is learned from at least ${LEAST_RESIDUALS} travels.`);
  const ratios = travels.map(({ predictedSeconds, actualSeconds }) => actualSeconds / Math.max(1, predictedSeconds));
  const travelFactor = Math.round(quantile(ratios, 0.5) * 100) / 100;
  const corrected = travels.map(({ predictedSeconds, actualSeconds }) => {
    const predicted = predictedSeconds * travelFactor;
    return { predicted, residual: actualSeconds - predicted };
  });
  const late = quantileLine(corrected, 1 - TAIL);
  const early = quantileLine(
    corrected.map(({ predicted, residual }) => ({ predicted, residual: -residual })),
    1 - TAIL,
  );
  return { travelFactor, early, late };
}

/** The line below which so large a share of the residuals lies, by least pinball loss; neither part is below 0. */
function quantileLine(points: readonly { readonly predicted: number; readonly residual: number }[], share: number): SpreadSide {
  let best: SpreadSide = { baseSeconds: 0, perHourSeconds: 0 };
  let least = Infinity;
  for (let perHourSeconds = 0; perHourSeconds <= STEEPEST; perHourSeconds += SLOPE_STEP) {
    const rests = points.map(({ predicted, residual }) => residual - (perHourSeconds * predicted) / 3600);
    // For a given slope the best base is the quantile of what is left.
    const baseSeconds = Math.max(0, Math.ceil(quantile(rests, share)));
    const loss = rests.reduce((sum, rest) => {
      const beyond = rest - baseSeconds;
      return sum + (beyond > 0 ? share * beyond : (share - 1) * beyond);
    }, 0);
    if (loss >= least) continue;
    least = loss;
    best = { baseSeconds, perHourSeconds };
  }
  return best;
}

/** The value below which a share of all lies, the next one above where it falls between two. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

/** Spreads add up as independent ones do: as the root of the sum of squares. */
export class AddedSpread {
  private earlySquares = 0;
  private lateSquares = 0;

  add(spread: { readonly early: number; readonly late: number }): void {
    this.earlySquares += spread.early ** 2;
    this.lateSquares += spread.late ** 2;
  }

  get early(): number {
    return Math.sqrt(this.earlySquares);
  }

  get late(): number {
    return Math.sqrt(this.lateSquares);
  }
}
