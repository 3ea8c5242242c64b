import { IconCurrentLocation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { usePhone, usePhoneState } from '../phone-context.ts';

/** On shift, and the crew has not said yet whether its position may be shared (it was signed on elsewhere). */
export function ShareQuestion(): React.JSX.Element | null {
  const { t } = useTranslation();
  const phone = usePhone();
  const share = usePhoneState((state) => state.share);
  if (share !== null) return null;
  return (
    <section className="notice calm">
      <h2>
        <IconCurrentLocation aria-hidden="true" />
        {t('phone.position.ask')}
      </h2>
      <p>{t('phone.position.askHint')}</p>
      <div className="notice-actions">
        <button type="button" className="primary" onClick={() => phone.setSharing(true)}>
          {t('phone.position.share')}
        </button>
        <button type="button" onClick={() => phone.setSharing(false)}>
          {t('phone.position.notNow')}
        </button>
      </div>
    </section>
  );
}
