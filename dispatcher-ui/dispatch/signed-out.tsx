import { useTranslation } from 'react-i18next';
import { en } from '../words/en.ts';
import { useDeskState } from './desk-context.ts';

/** How to come in: nothing of the city is shown before. */
export function SignedOut(): React.JSX.Element {
  const { t } = useTranslation();
  const session = useDeskState((state) => state.session);
  const noRight = useDeskState((state) => state.phase === 'no_right');
  const role = session !== null && session.role in en.menu.role ? t(`menu.role.${session.role}`) : (session?.role ?? '–');
  return (
    <main className="page-message">
      <p className="brand">
        <span className="brand-mark" aria-hidden="true" />
        {t('product')}
      </p>
      <h1>{noRight ? t('signIn.noRight') : t('signIn.title')}</h1>
      {noRight ? (
        <p>{t('signIn.noRightHint', { name: session?.displayName ?? '–', role })}</p>
      ) : (
        <>
          <p>{t('signIn.ended')}</p>
          <p>{t('signIn.link')}</p>
          <p className="muted">{t('signIn.where')}</p>
        </>
      )}
      <a className="button primary" href="/sign-in">
        {t('signIn.password')}
      </a>
    </main>
  );
}
