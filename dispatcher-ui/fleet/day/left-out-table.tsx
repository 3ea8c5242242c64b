import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedCrew, RecordedJob } from '../../../server/stores/recorded-days/contract.ts';
import { PriorityMark } from '../../dispatch/parts/priority-mark.tsx';
import { minutesText, whenText } from '../../state/format.ts';
import { wholeText } from '../figures.ts';
import { leftOutJobs } from './day-shape.ts';

const SHOWN_AT_FIRST = 25;

/** What was not done, what pressed most first, each with its reason. */
export function LeftOutTable(props: {
  jobs: readonly RecordedJob[];
  crews: readonly RecordedCrew[];
  zone: string;
  until: string;
}): React.JSX.Element {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const jobs = leftOutJobs(props.jobs);
  const rows = all ? jobs : jobs.slice(0, SHOWN_AT_FIRST);
  const why = useWhy();
  const endMs = Date.parse(props.until);
  return (
    <section className="card" aria-labelledby="left-title">
      <header className="card-head">
        <h2 id="left-title">{t('fleet.day.leftOut')}</h2>
        <span className="muted number">{t('fleet.day.leftOutCount', { count: jobs.length })}</span>
      </header>
      {jobs.length === 0 ? (
        <p className="empty muted">{t('fleet.day.leftOutNone')}</p>
      ) : (
        <div className="scroller-wide" role="region" aria-label={t('fleet.day.leftOut')} tabIndex={0}>
          <table className="rows left-out number">
            <thead>
              <tr>
                <th scope="col">{t('fleet.day.number')}</th>
                <th scope="col">{t('fleet.day.what')}</th>
                <th scope="col" className="right">
                  {t('fleet.day.reported')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.day.due')}
                </th>
                <th scope="col">{t('fleet.day.why')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => (
                <tr key={job.number}>
                  <th scope="row">
                    <span className="with-icon">
                      <PriorityMark priority={job.priority} small /> {job.number}
                    </span>
                  </th>
                  <td>
                    {job.title}
                    <small className="muted">{job.placeText ?? t('fleet.behind.noPlace')}</small>
                  </td>
                  <td className="right">{whenText(job.reportedAt, props.zone, endMs)}</td>
                  <td className={`right ${job.dueAt !== null && Date.parse(job.dueAt) < endMs ? 'bad' : ''}`}>
                    {job.dueAt === null ? '–' : whenText(job.dueAt, props.zone, endMs)}
                  </td>
                  <td>{why(job)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length < jobs.length && (
        <button type="button" onClick={() => setAll(true)}>
          {t('fleet.day.showAll', { count: wholeText(jobs.length) })}
        </button>
      )}
    </section>
  );
}

/** Why a job was not done, in a sentence. */
function useWhy(): (job: RecordedJob) => string {
  const { t } = useTranslation();
  return ({ outcome, reason }) => {
    if (outcome === 'cannot') {
      const code = reason?.code ?? 'other';
      return t('fleet.day.outcome.cannot', { reason: t(`fleet.cannot.${code}`, { defaultValue: code }) });
    }
    if (outcome !== 'not_today') return t(`fleet.day.outcome.${outcome}`);
    if (reason === null) return t('fleet.day.afterLastPlan');
    const { missing, neededSeconds, mostSeconds, mostJobs, most } = reason.params;
    const span = (value: unknown): string => (typeof value === 'number' ? minutesText(value / 60) : '–');
    return t([`reason.${reason.code}`, 'reason.other'], {
      code: reason.code,
      missing: Array.isArray(missing) ? missing.join(', ') : '',
      needed: span(neededSeconds),
      most: typeof mostSeconds === 'number' ? span(mostSeconds) : String(mostJobs ?? most ?? ''),
    });
  };
}
