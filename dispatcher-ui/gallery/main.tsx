import { createRoot } from 'react-dom/client';
import '../tokens.css';
import '../dispatch/dispatch.css';
import './gallery.css';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { en } from '../words/en.ts';
import { enGallery } from '../words/en-gallery.ts';
import { startWords } from '../words/words.ts';
import { Gallery } from './gallery.tsx';

applyTheme(chosenTheme());
await startWords({ ...en, gallery: enGallery });
createRoot(document.getElementById('root')!).render(<Gallery />);
