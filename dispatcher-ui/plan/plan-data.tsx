import { useTranslation } from 'react-i18next';
import type { PlanOrigin, PlanView } from '../../server/stores/plans/contract.ts';
import { useZone } from '../dispatch/desk-context.ts';
import { dayText, timeOfDay } from '../state/format.ts';

/** A hash in as many letters as tell it from others. */
const SHORT = 12;

/** From what a plan was made, by names that do not change. */
export function PlanData({ plan, origin }: { plan: PlanView; origin: PlanOrigin }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const { engine, iterations, seed } = plan;
  return (
    <section className="part" aria-labelledby="plan-data">
      <h3 id="plan-data">{t('planPage.data')}</h3>
      <p className="muted">{t('planPage.dataHint')}</p>
      <dl className="facts number">
        <dt>{t('planPage.saw')}</dt>
        <dd>{t('planPage.sawFigures', { jobs: origin.jobs, shifts: origin.shifts, time: timeOfDay(plan.madeAt, zone) })}</dd>
        <dt>{t('planPage.roads')}</dt>
        <dd>
          {plan.roadsVersion}, {t(`source.${plan.roadsSource}`)}
        </dd>
        <dt>{t('planPage.config')}</dt>
        <dd>
          {t('planPage.configOf', {
            hash: origin.configHash.slice(0, SHORT),
            time: `${dayText(origin.configLoadedAt, zone)} ${timeOfDay(origin.configLoadedAt, zone)}`,
          })}
        </dd>
        <dt>{t('planPage.search')}</dt>
        <dd>{t(origin.cheaperThan === null ? 'planPage.searchFigures' : 'planPage.searchNone', { engine, iterations, seed })}</dd>
        {plan.zones.length > 0 && (
          <>
            <dt>{t('planPage.zones')}</dt>
            <dd>{plan.zones.length}</dd>
          </>
        )}
        <dt>{t('planPage.problem')}</dt>
        <dd>{t('planPage.problemHash', { hash: origin.problemHash })}</dd>
      </dl>
    </section>
  );
}
