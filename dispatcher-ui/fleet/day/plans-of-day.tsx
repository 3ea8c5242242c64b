import { useTranslation } from 'react-i18next';
import type { RecordedPlan } from '../../../server/stores/recorded-days/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import { wholeText } from '../figures.ts';

/** Every plan of the day: what it was asked for, what came of it, and how it was found. */
export function PlansOfDay({ plans, zone }: { plans: readonly RecordedPlan[]; zone: string }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (plans.length === 0) return null;
  const right = ['planJobs', 'planAssigned', 'planLeftOut', 'planChanged', 'planCost'] as const;
  return (
    <section className="card" aria-labelledby="plans-title">
      <header className="card-head">
        <h2 id="plans-title">{t('fleet.day.plansTitle')}</h2>
        <b className="number">{plans.length}</b>
      </header>
      <div className="scroller-wide scroller-tall" role="region" aria-label={t('fleet.day.plansTitle')} tabIndex={0}>
        <table className="rows number">
          <thead>
            <tr>
              <th scope="col">{t('fleet.day.planAt')}</th>
              <th scope="col">{t('fleet.day.planReason')}</th>
              {right.map((column) => (
                <th scope="col" className="right" key={column}>
                  {t(`fleet.day.${column}`)}
                </th>
              ))}
              <th scope="col">{t('fleet.day.planLp')}</th>
              <th scope="col">{t('plan.roads')}</th>
            </tr>
          </thead>
          <tbody>
            {plans.map((plan) => (
              <tr key={plan.at + plan.reason}>
                <th scope="row">{timeOfDay(plan.at, zone)}</th>
                <td>{t(`fleet.day.planReasonOf.${plan.reason}`, { defaultValue: plan.reason })}</td>
                <td className="right">{plan.jobs}</td>
                <td className="right">{plan.assigned}</td>
                <td className="right">{plan.leftOut}</td>
                <td className="right">
                  {plan.published.assigned} / {plan.published.moved} / {plan.published.unassigned}
                </td>
                <td className="right">{wholeText(plan.cost)}</td>
                <td>
                  {plan.lpStatus.length === 0
                    ? t('plan.lpNone')
                    : plan.lpStatus.map((status) => t(`plan.lpStatus.${status}`, { defaultValue: status })).join(', ')}
                  {plan.lpStatus.length > 0 && (
                    <span className={plan.certified ? 'muted' : 'warn'}>
                      , {plan.certified ? t('plan.certified') : t('plan.notCertified')}
                    </span>
                  )}
                </td>
                <td className={plan.roadsSource === 'estimate' ? 'warn' : ''}>{t(`source.${plan.roadsSource}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
