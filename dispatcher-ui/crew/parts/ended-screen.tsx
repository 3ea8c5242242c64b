import { useTranslation } from 'react-i18next';
import { dayText, timeOfDay } from '../../state/format.ts';
import { usePhoneState, useZone } from '../phone-context.ts';
import { endedJobs } from '../steps.ts';
import { Banners } from './banners.tsx';
import { EndedJob } from './ended-job.tsx';

/** After the shift: what was done, and that nothing is shared any more. */
export function EndedScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const day = usePhoneState((state) => state.shown)!;
  const crew = usePhoneState((state) => state.mine?.shift?.crewName ?? '');
  const vehicle = usePhoneState((state) => state.mine?.vehicleCode ?? '');
  const next = usePhoneState((state) => state.mine?.next ?? null);
  const waiting = usePhoneState((state) => state.outbox.waiting.length);
  const jobs = endedJobs(day);
  const done = jobs.filter(({ state }) => state === 'completed').length;

  return (
    <>
      <Banners />
      <main className="page">
        <p className="product">{t('phone.crew', { crew, vehicle })}</p>
        <h1>{t('phone.ended.title')}</h1>
        <p className="muted">{t('phone.ended.hint')}</p>
        {waiting > 0 && (
          <p role="status" className="warn">
            {t('phone.ended.sending', { count: waiting })}
          </p>
        )}
        <section className="panel" aria-label={t('phone.day.done')}>
          <p className="figures number">
            {jobs.length === 0 && t('phone.ended.none')}
            {done > 0 && <strong>{t('phone.ended.done', { count: done })}</strong>}
            {jobs.length > done && <span>{t('phone.ended.cannot', { count: jobs.length - done })}</span>}
          </p>
          {jobs.length > 0 && (
            <ol className="day-list">
              {jobs.map((job) => (
                <EndedJob key={job.assignmentId} job={job} />
              ))}
            </ol>
          )}
        </section>
        {next !== null && (
          <p className="number next-shift">
            {t('phone.noShift.next', {
              crew: next.crewName,
              day: dayText(next.from, zone),
              from: timeOfDay(next.from, zone),
              until: timeOfDay(next.until, zone),
            })}
          </p>
        )}
      </main>
    </>
  );
}
