// `npm run build`: the screens, into dist/ui, where `npm start` serves them from. `npm run demo` does it by itself.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildScreens } from './build-screens.ts';
import { tellFailure } from './failure.ts';

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) console.log('npm run build    makes the screens in dist/ui; takes no options');
  else {
    const began = performance.now();
    const made = await buildScreens(path.join(import.meta.dirname, '..'));
    console.log(made ? `Screens built in ${((performance.now() - began) / 1000).toFixed(1)} s` : 'Screens are up to date');
  }
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
