import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenTheme, keepTheme, listenTheme } from '../state/theme.ts';
import { enGallery } from '../words/en-gallery.ts';
import { GALLERY_PAGES, pathOf, type GalleryPage } from './gallery-page.ts';

/** What there is to look at on one page, in this order; a screen's parts are a line each. */
export type Sections<Page extends GalleryPage> = readonly {
  readonly name: keyof (typeof enGallery.section)[Page] & string;
  readonly Part: () => React.JSX.Element;
}[];

interface GalleryProps {
  readonly page: GalleryPage;
  readonly sections: readonly { readonly name: string; readonly Part: () => React.JSX.Element }[];
}

/** Every part of an audience's screens in every state: to look at, and for the tests that look for everybody. */
export function Gallery({ page, sections }: GalleryProps): React.JSX.Element {
  const { t } = useTranslation();
  const theme = useSyncExternalStore(listenTheme, chosenTheme);
  const [only, setOnly] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const shown = sections.filter(({ name }) => only === '' || name === only);
  const dark = theme === 'dark';
  return (
    <div className="gallery">
      <header className="gallery-head">
        <h1>{t('gallery.title')}</h1>
        <p className="muted">{t('gallery.intro')}</p>
        <nav className="gallery-pages" aria-label={t('gallery.pages')}>
          {GALLERY_PAGES.map((one) => (
            <a key={one} href={pathOf(one)} aria-current={one === page ? 'page' : undefined}>
              {t(`gallery.page.${one}`)}
            </a>
          ))}
        </nav>
        <nav aria-label={t(`gallery.page.${page}`)}>
          {sections.map(({ name }) => (
            <a key={name} href={`#${name}`} aria-current={name === only} onClick={() => setOnly(name)}>
              {t(`gallery.section.${page}.${name}`)}
            </a>
          ))}
        </nav>
        <button type="button" onClick={() => keepTheme(dark ? 'light' : 'dark')}>
          {dark ? t('dispatch.toLight') : t('dispatch.toDark')}
        </button>
      </header>
      {shown.map(({ name, Part }) => {
        const label = t(`gallery.section.${page}.${name}`);
        return (
          <section key={name} aria-label={label} className="gallery-section" data-section={name}>
            <h2>{label}</h2>
            <div className="gallery-row">
              <Part />
            </div>
          </section>
        );
      })}
    </div>
  );
}
