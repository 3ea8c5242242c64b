import path from 'node:path';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { readOptions } from './options.ts';
import { ortools, peerPython, pyvrp, vroom } from './peers.ts';
import { routingCases } from './routing-cases.ts';

const ABOUT = `npm run bench:solomon [-- --seconds 1] [--peers] [--json]
The 56 instances of Solomon (100 customers, time windows), lengths cut to a tenth, against the best known solutions.`;

await toTheEnd(() =>
  benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
    const folder = path.join(options.shared, 'data/vrp/Solomon');
    const cases = chosen(
      routingCases(folder, "Solomon's instances", () => 1),
      options,
    );
    const python = options.peers ? await peerPython(options.home, say) : null;
    return {
      name: 'solomon',
      cases,
      peers: python === null ? [] : [pyvrp(python), vroom(python), ortools(python)],
      remarks: [],
    };
  }),
);
