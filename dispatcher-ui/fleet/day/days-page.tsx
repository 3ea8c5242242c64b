import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedDays } from '../../../server/stores/recorded-days/contract.ts';
import { SkeletonLines } from '../../dispatch/parts/drawer-head.tsx';
import { api, ApiProblem } from '../../state/api.ts';
import { dayText } from '../../state/format.ts';
import { wholeText } from '../figures.ts';
import { useOnce } from '../use-once.ts';

const readDays = (signal: AbortSignal): Promise<RecordedDays> => api.get<RecordedDays>('/api/recorded-days', signal);

/** The recorded days that are kept, and how to make one. */
export function DaysPage(): React.JSX.Element {
  const { t } = useTranslation();
  const { value, failure, again } = useOnce(readDays);
  useEffect(() => {
    document.title = `${t('fleet.days.title')} - ${t('product')}`;
  }, [t]);
  return (
    <main className="page page-narrow" id="figures" tabIndex={-1} aria-busy={value === null && failure === null}>
      <h1>{t('fleet.days.title')}</h1>
      <p className="muted">{t('fleet.days.intro')}</p>
      {failure !== null && (
        <div className="callout callout-danger" role="alert">
          <p>{failure.message}</p>
          {!(failure instanceof ApiProblem && failure.status === 403) && (
            <button type="button" onClick={again}>
              {t('error.retry')}
            </button>
          )}
        </div>
      )}
      {value === null && failure === null && <SkeletonLines lines={5} />}
      {value !== null && (
        <>
          {value.days.length > 0 && <List days={value.days} />}
          <section className="card how-to">
            {value.days.length === 0 && <h2>{t('fleet.days.empty')}</h2>}
            <p>{value.days.length === 0 ? t('fleet.days.emptyDo') : t('fleet.days.more')}</p>
            <pre tabIndex={0}>
              <code>{value.command}</code>
            </pre>
          </section>
        </>
      )}
    </main>
  );
}

function List({ days }: { days: RecordedDays['days'] }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section className="card scroller-wide" role="region" tabIndex={0} aria-label={t('fleet.days.list')}>
      <table className="rows number">
        <thead>
          <tr>
            <th scope="col">{t('fleet.days.day')}</th>
            {(['seed', 'crews', 'reports', 'done', 'late', 'notToday'] as const).map((column) => (
              <th scope="col" className="right" key={column}>
                {t(`fleet.days.${column}`)}
              </th>
            ))}
            <th scope="col">{t('fleet.days.held')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ name, figures }) =>
            figures === null ? (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td colSpan={7} className="warn">
                  {t('fleet.days.unreadable')}
                </td>
              </tr>
            ) : (
              <tr key={name}>
                <th scope="row">
                  <a href={`/fleet/day/${name}`}>
                    {t('fleet.day.title', { city: figures.cityTitle, date: dateText(figures.date) })}
                  </a>
                </th>
                <td className="right">{figures.seed}</td>
                <td className="right">{wholeText(figures.crews)}</td>
                <td className="right">{wholeText(figures.reports)}</td>
                <td className="right">{wholeText(figures.done)}</td>
                <td className={`right ${figures.late > 0 ? 'warn' : ''}`}>{wholeText(figures.late)}</td>
                <td className="right">{wholeText(figures.notToday)}</td>
                <td>
                  {figures.holds ? (
                    <span className="good with-icon">
                      <IconCircleCheck size={15} aria-hidden="true" /> {t('fleet.days.holds')}
                    </span>
                  ) : (
                    <span className="bad with-icon">
                      <IconAlertTriangle size={15} aria-hidden="true" /> {t('fleet.days.broken')}
                    </span>
                  )}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

/** "Mon 2 Mar 2026" of a service day, which has no zone. */
export const dateText = (date: string): string => `${dayText(`${date}T12:00:00Z`, 'UTC')} ${date.slice(0, 4)}`;
