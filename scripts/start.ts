// `npm start`: the server on this machine's city, by the settings of the environment. Builds the screens when they are not there.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildScreens } from './build-screens.ts';
import { tellFailure } from './failure.ts';

const HELP = `npm start    the server, with the settings of the environment (.env.example names them all); takes no options
             first: npm run city -- import NAME, and THUMA_CITY=NAME`;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) console.log(HELP);
  else {
    await buildScreens(path.join(import.meta.dirname, '..'));
    await import('../server/main.ts');
  }
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
