import { useTranslation } from 'react-i18next';
import type { PlanListed } from '../../server/stores/plans/contract.ts';
import { useZone } from '../dispatch/desk-context.ts';
import { dayText, timeOfDay } from '../state/format.ts';
import { pointsText } from '../state/plan-cost.ts';
import { gapText, stateOf } from './plan-state.ts';

interface PlanListProps {
  /** YYYY-MM-DD */
  readonly day: string;
  /** The newest first. */
  readonly plans: readonly PlanListed[];
  readonly chosen: string | null;
  readonly onDay: (day: string) => void;
  readonly onChoose: (planId: string) => void;
}

/** The plans of a day, the newest first: links, so that each can be sent to somebody. */
export function PlanList({ day, plans, chosen, onDay, onChoose }: PlanListProps): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <>
      <header className="plans-of">
        <h2>{t('planPage.list', { day: dayText(`${day}T12:00:00Z`, 'UTC') })}</h2>
        <label>
          <span className="visually-hidden">{t('planPage.day')}</span>
          <input type="date" value={day} onChange={(event) => event.target.value !== '' && onDay(event.target.value)} />
        </label>
      </header>
      {plans.length === 0 ? (
        <p className="empty muted">
          {t('planPage.none')} {t('planPage.noneHint')}
        </p>
      ) : (
        <nav aria-label={t('plan.ofDay')}>
          <ol className="plans-list number">
            {plans.map((plan) => {
              const state = stateOf(plan);
              return (
                <li key={plan.id}>
                  <a
                    href={`/plan/${plan.id}`}
                    aria-current={plan.id === chosen ? 'page' : undefined}
                    onClick={(event) => {
                      // Another tab or window is the browser's affair.
                      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
                      event.preventDefault();
                      onChoose(plan.id);
                    }}
                  >
                    <b>{timeOfDay(plan.madeAt, zone)}</b>
                    <span className={`plan-state-${state}`}>{t(`planPage.state.${state}`)}</span>
                    <span className="muted">
                      {pointsText(plan.cost.total)}
                      {plan.bound !== null && <>, {t('plan.gapShort', { gap: gapText(plan.cost.total, plan.bound) })}</>}
                    </span>
                  </a>
                </li>
              );
            })}
          </ol>
        </nav>
      )}
    </>
  );
}
