import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { curveLine, type Curved } from '../../state/cost-curve.ts';
import { pointsText } from '../../state/plan-cost.ts';

const WIDTH = 320;
const HEIGHT = 56;
/** Room for the thickness of the line and the dot at its end. */
const EDGE = 4;

/** What the best plan so far costs, by time: a small picture, and its two ends in words. */
export function CostCurve(curved: Curved): React.JSX.Element | null {
  const { t } = useTranslation();
  const textId = useId();
  const drawn = curveLine(curved, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE);
  const first = curved.curve[0];
  const last = curved.curve.at(-1);
  if (drawn === null || first === undefined || last === undefined) return null;
  const figures = { first: pointsText(first.cost), last: pointsText(last.cost), seconds: last.seconds.toFixed(1) };
  return (
    <div className="curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={textId}>
        <title id={textId}>{curved.curve.length === 1 ? t('plan.curveOne', figures) : t('plan.curve', figures)}</title>
        <path className="curve-floor" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        <g transform={`translate(${EDGE} ${EDGE})`}>
          <path className="curve-area" d={drawn.area} />
          <path className="curve-line" d={drawn.line} />
          <circle className="curve-end" cx={drawn.end.x} cy={drawn.end.y} r="3" />
        </g>
      </svg>
      <p className="curve-ends muted number" aria-hidden="true">
        <span>{t('plan.curveFirst', { points: figures.first })}</span>
        {curved.curve.length > 1 && <span>{t('plan.curveLast', { points: figures.last, seconds: figures.seconds })}</span>}
      </p>
    </div>
  );
}
