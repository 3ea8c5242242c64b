import { createRoot } from 'react-dom/client';
import '../tokens.css';
import './fleet.css';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { en } from '../words/en.ts';
import { startWords } from '../words/words.ts';
import { FleetApp } from './fleet-app.tsx';
import { FleetContext } from './fleet-context.ts';
import { openFleet } from './fleet-state.ts';
import { pageOf } from './page-of.ts';

applyTheme(chosenTheme());
await startWords(en);
const page = pageOf(location.pathname);
const fleet = openFleet(page.kind === 'today');
fleet.start();
createRoot(document.getElementById('root')!).render(
  <FleetContext value={fleet}>
    <FleetApp page={page} />
  </FleetContext>,
);
