import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { distanceText, minutesText } from '../../state/format.ts';
import { pointsText } from '../../state/plan-cost.ts';

/** How a plan was found. */
export function PlanFigures({ plan }: { plan: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const { lp, summary } = plan;
  const worst = lp.find(({ status }) => status !== 'optimal') ?? lp[0];
  const total = (key: 'arcs' | 'allArcs'): string => pointsText(lp.reduce((sum, round) => sum + round[key], 0));
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('plan.how')}</h3>
      <dl className="facts number">
        <dt>{t('plan.lp')}</dt>
        <dd>
          {worst === undefined ? (
            t('plan.lpNone')
          ) : (
            <>
              {t(`plan.lpStatus.${worst.status}`)}
              {', '}
              {lp.every(({ certified }) => certified) ? (
                t('plan.certified')
              ) : (
                <span className="warn">{t('plan.notCertified')}</span>
              )}
              <br />
              <span className="muted">
                {t('plan.lpRounds', { count: lp.length, arcs: total('arcs'), allArcs: total('allArcs') })}
                {', '}
                {[...new Set(lp.map(({ method }) => method))].map((method) => t(`plan.lpMethod.${method}`)).join(', ')}
              </span>
            </>
          )}
        </dd>
        <dt>{t('plan.roads')}</dt>
        <dd>
          <span className={plan.roadsSource === 'estimate' ? 'warn' : ''}>{t(`source.${plan.roadsSource}`)}</span>
          {plan.estimatedPairs > 0 && <span className="warn"> · {t('plan.estimatedPairs', { count: plan.estimatedPairs })}</span>}
        </dd>
        <dt>{t('plan.driving')}</dt>
        <dd>
          {minutesText(summary.travelSeconds / 60)} · {distanceText(summary.metres)}
        </dd>
        <dt>{t('plan.madeBy')}</dt>
        <dd>{plan.engine}</dd>
      </dl>
    </section>
  );
}
