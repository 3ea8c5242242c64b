import { createRoot } from 'react-dom/client';
import '../tokens.css';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { en } from '../words/en.ts';
import { enGallery } from '../words/en-gallery.ts';
import { startWords } from '../words/words.ts';
import { galleryPageOf } from './gallery-page.ts';
import { Gallery } from './gallery.tsx';

/** Each with its audience's styles, which nobody else's page may get. */
const PAGES = {
  dispatch: () => import('./dispatch-page.ts'),
  crew: () => import('./crew-page.ts'),
  report: () => import('./report-page.ts'),
  fleet: () => import('./fleet-page.ts'),
} as const;

applyTheme(chosenTheme());
await startWords({ ...en, gallery: enGallery });
const page = galleryPageOf(location.pathname);
const { sections } = await PAGES[page]();
createRoot(document.getElementById('root')!).render(<Gallery page={page} sections={sections} />);
