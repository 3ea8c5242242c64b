import { expect } from 'chai';
import { deviceOrder } from './device-order.ts';

describe('the order of a device', () => {
  it('takes what arrives together by the device’s own count, one at a time', async () => {
    const order = deviceOrder();
    const log: string[] = [];
    let inside = 0;
    const work = (name: string) => async () => {
      expect(++inside).to.equal(1);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(name);
      inside--;
      return name;
    };
    const answers = await Promise.all([4, 1, 3, 2].map((seq) => order.run('phone', seq, work(`fact ${seq}`))));
    expect(answers).to.deep.equal(['fact 4', 'fact 1', 'fact 3', 'fact 2']);
    expect(log).to.deep.equal(['fact 1', 'fact 2', 'fact 3', 'fact 4']);
  });
  it('lets other devices and the radio pass, and goes on after a failure', async () => {
    const order = deviceOrder();
    const fails = order.run('phone', 1, () => Promise.reject(new Error('no'))).catch((e: Error) => e.message);
    const after = order.run('phone', 2, () => Promise.resolve('yes'));
    expect(await order.run('other', 1, () => Promise.resolve('other'))).to.equal('other');
    expect(await order.run(null, undefined, () => Promise.resolve('radio'))).to.equal('radio');
    expect(await Promise.all([fails, after])).to.deep.equal(['no', 'yes']);
    expect(await order.run('phone', undefined, () => Promise.resolve('again'))).to.equal('again');
  });
});
