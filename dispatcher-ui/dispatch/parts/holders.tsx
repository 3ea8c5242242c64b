import { IconLock } from '@tabler/icons-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { takeOff, takingBack } from '../../state/desk-actions.ts';
import { holders, type DeskAssignment, type DeskJob } from '../../state/desk-job.ts';
import { timeOfDay } from '../../state/format.ts';
import { may } from '../../state/desk-state.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { causeText } from '../reasons.ts';
import { ExpectedAt } from './eta-range.tsx';
import { WhyThisCrew } from './why-this-crew.tsx';

/** Who has each slot of the job, how far they are, and the way to take it back. */
export function Holders({ job }: { job: DeskJob }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const held = holders(job);
  const asked = job.assignments.filter(({ requested }) => requested !== null);
  const done = job.assignments.filter(({ state }) => state === 'completed' || state === 'cannot_complete');
  const shown = [...held, ...asked.filter((a) => !held.includes(a)), ...done];
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('job.crews')}</h3>
      {shown.length === 0 && <p className="muted">{t('job.nobody')}</p>}
      <ul className="cards">
        {shown.map((assignment) => (
          <Holder key={assignment.id} job={job} assignment={assignment} open={held.includes(assignment)} />
        ))}
      </ul>
    </section>
  );
}

function Holder(props: { job: DeskJob; assignment: DeskAssignment; open: boolean }): React.JSX.Element {
  const { job, assignment, open } = props;
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const crew = useDeskState((state) => state.shifts.get(assignment.shiftId)?.crewName ?? '–');
  const mayChange = useDeskState((state) => may(state, 'assignment.change'));
  const dialog = useRef<HTMLDialogElement>(null);
  const how = takingBack(assignment);
  const facts = [
    t(`assignment.${assignment.state}`),
    ...(assignment.plannedStart !== null && open ? [t('job.starts', { time: timeOfDay(assignment.plannedStart, zone) })] : []),
    ...(assignment.endedAt === null ? [] : [timeOfDay(assignment.endedAt, zone)]),
    ...(assignment.verification === null ? [] : [t(`crew.${assignment.verification}`)]),
    ...(assignment.reason !== null && !open ? [causeText(t, assignment.reason)] : []),
    ...(assignment.promisedFrom !== null && assignment.promisedUntil !== null
      ? [t('job.promised', { from: timeOfDay(assignment.promisedFrom, zone), until: timeOfDay(assignment.promisedUntil, zone) })]
      : []),
    ...(assignment.requested === null ? [] : [t('job.askedBack')]),
  ];
  return (
    <li className="card holder">
      <div>
        <button type="button" className="link" onClick={() => desk.select({ kind: 'shift', id: assignment.shiftId })}>
          {crew}
        </button>
        {assignment.lockCrew && open && (
          <span className="tag" title={t('job.locked')}>
            <IconLock size={12} aria-hidden="true" /> {t('job.byHand')}
          </span>
        )}
        {job.slots.length > 1 && (
          <span className="tag">{t('job.crewNumber', { slot: assignment.slot + 1, slots: job.slots.length })}</span>
        )}
        <p className="muted number">{facts.join(' · ')}</p>
        {open && <ExpectedAt shiftId={assignment.shiftId} assignmentId={assignment.id} />}
        {open && <WhyThisCrew job={job} assignment={assignment} />}
      </div>
      {open && mayChange && (
        <>
          <button
            type="button"
            aria-label={t(how === 'unassign' ? 'job.takeOffOf' : 'job.callBackFrom', { crew })}
            onClick={() => {
              if (how === 'unassign') void takeOff(desk, job, assignment, crew, '');
              else dialog.current?.showModal();
            }}
          >
            {t(how === 'unassign' ? 'job.takeOff' : 'job.callBack')}
          </button>
          <CallBack
            dialog={dialog}
            label={t('job.callBackFrom', { crew })}
            about={t('job.whyTold', { number: job.number })}
            onReason={(reason) => void takeOff(desk, job, assignment, crew, reason)}
          />
        </>
      )}
    </li>
  );
}

interface CallBackProps {
  readonly dialog: React.RefObject<HTMLDialogElement | null>;
  readonly label: string;
  readonly about: string;
  readonly onReason: (reason: string) => void;
}

/** A crew that was told is told why: asked for once, and kept when the dialog is closed by mistake. */
function CallBack({ dialog, label, about, onReason }: CallBackProps): React.JSX.Element {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <dialog ref={dialog} aria-label={label}>
      <form
        method="dialog"
        onSubmit={(event) => {
          const button = (event.nativeEvent as SubmitEvent).submitter;
          if (button?.dataset['do'] === 'send') onReason(reason.trim());
        }}
      >
        <h2>{label}</h2>
        <label>
          {about}
          <textarea
            value={reason}
            maxLength={500}
            rows={3}
            required
            placeholder={t('job.whyPlaceholder')}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <div className="buttons">
          <button className="primary" data-do="send" disabled={reason.trim() === ''}>
            {t('job.callBack')}
          </button>
          <button formNoValidate>{t('dispatch.close')}</button>
        </div>
      </form>
    </dialog>
  );
}
