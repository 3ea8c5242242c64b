import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import { useZone } from '../phone-context.ts';

/** One line of what is over: done or not, when, and whether the visit is confirmed. */
export function EndedJob({ job }: { job: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const done = job.state === 'completed';
  return (
    <li className="day-row">
      <span className={done ? 'row-mark good' : 'row-mark bad'}>
        {done ? <IconCheck aria-hidden="true" /> : <IconX aria-hidden="true" />}
      </span>
      <span className="grow">
        <span className="row-title">{job.title}</span>
        <span className="muted small">
          {t(`phone.state.${job.state}`)}
          {job.verification !== null && `, ${t(`phone.day.${job.verification}`)}`}
        </span>
      </span>
      <span className="number muted row-time">
        #{job.jobNumber}
        <br />
        {job.endedAt !== null && timeOfDay(job.endedAt, zone)}
      </span>
    </li>
  );
}
