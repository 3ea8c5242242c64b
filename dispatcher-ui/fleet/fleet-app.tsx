import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFleet, useFleetState } from './fleet-context.ts';
import type { FleetPage } from './page-of.ts';
import { DaysPage } from './day/days-page.tsx';
import { PageHead } from './parts/page-head.tsx';
import { TodayPage } from './parts/today-page.tsx';

/** With its map: a megabyte that today's figures do not need. */
const DayPage = lazy(() => import('./day/day-page.tsx').then((module) => ({ default: module.DayPage })));

/** Which page there is: figures, recorded days, how to sign in, or why nothing can be shown. */
export function FleetApp({ page }: { page: FleetPage }): React.JSX.Element {
  const { t } = useTranslation();
  const fleet = useFleet();
  const phase = useFleetState((state) => state.phase);
  const failure = useFleetState((state) => state.failure);
  const known = useFleetState((state) => state.city !== null);
  if (phase === 'signed_out' || phase === 'no_right') return <SignedOut />;
  if (phase === 'failed' && !known) {
    return (
      <main className="page-message">
        <h1>{t('error.startTitle')}</h1>
        <p role="alert">{failure}</p>
        <p className="muted">{t('error.startHint')}</p>
        <button type="button" className="primary" onClick={fleet.start}>
          {t('error.retry')}
        </button>
      </main>
    );
  }
  return (
    <>
      <a className="skip" href="#figures">
        {t('fleet.skip')}
      </a>
      <PageHead page={page} />
      {page.kind === 'today' && <TodayPage />}
      {page.kind === 'days' && <DaysPage />}
      {page.kind === 'day' && (
        <Suspense fallback={<main className="page" aria-busy="true" />}>
          <DayPage name={page.name} />
        </Suspense>
      )}
    </>
  );
}

/** How to come in: nothing of the city is shown before. */
function SignedOut(): React.JSX.Element {
  const { t } = useTranslation();
  const session = useFleetState((state) => state.session);
  const noRight = useFleetState((state) => state.phase === 'no_right');
  return (
    <main className="page-message">
      <p className="brand">
        <span className="brand-mark" aria-hidden="true" />
        {t('product')}
      </p>
      <h1>{noRight ? t('fleet.signIn.noRight') : t('fleet.signIn.title')}</h1>
      {noRight ? (
        <p>{t('fleet.signIn.noRightHint', { name: session?.displayName ?? '–', role: session?.role ?? '–' })}</p>
      ) : (
        <>
          <p>{t('signIn.ended')}</p>
          <p>{t('signIn.link')}</p>
        </>
      )}
      <a className="button primary" href="/sign-in">
        {t('signIn.password')}
      </a>
    </main>
  );
}
