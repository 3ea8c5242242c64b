import { createRoot } from 'react-dom/client';
import '../tokens.css';
import './report.css';
import './follow.css';
import { applyTheme, chosenTheme } from '../state/theme.ts';
import { enReport } from '../words/en-report.ts';
import { startWords } from '../words/words.ts';
import { FollowPage } from './follow-page.tsx';
import { ReportForm } from './report-form.tsx';

applyTheme(chosenTheme());
await startWords({ report: enReport });
// A follow link is /case/TOKEN: whoever holds it may read this one case.
const [, audience, token = ''] = location.pathname.split('/');
createRoot(document.getElementById('root')!).render(
  audience === 'case' ? <FollowPage token={decodeURIComponent(token)} /> : <ReportForm />,
);
