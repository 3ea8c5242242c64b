import { createRoot } from 'react-dom/client';
import '../tokens.css';
import './report.css';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { enReport } from '../words/en-report.ts';
import { startWords } from '../words/words.ts';
import { FollowPage } from './follow-page.tsx';

applyTheme(chosenTheme());
await startWords({ report: enReport });
// The follow link is /case/TOKEN: whoever holds it may read this one case.
const token = decodeURIComponent(location.pathname.split('/').filter(Boolean).at(-1) ?? '');
createRoot(document.getElementById('root')!).render(<FollowPage token={token} />);
