import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewDay } from '../../../server/stages/crew-day/contract.ts';
import { ageText, distanceText, timeOfDay } from '../../state/format.ts';
import { useCityNow, usePhone, usePhoneState, useWallNow, useZone } from '../phone-context.ts';
import { chooseTheme, hourIn, themeChoice, type ThemeChoice } from '../phone-theme.ts';
import { Sheet } from './sheet.tsx';

const THEMES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

/** What is shared and how to stop it, light or dark, and the end of the shift. */
export function SettingsSheet({ day }: { day: CrewDay }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const hour = hourIn(zone, useCityNow(600));
  const share = usePhoneState((state) => state.share === true);
  const own = usePhoneState((state) => state.own);
  const unsent = usePhoneState((state) => state.unsentFixes);
  const screenOn = usePhoneState((state) => state.screenStaysOn);
  const wall = useWallNow();
  const [theme, setTheme] = useState(themeChoice);

  return (
    <Sheet title={t('phone.settings.title')}>
      <section className="setting">
        <h2>{t('phone.settings.position')}</h2>
        <p>{share ? t('phone.settings.shared') : t('phone.settings.notShared')}</p>
        {share && own !== null && (
          <p className="muted number">
            {t('phone.settings.last', {
              age: ageText((wall - own.atMs) / 1000),
              metres: distanceText(own.accuracyMetres),
            })}
          </p>
        )}
        {unsent > 0 && <p className="muted number">{t('phone.settings.unsent', { count: unsent })}</p>}
        <p className="muted">{screenOn ? t('phone.settings.screenOn') : t('phone.settings.screenOff')}</p>
        <div className="choices">
          <button type="button" onClick={() => phone.setSharing(!share)}>
            {share ? t('phone.settings.stop') : t('phone.settings.start')}
          </button>
        </div>
      </section>
      <section className="setting">
        <fieldset>
          <legend>{t('phone.settings.theme')}</legend>
          <div className="segments">
            {THEMES.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="theme"
                  checked={theme === one}
                  onChange={() => {
                    setTheme(one);
                    chooseTheme(one, hour);
                  }}
                />
                {t(`phone.settings.themeOf.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <p className="muted small">{t('phone.settings.themeAuto')}</p>
      </section>
      <section className="setting">
        <h2 className="number">{t('phone.settings.shift', { time: timeOfDay(day.until, zone) })}</h2>
        <div className="choices">
          <button type="button" onClick={() => phone.open('sign_off')}>
            {t('phone.settings.end')}
          </button>
        </div>
      </section>
    </Sheet>
  );
}
