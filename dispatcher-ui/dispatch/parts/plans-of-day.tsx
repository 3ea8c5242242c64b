import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { gapText, stateOf } from '../../plan/plan-state.ts';
import { timeOfDay } from '../../state/format.ts';
import { useDeskState, useZone } from '../desk-context.ts';

const SHOWN = 4;

/** The newest plans of the day and the way to all of them; each has a page of its own. */
export function PlansOfDay(): React.JSX.Element | null {
  const { t } = useTranslation();
  const titleId = useId();
  const zone = useZone();
  const plans = useDeskState((state) => state.plans);
  // What was thrown away is in the list of all.
  const shown = plans.filter(({ state }) => state !== 'discarded').slice(0, SHOWN);
  if (plans.length === 0) return null;
  const newTab = <span className="visually-hidden"> {t('plan.inNewTab')}</span>;
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('plan.ofDay')}</h3>
      <ul className="plans-of-day number">
        {shown.map((plan) => (
          <li key={plan.id}>
            <a href={`/plan/${plan.id}`} target="_blank" rel="noopener">
              {timeOfDay(plan.madeAt, zone)}
              {newTab}
            </a>
            <span>{t(`planPage.state.${stateOf(plan)}`)}</span>
            <span className="muted">
              {plan.bound === null ? '' : t('plan.gapShort', { gap: gapText(plan.cost.total, plan.bound) })}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a className="link" href="/plan" target="_blank" rel="noopener" aria-keyshortcuts="P">
          {t('plan.ofDayAll')}
          {newTab}
        </a>{' '}
        <kbd aria-hidden="true">P</kbd>
      </p>
    </section>
  );
}
