import { useTranslation } from 'react-i18next';
import type { DeskAssignment, DeskJob } from '../../state/desk-job.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { useDeskState, useZone } from '../desk-context.ts';

/** Why this crew has the job: by hand, or by which plan and with what drive and slack, as far as the plan in force tells. */
export function WhyThisCrew({ job, assignment }: { job: DeskJob; assignment: DeskAssignment }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  const madeAt = useDeskState(({ plans }) => plans.find(({ id }) => id === assignment.planId)?.madeAt);
  const stop = useDeskState(({ inForce }) =>
    inForce?.stops.find(
      ({ jobId, slot, shiftId }) => jobId === job.id && slot === assignment.slot && shiftId === assignment.shiftId,
    ),
  );
  if (assignment.lockCrew || assignment.planId === null) return <p className="muted">{t('why.byHand')}</p>;
  const slackMinutes =
    stop === undefined || job.dueAt === null ? null : (Date.parse(job.dueAt) - Date.parse(stop.start)) / 60_000;
  return (
    <p className="muted number" title={t('why.whole')}>
      {madeAt === undefined ? t('why.byEarlierPlan') : t('why.byPlan', { time: timeOfDay(madeAt, zone) })}
      {stop !== undefined &&
        `: ${t('why.how', {
          drive: minutesText(stop.travelSeconds / 60),
          slack:
            slackMinutes === null
              ? t('why.noDue')
              : t(slackMinutes < 0 ? 'why.late' : 'why.early', { time: minutesText(Math.abs(slackMinutes)) }),
        })}`}
    </p>
  );
}
