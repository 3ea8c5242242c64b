import path from 'node:path';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { readOptions } from './options.ts';
import { ortools, peerPython, pyvrp } from './peers.ts';
import { routingCases } from './routing-cases.ts';

const ABOUT = `npm run bench:skills [-- --seconds 10] [--peers] [--json]
Site-dependent instances of Cordeau and Laporte: who may serve whom (as skills), longest durations, time windows.`;

await toTheEnd(() =>
  benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
    const folder = path.join(options.shared, 'data/vrp/SDVRPTW');
    const cases = chosen(
      routingCases(folder, 'the site-dependent instances', () => 10),
      options,
    );
    const python = options.peers ? await peerPython(options.home, say) : null;
    return {
      name: 'skills',
      cases,
      peers: python === null ? [] : [pyvrp(python), ortools(python)],
      remarks: options.peers ? ['VROOM does not run: it has no longest duration of a route'] : [],
    };
  }),
);
