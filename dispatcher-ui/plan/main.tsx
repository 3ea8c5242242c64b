import { createRoot } from 'react-dom/client';
import '../tokens.css';
import '../dispatch/marks.css';
import './plan-page.css';
import { DeskContext } from '../dispatch/desk-context.ts';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { en } from '../words/en.ts';
import { startWords } from '../words/words.ts';
import { PlanApp } from './plan-app.tsx';
import { openPlanDesk } from './plan-desk.ts';

applyTheme(chosenTheme());
await startWords(en);
const desk = openPlanDesk();
desk.start();
createRoot(document.getElementById('root')!).render(
  <DeskContext value={desk}>
    <PlanApp />
  </DeskContext>,
);
