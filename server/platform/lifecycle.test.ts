import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { closeInOrder, endInOrder } from './lifecycle.ts';
import { quiet } from './test-server.ts';

describe('lifecycle', () => {
  it('ends everything in order, also after one that fails', async () => {
    const done: string[] = [];
    const well = await closeInOrder(
      [
        { name: 'a', close: () => void done.push('a') },
        { name: 'b', close: () => Promise.reject(new Error('no')) },
        { name: 'c', close: () => Promise.resolve(done.push('c')) },
      ],
      quiet,
    );
    expect(done).to.deep.equal(['a', 'c']);
    expect(well).to.equal(false);
  });

  it('gives up what takes too long', async () => {
    const never = { name: 'never', close: () => new Promise(() => undefined) };
    expect(await closeInOrder([never], quiet, 10)).to.equal(false);
    expect(await closeInOrder([{ name: 'quick', close: () => undefined }], quiet, 1_000)).to.equal(true);
  });

  /** A process as far as endInOrder sees one. */
  const aProcess = () => {
    let exited: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => (exited = resolve));
    const emitter = new EventEmitter();
    return { emitter, code, process: Object.assign(emitter, { exit: exited }) as unknown as NodeJS.Process };
  };

  it('ends with 0 at a signal, with 1 after what nobody caught, and at once when asked twice', async () => {
    for (const [event, argument, expected] of [
      ['SIGTERM', undefined, 0],
      ['uncaughtException', new Error('x'), 1],
      ['unhandledRejection', 'x', 1],
    ] as const) {
      const { emitter, code, process } = aProcess();
      endInOrder(process, quiet, () => Promise.resolve(true));
      emitter.emit(event, argument);
      expect(await code, event).to.equal(expected);
    }
    const { emitter, code, process } = aProcess();
    endInOrder(process, quiet, () => new Promise(() => undefined));
    emitter.emit('SIGINT');
    emitter.emit('SIGINT');
    expect(await code).to.equal(130);
  });
});
