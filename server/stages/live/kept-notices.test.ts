import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../platform/problem.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import type { KeptNotice } from './contract.ts';
import { keptNotices } from './kept-notices.ts';

const aSocket = (): { readonly socket: LiveSocket; readonly told: [string, unknown][] } => {
  const told: [string, unknown][] = [];
  return { socket: { emit: (name: string, payload: unknown) => told.push([name, payload]) } as unknown as LiveSocket, told };
};

describe('telling devices what is stored', () => {
  it('names runs of numbers, each number once, whatever order they were stored in', () => {
    const notices = keptNotices({ everyMillis: 60_000 });
    const { socket, told } = aSocket();
    for (const seqs of [[5], [3, 4], [9], [4], [8]]) notices.of(socket).stored(null, seqs);
    notices.stop();
    expect(told).to.deep.equal([
      [
        'kept',
        {
          ranges: [
            [3, 5],
            [8, 9],
          ],
        },
      ],
    ]);
  });

  it('says a refusal at once, with the problem', () => {
    const notices = keptNotices({ everyMillis: 60_000 });
    const { socket, told } = aSocket();
    notices.of(socket).refused(new Problem(503, 'positions-busy', 'Send them again.'));
    notices.stop();
    expect(told).to.deep.equal([
      ['refused', { event: 'fixes', problem: { type: '/problems/positions-busy', status: 503, detail: 'Send them again.' } }],
    ]);
  });

  it('tells thousands that began together a few at a time, all within the period, and again what comes later', async () => {
    const everyMillis = 400;
    const notices = keptNotices({ everyMillis });
    const turns: number[] = [];
    let now = 0;
    let asked = false;
    const sockets = Array.from({ length: 1_000 }, () => {
      const socket = {
        emit: (_name: string, notice: KeptNotice) => {
          expect(notice.ranges).to.have.length(1);
          // All of one turn are told in one go: what is queued comes between two turns.
          if (!asked) {
            asked = true;
            setImmediate(() => {
              turns.push(now);
              now = 0;
              asked = false;
            });
          }
          now++;
        },
      } as unknown as LiveSocket;
      return socket;
    });
    try {
      for (const socket of sockets) notices.of(socket).stored(null, [1]);
      await pause(everyMillis * 2);
      expect(turns.reduce((sum, n) => sum + n, 0)).to.equal(1_000);
      // Fifty turns of twenty; a machine that is late may do some of them together, never all.
      expect(Math.max(...turns)).to.be.lessThan(500);
      const [first] = sockets;
      notices.of(first!).stored(null, [2]);
      await pause(everyMillis * 2);
      expect(turns.reduce((sum, n) => sum + n, 0)).to.equal(1_001);
    } finally {
      notices.stop();
    }
  });
});
