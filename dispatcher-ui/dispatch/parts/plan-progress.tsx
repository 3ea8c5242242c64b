import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { PlanProgress as Progress } from '../../../server/stores/plans/contract.ts';
import { cancelPlan, stopPlan } from '../../state/desk-planning.ts';
import type { Planning } from '../../state/desk-state.ts';
import { dearestTerms, pointsText } from '../../state/plan-cost.ts';
import { useDesk } from '../desk-context.ts';
import { CostCurve } from './cost-curve.tsx';
import './plan-progress.css';

/** Terms of the best plan so far that are named while it is being looked for. */
const NAMED_TERMS = 4;

type Made = Pick<Planning, 'unheard' | 'stopping'> & { readonly request: NonNullable<Planning['request']> };

/** A plan being made: where it stands, the best so far, and the two ways not to wait for its end. */
export function PlanProgress({ request, unheard, stopping }: Made): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const { progress, maxChanges } = request;
  const phase = progress?.phase ?? 'waiting';
  const finishing = stopping || progress?.finishing === true;
  const searching = phase === 'solving';
  const says = finishing && phase !== 'storing' ? t('plan.finishing') : t(`plan.phase.${phase}`);
  return (
    <div className="progress">
      <p className="progress-phase">
        {/* Only what is told once is announced, never the figures that change twice a second. */}
        <b role="status">{says}</b>
        <span className="muted number">{progress !== null && !finishing && timeText(t, progress)}</span>
      </p>
      <Bar progress={progress} label={t('plan.making')} />
      {unheard && (
        <p className="callout callout-warning" role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" /> {t('plan.unheard')}
        </p>
      )}
      {maxChanges !== null && <p className="muted">{limitText(t, maxChanges)}</p>}
      <div className="progress-ways">
        <button
          type="button"
          className="primary"
          disabled={!searching || finishing || unheard}
          title={searching ? undefined : t('plan.stopHint')}
          onClick={() => void stopPlan(desk)}
        >
          {t('plan.stop')}
        </button>
        <button type="button" onClick={() => void cancelPlan(desk)}>
          {t('plan.cancel')}
        </button>
      </div>
      {/* Below the buttons: they must not move away under a finger when the first plan is found. */}
      {searching && progress !== null && progress.bestCost !== null && <BestSoFar progress={progress} cost={progress.bestCost} />}
    </div>
  );
}

/** Against the budget where there is one, else by what is done of the whole, else only that it goes on. */
function Bar({ progress, label }: { progress: Progress | null; label: string }): React.JSX.Element {
  const share = progress?.phase === 'storing' ? 1 : shareOf(progress);
  return share === null ? <progress aria-label={label} /> : <progress value={share} max={1} aria-label={label} />;
}

function shareOf(progress: Progress | null): number | null {
  if (progress === null || progress.phase !== 'solving') return null;
  const { elapsedSeconds, budgetSeconds, share } = progress;
  if (elapsedSeconds === null || budgetSeconds === null || budgetSeconds === 0) return share;
  return Math.min(1, elapsedSeconds / budgetSeconds);
}

function timeText(t: TFunction, { elapsedSeconds, budgetSeconds, share }: Progress): string {
  if (elapsedSeconds === null) return share === null ? '' : t('plan.share', { percent: Math.round(share * 100) });
  const elapsed = elapsedSeconds.toFixed(1);
  // Past its time it only ends: "5.2 s of 5 s" would look like a fault.
  if (budgetSeconds === null) return t('plan.time', { elapsed });
  return t('plan.timeOf', { elapsed: Math.min(elapsedSeconds, budgetSeconds).toFixed(1), budget: budgetSeconds });
}

const limitText = (t: TFunction, maxChanges: number): string =>
  maxChanges === 0 ? t('plan.limitedNone') : t('plan.limited', { count: maxChanges });

function BestSoFar({ progress, cost }: { progress: Progress; cost: number }): React.JSX.Element {
  const { t } = useTranslation();
  const { bestCostByTerm } = progress;
  return (
    <section className="best" aria-label={t('plan.best')}>
      <p className="number">
        {t('plan.best')} <b>{t('plan.points', { points: pointsText(cost) })}</b>
      </p>
      {bestCostByTerm !== null && (
        <p className="muted number">
          {dearestTerms(bestCostByTerm, NAMED_TERMS).map((term) => (
            <span key={term} className="fact">
              {t('plan.bestIs', { term: t(`costTerm.${term}`), points: pointsText(bestCostByTerm[term]) })}
            </span>
          ))}
        </p>
      )}
      <CostCurve {...progress} />
    </section>
  );
}
