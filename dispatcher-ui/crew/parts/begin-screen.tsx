import { useTranslation } from 'react-i18next';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { PriorityMark } from '../../dispatch/parts/priority-mark.tsx';
import { useCityNow, usePhone, usePhoneState, useZone } from '../phone-context.ts';
import { openJobs } from '../steps.ts';
import { Banners } from './banners.tsx';

const SHOWN = 2;

/** Before the shift: what the day holds, what is shared and why, and the button that begins it. */
export function BeginScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const now = useCityNow(60);
  const shift = usePhoneState((state) => state.mine?.shift ?? null);
  const vehicle = usePhoneState((state) => state.mine?.vehicleCode ?? '');
  const day = usePhoneState((state) => state.shown)!;
  const jobs = openJobs(day);
  const minutes = (Date.parse(day.from) - now) / 60_000;

  return (
    <>
      <Banners />
      <main className="page">
        <p className="product">{t('phone.crew', { crew: shift?.crewName ?? '', vehicle })}</p>
        <h1>
          {t('phone.begin.title')}{' '}
          <span className="number">
            {t('phone.times', { from: timeOfDay(day.from, zone), until: timeOfDay(day.until, zone) })}
          </span>
        </h1>
        {minutes >= 1 && <p className="muted">{t('phone.begin.early', { time: minutesText(minutes) })}</p>}
        {minutes <= -5 && <p className="warn">{t('phone.begin.late', { time: minutesText(-minutes) })}</p>}

        <section className="panel" aria-labelledby="begin-jobs">
          <h2 id="begin-jobs">{jobs.length === 0 ? t('phone.begin.noJobs') : t('phone.begin.jobs', { count: jobs.length })}</h2>
          {jobs.length > 0 && (
            <ol className="short-list">
              {jobs.slice(0, SHOWN).map((job) => (
                <li key={job.assignmentId}>
                  <PriorityMark priority={job.priority} small />
                  <span className="grow">
                    {job.title}
                    <br />
                    <span className="muted small">{job.placeText}</span>
                  </span>
                  {job.eta !== null && <span className="number muted">{timeOfDay(job.eta.arrival, zone)}</span>}
                </li>
              ))}
            </ol>
          )}
          {jobs.length > SHOWN && <p className="muted">{t('phone.begin.more', { count: jobs.length - SHOWN })}</p>}
        </section>

        <section className="panel" aria-labelledby="begin-share">
          <h2 id="begin-share">{t('phone.begin.shareTitle')}</h2>
          <ul className="sentences">
            <li>{t('phone.begin.share1')}</li>
            <li>{t('phone.begin.share2')}</li>
            <li>{t('phone.begin.share3')}</li>
          </ul>
        </section>
        <div className="page-end">
          <button type="button" className="primary main-action" onClick={() => phone.signOn(true)}>
            {t('phone.begin.go')}
          </button>
          <button type="button" className="second-action" onClick={() => phone.signOn(false)}>
            {t('phone.begin.goWithout')}
          </button>
        </div>
      </main>
    </>
  );
}
