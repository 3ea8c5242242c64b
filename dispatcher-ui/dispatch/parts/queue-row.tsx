import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { holders, type DeskJob } from '../../state/desk-job.ts';
import { timeOfDay } from '../../state/format.ts';
import { indexPlan } from '../../state/plan-index.ts';
import { useDeskState, useZone } from '../desk-context.ts';
import { reasonText } from '../reasons.ts';
import { DueClock } from './due-clock.tsx';
import { PriorityMark } from './priority-mark.tsx';

interface QueueRowProps {
  readonly job: DeskJob;
  readonly selected: boolean;
  readonly position: number;
  readonly size: number;
  readonly top: number;
  readonly height: number;
  readonly onSelect: (id: string) => void;
}

/** A job in two lines: what and until when; where, and who has it or why nobody has. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps): React.JSX.Element {
  const { job, selected, position, size, top, height, onSelect } = props;
  const over = job.state === 'completed' || job.state === 'cannot_complete';
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <div
      id={`job-${job.id}`}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={size}
      className={`row${selected ? ' row-selected' : ''}`}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={() => onSelect(job.id)}
    >
      <PriorityMark priority={job.priority} />
      <span className="row-title">
        {job.title}
        {job.caseCount > 1 && (
          <span className="tag" title={t('queue.cases', { count: job.caseCount })}>
            ×{job.caseCount}
          </span>
        )}
      </span>
      {over ? (
        <span className="due number">{job.endedAt === null ? '' : timeOfDay(job.endedAt, zone)}</span>
      ) : (
        <DueClock dueAt={job.dueAt} />
      )}
      <span className="row-below">
        <span className="row-where muted">
          <span className="number">#{job.number}</span> · {job.placeText ?? '–'}
        </span>
        <RowState job={job} />
      </span>
    </div>
  );
});

function RowState({ job }: { job: DeskJob }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  const holder = holders(job)[0];
  const crew = useDeskState((state) => (holder === undefined ? undefined : state.shifts.get(holder.shiftId)?.crewName));
  const draft = useDeskState(({ planning }) => (planning.draft?.state === 'draft' ? planning.draft : null));
  const change = draft === null ? undefined : indexPlan(draft).changes.get(job.id);
  const newCrew = useDeskState((state) => (change === undefined ? undefined : state.shifts.get(change.shiftId)?.crewName));
  const inForce = useDeskState((state) => state.inForce);
  if (change !== undefined) {
    const words = t('queue.draftTo', { crew: newCrew ?? '', time: timeOfDay(change.start, zone) });
    return <span className="row-state row-draft">{words}</span>;
  }
  if (draft !== null && indexPlan(draft).leftOut.has(job.id)) return <span className="row-state">{t('queue.draftNot')}</span>;
  if (holder !== undefined && crew !== undefined) {
    return (
      <span className="row-state">
        {crew}
        {holder.state === 'planned' && holder.plannedStart !== null
          ? ` · ${timeOfDay(holder.plannedStart, zone)}`
          : ` · ${t(`assignment.${holder.state}`)}`}
      </span>
    );
  }
  if (job.state !== 'ready') return <span className="row-state">{t(`state.${job.state}`)}</span>;
  const left = inForce === null ? undefined : indexPlan(inForce).leftOut.get(job.id);
  if (left !== undefined) {
    // Only what somebody has to do something about is coloured: that there is more urgent work is the usual case.
    const usual = left.reason.code === 'not_today';
    return (
      <span className={usual ? 'row-state' : 'row-state row-reason'} title={reasonText(t, 'reason', left.reason)}>
        {reasonText(t, 'reasonShort', left.reason)}
      </span>
    );
  }
  return inForce !== null && job.createdAt > inForce.madeAt ? <span className="row-state">{t('queue.fresh')}</span> : null;
}
