import { IconAlertTriangle, IconCheck, IconLinkOff, IconTruck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { PublicCase } from '../../server/stores/cases/contract.ts';
import { dayIn, dayText, timeOfDay } from '../state/format.ts';
import { leaveDraft } from './draft.ts';
import { Frame } from './frame.tsx';
import { Picture } from './pictures.tsx';
import { PlaceMapPane } from './place-map-pane.tsx';
import { progressOf, type Progress, type ProgressStep } from './progress.ts';
import { useCity } from './use-city.ts';
import { useFollow, type Followed } from './use-follow.ts';

/** What the holder of a report's link is told: the truth in one sentence, how far it is, and what to do when it is not so. */
export function FollowPage({ token }: { token: string }): React.JSX.Element {
  const { t } = useTranslation();
  const { city } = useCity();
  const followed = useFollow(token);
  const number = followed.report?.number;
  useEffect(() => {
    document.title = number === undefined ? t('report.heading') : t('report.title', { number });
  }, [number, t]);
  return (
    <Frame city={city}>
      <FollowView city={city} {...followed} />
    </Frame>
  );
}

/** The page for what was answered, or was not. */
export function FollowView({ city, report, state, askNow }: Followed & { readonly city: CityView | null }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="follow">
      {state === 'unknown' && <UnknownLink />}
      {state === 'away' && (
        <div className="follow-away" role="alert">
          <p>
            {report !== null && city !== null
              ? t('report.offline', { time: dateAndTime(report.asOf, city.zone) })
              : t('report.offlineNothing')}
          </p>
          <button type="button" onClick={askNow}>
            {t('report.tryNow')}
          </button>
        </div>
      )}
      {state !== 'unknown' && (report === null || city === null) && <Skeleton />}
      {state !== 'unknown' && report !== null && city !== null && <Report report={report} city={city} />}
    </div>
  );
}

/** "Mon 2 Mar 10:41" in the city's zone. */
const dateAndTime = (at: string, zone: string): string => `${dayText(at, zone)} ${timeOfDay(at, zone)}`;

function Report({ report, city }: { report: PublicCase; city: CityView }): React.JSX.Element {
  const { t } = useTranslation();
  const progress = progressOf(report);
  const headline = t(progress.headline);
  return (
    <>
      <header className="follow-head">
        <Picture name={city.requestTypes[report.serviceType]?.picture ?? null} size={32} />
        <div>
          <h1>
            {t('report.title', { number: '' })} <span className="number">{report.number}</span>
          </h1>
          <p className="muted">
            {report.serviceLabel}
            {report.placeText === null ? '' : `, ${report.placeText}`}
          </p>
        </div>
      </header>
      <section className={`truth truth-${progress.tone}`}>
        <h2>
          <Mark tone={progress.tone} onTheWay={report.crewOnTheWay} /> {headline}
        </h2>
        <Expected report={report} zone={city.zone} />
        {progress.meaning !== null && <p>{t(progress.meaning)}</p>}
        {report.originalState !== null && <p>{t('report.original', { state: t(`report.state.${report.originalState}`) })}</p>}
        {progress.lateSince !== null && (
          <p className="truth-late">{t('report.late', { time: dateAndTime(progress.lateSince, city.zone) })}</p>
        )}
        {report.otherReports > 0 && <p>{t('report.others', { count: report.otherReports })}</p>}
      </section>
      {/* Said once when it changes, and nothing else of the page with it. */}
      <p className="visually-hidden" role="status">
        {headline}
      </p>
      <div className="follow-columns">
        <section>
          <h2>{t('report.progress')}</h2>
          <ol className="progress">
            {progress.steps.map((step) => (
              <Step key={step.word} step={step} zone={city.zone} />
            ))}
          </ol>
        </section>
        {report.place !== null && (
          <section className="follow-map" aria-label={t('report.place')}>
            <PlaceMapPane city={city} place={report.place} label={t('report.place')} />
          </section>
        )}
      </div>
      <Advice progress={progress} report={report} />
      <History report={report} zone={city.zone} />
      <footer className="follow-end muted">
        <p>{t('report.keep')}</p>
        <p className="number">{t('report.asOf', { time: dateAndTime(report.asOf, city.zone) })}</p>
      </footer>
    </>
  );
}

