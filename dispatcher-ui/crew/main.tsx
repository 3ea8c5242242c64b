import { createRoot } from 'react-dom/client';
import '../tokens.css';
import './crew.css';
import './stop.css';
import './sheets.css';
import { enCrew } from '../words/en-crew.ts';
import { startWords } from '../words/words.ts';
import { keeperOf } from './kept.ts';
import { PhoneApp } from './phone-app.tsx';
import { PhoneContext } from './phone-context.ts';
import { openPhone } from './phone.ts';
import { chooseTheme, themeChoice } from './phone-theme.ts';

/** The code is a secret for some minutes: it goes out of the address, and out of the history, before anything else. */
function codeFromAddress(): string | null {
  const code = decodeURIComponent(location.hash.slice(1)).trim();
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  return code === '' ? null : code;
}

const code = codeFromAddress();
chooseTheme(themeChoice(), new Date().getHours());
// The mark of a priority is the desk's own and asks for its word by the desk's name.
await startWords({ phone: enCrew, priority: { label: enCrew.priority } });
const phone = openPhone(keeperOf(localStorage));
phone.start(code);
// A link opened where the page is open already changes the address and loads nothing.
window.addEventListener('hashchange', () => {
  const another = codeFromAddress();
  if (another !== null) void phone.enrol(another);
});
createRoot(document.getElementById('root')!).render(
  <PhoneContext value={phone}>
    <PhoneApp />
  </PhoneContext>,
);
