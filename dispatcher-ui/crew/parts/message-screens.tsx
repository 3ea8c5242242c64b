import { useTranslation } from 'react-i18next';
import { dayText, timeOfDay } from '../../state/format.ts';
import { usePhone, usePhoneState, useZone } from '../phone-context.ts';
import { Banners } from './banners.tsx';

/** Another window of this phone is in use. */
export function ElsewhereScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <main className="page">
      <h1>{t('phone.elsewhere.title')}</h1>
      <p className="muted">{t('phone.elsewhere.hint')}</p>
      <button type="button" className="primary main-action" onClick={phone.useHere}>
        {t('phone.elsewhere.here')}
      </button>
    </main>
  );
}

/** Nothing could be read yet; it is tried again. */
export function FailedScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const failure = usePhoneState((state) => state.failure);
  return (
    <main className="page">
      <h1>{t('phone.failed.title')}</h1>
      <p role="alert">{failure}</p>
      <p className="muted">{t('phone.failed.hint')}</p>
      <button type="button" className="primary main-action" onClick={phone.lookAgain}>
        {t('phone.retry')}
      </button>
    </main>
  );
}

/** The shape of the day before it is known. */
export function LoadingScreen(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <main className="page loading" aria-busy="true">
      <p className="visually-hidden" role="status">
        {t('phone.loading')}
      </p>
      <span className="skeleton wide" />
      <span className="skeleton tall" />
      <span className="skeleton" />
      <span className="skeleton wide" />
      <span className="skeleton button" />
    </main>
  );
}

/** No shift now: when the next one begins, as far as anybody knows. */
export function NoShiftScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const mine = usePhoneState((state) => state.mine);
  const next = mine?.next ?? null;
  return (
    <>
      <Banners />
      <main className="page">
        <p className="product">{mine?.vehicleCode ?? t('phone.name')}</p>
        <h1>{t('phone.noShift.title')}</h1>
        <p className="muted">{mine?.vehicleCode === null ? t('phone.noShift.noVehicle') : t('phone.noShift.hint')}</p>
        {mine?.vehicleCode !== null && (
          <p className="number next-shift">
            {next === null
              ? t('phone.noShift.noNext')
              : t('phone.noShift.next', {
                  crew: next.crewName,
                  day: dayText(next.from, zone),
                  from: timeOfDay(next.from, zone),
                  until: timeOfDay(next.until, zone),
                })}
          </p>
        )}
        <button type="button" className="main-action" onClick={phone.lookAgain}>
          {t('phone.noShift.look')}
        </button>
      </main>
    </>
  );
}
