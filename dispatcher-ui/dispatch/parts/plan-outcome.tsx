import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import type { PublishOutcome } from '../../../server/stores/work/contract.ts';
import { useDesk } from '../desk-context.ts';

/** What publishing did, and what it left alone and why. */
export function PlanOutcome({ outcome, draft }: { outcome: PublishOutcome; draft: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const titles = new Map([...draft.stops, ...draft.leftOut].map((one) => [one.jobId, one]));
  return (
    <section className="part outcome" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('plan.outcome')}</h3>
      <p className="number">
        {t('plan.outcomeFigures', {
          assigned: outcome.assigned,
          moved: outcome.moved,
          takenOff: outcome.unassigned,
          unchanged: outcome.unchanged,
          dispatched: outcome.dispatched,
        })}
      </p>
      {outcome.leftAlone.length > 0 && (
        <>
          <p>{t('plan.leftAlone', { count: outcome.leftAlone.length })}</p>
          <ul className="left-alone">
            {outcome.leftAlone.map(({ jobId, slot, because }) => (
              <li key={`${jobId} ${slot}`}>
                <button type="button" className="link" onClick={() => desk.select({ kind: 'job', id: jobId })}>
                  {titles.get(jobId)?.title ?? t('job.number', { number: '–' })}{' '}
                  <span className="muted number">#{titles.get(jobId)?.jobNumber ?? '–'}</span>
                </button>
                <span className="muted">{t(`plan.because.${because}`)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
