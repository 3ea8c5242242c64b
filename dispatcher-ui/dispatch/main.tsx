import { createRoot } from 'react-dom/client';
import '../tokens.css';
import './dispatch.css';
import { openDesk } from '../state/desk.ts';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { en } from '../words/en.ts';
import { startWords } from '../words/words.ts';
import { DeskContext } from './desk-context.ts';
import { DispatchApp } from './dispatch-app.tsx';
import { followLink } from './follow-link.ts';

applyTheme(chosenTheme());
await startWords(en);
const desk = openDesk();
desk.start();
followLink(desk, location.search);
createRoot(document.getElementById('root')!).render(
  <DeskContext value={desk}>
    <DispatchApp />
  </DeskContext>,
);
