import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readBestKnown } from '../../routing/formats/home-care-score.ts';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen, dataAt } from './data.ts';
import { homeCareCases } from './homecare-cases.ts';
import { readOptions } from './options.ts';

const ABOUT = `npm run bench:homecare [-- --seconds 60] [--json]
Home care, 10 to 100 patients: skills, soft windows, two caregivers at once or one after the other.`;

await toTheEnd(() =>
  benchCommand(readOptions(process.argv.slice(2), ABOUT), (options) => {
    const folder = path.join(options.shared, 'data/hhcrsp');
    const table = dataAt(path.join(folder, 'best-known.md'), 'the home-care instances with their best known costs');
    const cases = chosen(homeCareCases(folder, readBestKnown(readFileSync(table, 'utf8'))), options);
    const remarks = options.peers ? ['no peer runs: none of them has services that are given together'] : [];
    return Promise.resolve({ name: 'homecare', cases, peers: [], remarks });
  }),
);
