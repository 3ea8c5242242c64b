import { useTranslation } from 'react-i18next';
import type { DayPlan } from '../../../server/stages/reporting/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { wholeText } from '../figures.ts';
import { useZone } from '../fleet-context.ts';
import { Card } from './card.tsx';

/** The plans of the day, newest first: what each cost and what publishing it changed. */
export function PlansTable({ plans, onOpen }: { plans: readonly DayPlan[]; onOpen: (what: Behind) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <Card
      id="plans"
      className="card-plans"
      title={t('fleet.plans.title')}
      aside={<b className="number">{wholeText(plans.length)}</b>}
    >
      {plans.length === 0 ? (
        <p className="empty muted">
          {t('fleet.plans.empty')} <a href="/">{t('fleet.plans.emptyDo')}</a>
        </p>
      ) : (
        <div className="scroller" role="region" aria-label={t('fleet.plans.title')} tabIndex={0}>
          <table className="rows number">
            <thead>
              <tr>
                <th scope="col">{t('fleet.plans.made')}</th>
                <th scope="col">{t('fleet.plans.state')}</th>
                <th scope="col" className="right">
                  {t('fleet.plans.new')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.plans.moved')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.plans.off')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.plans.cost')}
                </th>
              </tr>
            </thead>
            <tbody>
              {plans.map((plan) => (
                <tr key={plan.id}>
                  <th scope="row">
                    <button type="button" className="link" onClick={() => onOpen({ kind: 'plan', id: plan.id })}>
                      {timeOfDay(plan.madeAt, zone)}
                    </button>
                  </th>
                  <td>{t(`fleet.plans.stateOf.${plan.state}`)}</td>
                  <td className="right">{plan.changes?.assigned ?? '–'}</td>
                  <td className="right">{plan.changes?.moved ?? '–'}</td>
                  <td className="right">{plan.changes?.unassigned ?? '–'}</td>
                  <td className="right">{wholeText(plan.cost)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
