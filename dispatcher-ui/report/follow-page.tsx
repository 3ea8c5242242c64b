import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublicCase } from '../../server/stores/cases/contract.ts';
import { api, ApiProblem } from '../state/api.ts';

const ASK_AGAIN_MS = 20_000;

/** What the reporter is told: the truth in one sentence, and the times. Asks again by itself while it is looked at. */
export function FollowPage({ token }: { token: string }): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const [report, setReport] = useState<PublicCase | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        setReport(await api.get<PublicCase>(`/api/follow/${encodeURIComponent(token)}`, leaving.signal));
        setProblem(null);
      } catch (error) {
        if (leaving.signal.aborted) return;
        setProblem(error instanceof ApiProblem && error.status < 500 ? t('report.notFound') : t('report.offline'));
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [token, t]);

  const time = (iso: string): string =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
  return (
    <main className="follow" aria-live="polite">
      {problem !== null && <p role="alert">{problem}</p>}
      {report === null && problem === null && <p className="muted">…</p>}
      {report !== null && (
        <>
          <h1>{t('report.title', { number: report.number })}</h1>
          <p className="muted">
            {report.serviceLabel}
            {report.placeText === null ? '' : `, ${report.placeText}`}
          </p>
          <p className="follow-state">
            {report.beingConfirmed
              ? t('report.beingConfirmed')
              : report.crewOnTheWay
                ? t('report.onTheWay')
                : t(`report.state.${report.state}`)}
            {report.expectedFrom !== null && report.expectedUntil !== null && !report.crewOnTheWay && (
              <>
                <br />
                {t('report.expected', { from: time(report.expectedFrom), until: time(report.expectedUntil) })}
              </>
            )}
          </p>
          <dl className="follow-times number">
            <dt>{t('report.reported')}</dt>
            <dd>{time(report.reportedAt)}</dd>
            {report.dueAt !== null && report.closedAt === null && (
              <>
                <dt>{t('report.due')}</dt>
                <dd>{time(report.dueAt)}</dd>
              </>
            )}
            {report.closedAt !== null && (
              <>
                <dt>{t('report.closed')}</dt>
                <dd>{time(report.closedAt)}</dd>
              </>
            )}
          </dl>
          {report.messages.length > 0 && (
            <>
              <h2>{t('report.history')}</h2>
              <ol className="follow-history number">
                {report.messages.map((said) => (
                  <li key={said.at + said.message}>
                    <time dateTime={said.at}>{time(said.at)}</time>
                    <span>{t(`report.${said.message}`, said.params)}</span>
                  </li>
                ))}
              </ol>
            </>
          )}
        </>
      )}
    </main>
  );
}
