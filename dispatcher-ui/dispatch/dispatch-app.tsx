import { useTranslation } from 'react-i18next';
import { Console } from './console.tsx';
import { useDesk, useDeskState } from './desk-context.ts';
import { SignedOut } from './signed-out.tsx';

/** Which page there is: the console, its skeleton, how to sign in, or why nothing can be shown. */
export function DispatchApp(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const phase = useDeskState((state) => state.phase);
  const failure = useDeskState((state) => state.failure);
  const known = useDeskState((state) => state.city !== null);
  switch (phase) {
    case 'signed_out':
    case 'no_right':
      return <SignedOut />;
    case 'failed':
      // What was shown before stays: the map and the queue of a minute ago are worth more than an empty page.
      if (known) return <Console />;
      return (
        <main className="page-message">
          <h1>{t('error.startTitle')}</h1>
          <p role="alert">{failure}</p>
          <p className="muted">{t('error.startHint')}</p>
          <button type="button" className="primary" onClick={desk.start}>
            {t('error.retry')}
          </button>
        </main>
      );
    case 'loading':
    case 'ready':
      return <Console />;
    default:
      return phase satisfies never;
  }
}
