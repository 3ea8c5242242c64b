import { useTranslation } from 'react-i18next';
import { useDesk, useDeskState } from '../dispatch/desk-context.ts';
import { SignedOut } from '../dispatch/signed-out.tsx';
import { NoticeBar } from '../dispatch/parts/notice-bar.tsx';
import { useAddress } from './address.ts';
import { PlansPage } from './plans-page.tsx';

/** Which page there is: the day's plans and one of them, how to sign in, or why nothing can be shown. */
export function PlanApp(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const phase = useDeskState((state) => state.phase);
  const failure = useDeskState((state) => state.failure);
  const [address, go] = useAddress();
  switch (phase) {
    case 'signed_out':
    case 'no_right':
      return <SignedOut />;
    case 'failed':
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
      return (
        <>
          <PlansPage address={address} go={go} />
          <NoticeBar />
        </>
      );
    default:
      return phase satisfies never;
  }
}
