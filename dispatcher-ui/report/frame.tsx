import { IconMoon, IconSun } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityView } from '../../server/stages/city/contract.ts';
import { chosenTheme, keepTheme, listenTheme, type Theme } from '../state/theme.ts';
import { LANGUAGE_NAMES, LANGUAGES, spokenLanguages } from '../words/words.ts';

/** The theme in use, and whenever it changes. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(chosenTheme);
  useEffect(() => listenTheme(() => setTheme(chosenTheme())), []);
  return theme;
}

/** What stands round every page of the public: the city's name, colours, language where there is a choice. */
export function Frame({ city, children }: { city: CityView | null; children: React.ReactNode }): React.JSX.Element {
  const { t } = useTranslation();
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const themeWord = theme === 'dark' ? t('report.toLight') : t('report.toDark');
  return (
    <>
      <a className="skip" href="#main" onClick={toMain}>
        {t('report.skip')}
      </a>
      <header className="bar">
        <a className="bar-home" href="/report">
          <span className="bar-city">{city?.title ?? '\u00a0'}</span>
          <span className="bar-name">{t('report.heading')}</span>
        </a>
        <LanguageChoice />
        <button type="button" className="icon" aria-label={themeWord} title={themeWord} onClick={() => keepTheme(other)}>
          {theme === 'dark' ? <IconSun size={22} stroke={1.75} /> : <IconMoon size={22} stroke={1.75} />}
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {city?.invented === true && <footer className="foot">{t('report.invented')}</footer>}
    </>
  );
}

/** Not by the address: that says which step one is at. */
function toMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Offered once another language than English has words. */
export function LanguageChoice(): React.JSX.Element | null {
  const { t, i18n } = useTranslation();
  const spoken = spokenLanguages();
  useEffect(() => {
    document.documentElement.lang = i18n.resolvedLanguage ?? 'en';
  }, [i18n.resolvedLanguage]);
  if (spoken.length < 2) return null;
  return (
    <select
      aria-label={t('report.language')}
      value={LANGUAGES.find((name) => name === i18n.resolvedLanguage) ?? 'en'}
      onChange={(event) => void i18n.changeLanguage(event.target.value)}
    >
      {spoken.map((name) => (
        <option key={name} value={name} lang={name}>
          {LANGUAGE_NAMES[name]}
        </option>
      ))}
    </select>
  );
}
