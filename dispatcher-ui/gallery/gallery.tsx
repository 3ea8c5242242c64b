import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenTheme, keepTheme, listenTheme } from '../state/theme.ts';
import { enGallery } from '../words/en-gallery.ts';
import { CrewDrawers, JobDrawers, Phones } from './drawer-specimens.tsx';
import { BannerSpecimens, LiveChips, Marks, Notices } from './mark-specimens.tsx';
import { GuideSteps, Paces, Pages, Plans } from './plan-specimens.tsx';
import { Crews, Queues, Rows } from './queue-specimens.tsx';

/** What there is to look at, in this order; a screen's parts are a line each. */
const SECTIONS: readonly { readonly name: keyof typeof enGallery.section; readonly Part: () => React.JSX.Element }[] = [
  { name: 'marks', Part: Marks },
  { name: 'live', Part: LiveChips },
  { name: 'pace', Part: Paces },
  { name: 'banners', Part: BannerSpecimens },
  { name: 'notices', Part: Notices },
  { name: 'queue', Part: Queues },
  { name: 'row', Part: Rows },
  { name: 'crews', Part: Crews },
  { name: 'job', Part: JobDrawers },
  { name: 'crew', Part: CrewDrawers },
  { name: 'phones', Part: Phones },
  { name: 'plan', Part: Plans },
  { name: 'guide', Part: GuideSteps },
  { name: 'pages', Part: Pages },
];

/** Every part of the screens in every state: to look at, and for the tests that look for everybody. */
export function Gallery(): React.JSX.Element {
  const { t } = useTranslation();
  const theme = useSyncExternalStore(listenTheme, chosenTheme);
  const [only, setOnly] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const shown = SECTIONS.filter(({ name }) => only === '' || name === only);
  const dark = theme === 'dark';
  return (
    <div className="gallery">
      <header className="gallery-head">
        <h1>{t('gallery.title')}</h1>
        <p className="muted">{t('gallery.intro')}</p>
        <nav aria-label={t('gallery.title')}>
          {SECTIONS.map(({ name }) => (
            <a key={name} href={`#${name}`} aria-current={name === only} onClick={() => setOnly(name)}>
              {t(`gallery.section.${name}`)}
            </a>
          ))}
        </nav>
        <button type="button" onClick={() => keepTheme(dark ? 'light' : 'dark')}>
          {dark ? t('dispatch.toLight') : t('dispatch.toDark')}
        </button>
      </header>
      {shown.map(({ name, Part }) => (
        <section key={name} aria-label={t(`gallery.section.${name}`)} className="gallery-section" data-section={name}>
          <h2>{t(`gallery.section.${name}`)}</h2>
          <div className="gallery-row">
            <Part />
          </div>
        </section>
      ))}
    </div>
  );
}
