import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { minutesText } from '../../state/format.ts';
import { costRows, differenceText, drivingMinutes, pointsText } from '../../state/plan-cost.ts';
import { useDeskState } from '../desk-context.ts';
import './plan-cost.css';

/** What a plan costs term by term, beside what was in force when it was made: of a draft, that is now. */
export function PlanCostTable({ plan: { cost, costNow, state } }: { plan: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const isDraft = state === 'draft';
  const minuteCost = useDeskState((state) => state.city?.drivingMinuteCost ?? 0);
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('plan.cost')}</h3>
      {costNow !== null && <Verdict difference={Math.round(cost.total) - Math.round(costNow.total)} minuteCost={minuteCost} />}
      <table className="cost number" aria-labelledby={titleId}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('plan.costTerm')}</span>
            </th>
            {costNow !== null && <th scope="col">{t(isDraft ? 'plan.costNow' : 'plan.costBefore')}</th>}
            <th scope="col">{t(isDraft ? 'plan.costDraft' : 'plan.costThis')}</th>
            {costNow !== null && <th scope="col">{t('plan.costDifference')}</th>}
          </tr>
        </thead>
        <tbody>
          {costRows(cost, costNow).map(({ term, now, draft, difference }) => (
            <tr key={term} className={term === 'total' ? 'total' : undefined}>
              <th scope="row">{t(`costTerm.${term}`)}</th>
              {now !== null && <td>{pointsText(now)}</td>}
              <td>{pointsText(draft)}</td>
              {difference !== null && <Difference points={difference} />}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted cost-note">
        {t(costNow === null ? 'plan.costNowUnknown' : isDraft ? 'plan.costNowHint' : 'plan.costBeforeHint')}{' '}
        {minuteCost > 0 && t('plan.costMeans', { points: pointsText(minuteCost) })}
      </p>
    </section>
  );
}

/** A cell: the sign says it to the eye, a word to the ear; the colour only repeats it. */
function Difference({ points }: { points: number }): React.JSX.Element {
  const { t } = useTranslation();
  const text = differenceText(points);
  if (points === 0) return <td className="muted">{text}</td>;
  const better = points < 0;
  return (
    <td className={better ? 'good' : 'bad'}>
      <span aria-hidden="true">{text}</span>
      <span className="visually-hidden">{t(better ? 'plan.costBetterBy' : 'plan.costWorseBy', { points: text })}</span>
    </td>
  );
}

/** The whole difference in a sentence, and what it would be in driving. */
function Verdict({ difference, minuteCost }: { difference: number; minuteCost: number }): React.JSX.Element {
  const { t } = useTranslation();
  if (difference === 0) return <p>{t('plan.costSame')}</p>;
  const points = pointsText(Math.abs(difference));
  const minutes = drivingMinutes(difference, minuteCost);
  return (
    <p className="number">
      <b className={difference < 0 ? 'good' : 'bad'}>{t(difference < 0 ? 'plan.costBetter' : 'plan.costWorse', { points })}</b>
      {minutes !== null && minutes >= 1 && <>, {t('plan.costWorth', { time: minutesText(minutes) })}</>}
    </p>
  );
}
