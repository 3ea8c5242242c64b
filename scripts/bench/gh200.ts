import path from 'node:path';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { readOptions } from './options.ts';
import { ortools, peerPython, pyvrp, vroom } from './peers.ts';
import { routingCases } from './routing-cases.ts';

const ABOUT = `npm run bench:gh200 [-- --seconds 10] [--peers] [--json]
Twelve instances of Gehring and Homberger (200 customers, time windows), against the best known solutions.`;

await toTheEnd(() =>
  benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
    const folder = path.join(options.shared, 'data/vrp/GH200');
    const cases = chosen(
      routingCases(folder, 'the instances of Gehring and Homberger', () => 10),
      options,
    );
    const python = options.peers ? await peerPython(options.home, say) : null;
    return {
      name: 'gh200',
      cases,
      peers: python === null ? [] : [pyvrp(python), vroom(python), ortools(python)],
      remarks: [],
    };
  }),
);
