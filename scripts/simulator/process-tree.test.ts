import { expect } from 'chai';
import { readProcessTable, treeOf } from './process-tree.ts';

const TABLE = `
    1     0  9000 /sbin/init
  100     1 50000 npm run demo
  101   100 80000 node scripts/demo.mjs
  102   101 90000 /usr/bin/node --import tsx server/main.ts
  103     1 30000 postgres -D /tmp/bench-1/home/pg/data -c port=5432
  104   103 20000 postgres: checkpointer
  200     1 70000 postgres -D /elsewhere/pg/data
  201   200 10000 postgres: checkpointer
`;

describe('process tree', () => {
  it('reads the table, commands with their arguments', () => {
    expect(readProcessTable(TABLE)).to.have.length(8);
    expect(readProcessTable(TABLE)[1]).to.deep.equal({ pid: 100, parent: 1, rssKilobytes: 50_000, command: 'npm run demo' });
    expect(readProcessTable('  PID PPID\n\n')).to.deep.equal([]);
  });

  it('has what descends from the root and what works in its folder, and nothing of anybody else', () => {
    const pids = treeOf(readProcessTable(TABLE), 100, '/tmp/bench-1').map(({ pid }) => pid);
    expect(pids.sort()).to.deep.equal([100, 101, 102, 103, 104]);
    // The root has ended; its database has not.
    expect(treeOf(readProcessTable(TABLE), 999, '/tmp/bench-1').map(({ pid }) => pid)).to.deep.equal([103, 104]);
  });
});
