import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobBehind, JobsBehindPage, ReportsBehindPage } from '../../../server/stages/reporting/contract.ts';
import { PriorityMark } from '../../dispatch/parts/priority-mark.tsx';
import { PartFailed, SkeletonLines } from '../../dispatch/parts/drawer-head.tsx';
import { useReading } from '../../dispatch/use-reading.ts';
import { api } from '../../state/api.ts';
import { minutesText, whenText } from '../../state/format.ts';
import type { JobFact } from '../behind.ts';
import { wholeText } from '../figures.ts';
import { useFleetState, useZone } from '../fleet-context.ts';

const MOST_SHOWN = 200;

/** The jobs a figure is made of, each with what the figure is about and a way to the desk. */
export function JobsList({ query, say, at }: { query: string; say: JobFact; at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const read = useCallback(
    (signal: AbortSignal) => api.get<JobsBehindPage>(`/api/fleet/today/jobs?limit=${MOST_SHOWN}&${query}`, signal),
    [query],
  );
  const { value: page, failed, again } = useReading(at, read);
  if (page === null) return failed ? <PartFailed onRetry={again} /> : <SkeletonLines lines={6} />;
  return (
    <>
      {failed && <PartFailed onRetry={again} />}
      {page.jobs.length === 0 ? (
        <p className="muted">{t('fleet.behind.none')}</p>
      ) : (
        <ol className="behind-list">
          {page.jobs.map((job) => (
            <li key={job.id}>
              <a href={`/?job=${job.number}`}>
                <PriorityMark priority={job.priority} small />
                <span className="behind-what">
                  <b className="number">{job.number}</b> {job.title}
                  <small className="muted">{job.placeText ?? t('fleet.behind.noPlace')}</small>
                </span>
                <JobSaid job={job} say={say} at={page.at} />
              </a>
            </li>
          ))}
        </ol>
      )}
      <Beyond shown={page.jobs.length} total={page.total} />
    </>
  );
}

/** What of a job its figure is about, and who has it. */
function JobSaid({ job, say, at }: { job: JobBehind; say: JobFact; at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const nowMs = Date.parse(at);
  const since = (from: string, until: string | null): string =>
    minutesText((Date.parse(until ?? at) - Date.parse(from)) / 60_000);
  const said = ((): { text: string; tone: string } => {
    switch (say) {
      case 'ended':
        if (job.reason !== null) return { text: t(`fleet.cannot.${job.reason}`, { defaultValue: job.reason }), tone: '' };
        return {
          text: job.endedAt === null ? '–' : whenText(job.endedAt, zone, nowMs),
          tone: job.lateSeconds === null ? '' : 'warn',
        };
      case 'late':
        return { text: t('due.late', { time: minutesText((job.lateSeconds ?? 0) / 60) }), tone: 'bad' };
      case 'waits':
        return { text: since(job.reportedAt, null), tone: job.lateSeconds === null ? '' : 'bad' };
      case 'reached':
        return job.reachedAt === null
          ? { text: t('fleet.emergencies.waits', { time: since(job.reportedAt, null) }), tone: 'bad' }
          : { text: since(job.reportedAt, job.reachedAt), tone: '' };
      case 'state':
        return { text: t(`state.${job.state}`), tone: '' };
      default:
        return say satisfies never;
    }
  })();
  const late = say !== 'late' && job.lateSeconds !== null;
  return (
    <span className="behind-said number">
      <span className={said.tone}>{said.text}</span>
      <small className="muted">
        {job.crews.map(({ name }) => name).join(', ')}
        {late && ` ${t('due.late', { time: minutesText(job.lateSeconds! / 60) })}`}
      </small>
    </span>
  );
}

/** The reports of an hour; what reporters wrote stays where it is. */
export function ReportsList({ query, at }: { query: string; at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const types = useFleetState((state) => state.city?.requestTypes ?? {});
  const read = useCallback(
    (signal: AbortSignal) => api.get<ReportsBehindPage>(`/api/fleet/today/reports?limit=${MOST_SHOWN}&${query}`, signal),
    [query],
  );
  const { value: page, failed, again } = useReading(at, read);
  if (page === null) return failed ? <PartFailed onRetry={again} /> : <SkeletonLines lines={4} />;
  const line = (report: ReportsBehindPage['reports'][number]) => (
    <>
      <span className="behind-what">
        <b className="number">{report.number}</b> {types[report.serviceType]?.label ?? report.serviceType}
        <small className="muted">{report.placeText ?? t('fleet.behind.noPlace')}</small>
      </span>
      <span className="behind-said number">
        {whenText(report.reportedAt, zone, Date.parse(page.at))}
        <small className="muted">{t(`caseState.${report.state}`)}</small>
      </span>
    </>
  );
  return (
    <>
      {failed && <PartFailed onRetry={again} />}
      {page.reports.length === 0 ? (
        <p className="muted">{t('fleet.behind.none')}</p>
      ) : (
        <ol className="behind-list">
          {page.reports.map((report) => (
            <li key={report.id}>
              {report.jobNumber === null ? <div>{line(report)}</div> : <a href={`/?job=${report.jobNumber}`}>{line(report)}</a>}
            </li>
          ))}
        </ol>
      )}
      <Beyond shown={page.reports.length} total={page.total} />
    </>
  );
}

function Beyond({ shown, total }: { shown: number; total: number }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (total <= shown) return null;
  return <p className="muted number">{t('fleet.behind.beyond', { shown: wholeText(shown), total: wholeText(total) })}</p>;
}