function Mark({ tone, onTheWay }: { tone: Progress['tone']; onTheWay: boolean }): React.JSX.Element | null {
  if (tone === 'warn') return <IconAlertTriangle size={24} stroke={2} aria-hidden="true" />;
  if (onTheWay) return <IconTruck size={24} stroke={2} aria-hidden="true" />;
  return tone === 'good' ? <IconCheck size={24} stroke={2} aria-hidden="true" /> : null;
}

function Expected({ report, zone }: { report: PublicCase; zone: string }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { expectedFrom, expectedUntil, dueAt, closedAt, state } = report;
  // Who is there is not expected any more.
  const coming = state === 'scheduled' || (state === 'in_progress' && report.crewOnTheWay);
  if (expectedFrom !== null && expectedUntil !== null && coming) {
    const oneDay = dayIn(zone, Date.parse(expectedFrom)) === dayIn(zone, Date.parse(expectedUntil));
    return (
      <p className="truth-when number">
        {oneDay
          ? t('report.expected', {
              day: dayText(expectedFrom, zone),
              from: timeOfDay(expectedFrom, zone),
              until: timeOfDay(expectedUntil, zone),
            })
          : t('report.expectedTwoDays', { from: dateAndTime(expectedFrom, zone), until: dateAndTime(expectedUntil, zone) })}
      </p>
    );
  }
  if (closedAt !== null || dueAt === null || dueAt < report.asOf || state === 'on_hold' || state === 'in_progress') return null;
  return (
    <p className="truth-when number">
      {t('report.due')} {dateAndTime(dueAt, zone)}
    </p>
  );
}

function Step({ step, zone }: { step: ProgressStep; zone: string }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <li className={`progress-${step.look}`} aria-current={step.look === 'now' ? 'step' : undefined}>
      <span className="progress-mark" aria-hidden="true">
        {step.look === 'done' && <IconCheck size={16} stroke={3} />}
        {step.look === 'warn' && <IconAlertTriangle size={16} stroke={2.5} />}
      </span>
      <span className="progress-word">
        {t(step.word)}
        <span className="visually-hidden">, {t(`report.look.${step.look}`)}</span>
      </span>
      {step.at !== null && (
        <time className="number muted" dateTime={step.at}>
          {dateAndTime(step.at, zone)}
        </time>
      )}
    </li>
  );
}

function Advice({ progress, report }: { progress: Progress; report: PublicCase }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (progress.advice === null) return null;
  const isAgain = progress.advice === 'again';
  const begin = (): void =>
    leaveDraft(sessionStorage, { place: report.place, placeText: report.placeText, serviceType: report.serviceType });
  return (
    <section className="again">
      <h2>{isAgain ? t('report.again.title') : t('report.again.askTitle')}</h2>
      <p>{isAgain ? t('report.again.body') : t('report.again.ask', { number: report.number })}</p>
      <a className="button" href={report.place === null ? '/report' : '/report#what'} onClick={begin}>
        {t('report.again.action')}
      </a>
    </section>
  );
}

function History({ report, zone }: { report: PublicCase; zone: string }): React.JSX.Element {
  const { t } = useTranslation();
  const said = [{ at: report.reportedAt, word: 'report.received' }];
  for (const { at, message } of report.messages) said.push({ at, word: `report.${message}` });
  return (
    <section>
      <h2>{t('report.history')}</h2>
      <ol className="history number" reversed>
        {said.toReversed().map(({ at, word }) => (
          <li key={at + word}>
            <time className="muted" dateTime={at}>
              {dateAndTime(at, zone)}
            </time>
            <span>{t(word)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function UnknownLink(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section className="unknown">
      <IconLinkOff size={40} stroke={1.5} aria-hidden="true" />
      <h1>{t('report.notFoundTitle')}</h1>
      <p>{t('report.notFound')}</p>
      <a className="button" href="/report">
        {t('report.heading')}
      </a>
    </section>
  );
}

function Skeleton(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="visually-hidden">{t('report.loading')}</span>
      <span className="skeleton skeleton-title" />
      <span className="skeleton skeleton-box" />
      <span className="skeleton skeleton-line" />
      <span className="skeleton skeleton-line" />
    </div>
  );
}
