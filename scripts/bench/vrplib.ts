import { Usage } from '../failure.ts';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { readOptions } from './options.ts';
import { ortools, peerPython, pyvrp, vroom } from './peers.ts';
import { routingCases } from './routing-cases.ts';

const ABOUT = `npm run bench:vrplib -- --folder F [--seconds S] [--peers] [--json]
Any folder of VRPTW instances (.vrp of VRPLIB, or .txt in Solomon's format) with their best known solutions (.sol) beside
them. Without --seconds a run takes 6 s for each hundred customers, 60 s for 1,000.
  --folder F          where they are`;
const SECONDS_A_HUNDRED = 6;

await toTheEnd(() =>
  benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
    if (options.folder === null) throw new Usage('--folder F says where the instances are.');
    const time = (customers: number): number => Math.max(SECONDS_A_HUNDRED, (customers / 100) * SECONDS_A_HUNDRED);
    const cases = chosen(routingCases(options.folder, 'the instances of --folder', time), options);
    const python = options.peers ? await peerPython(options.home, say) : null;
    return {
      name: 'vrplib',
      cases,
      peers: python === null ? [] : [pyvrp(python), vroom(python), ortools(python)],
      remarks: [`folder ${options.folder}`],
    };
  }),
);
