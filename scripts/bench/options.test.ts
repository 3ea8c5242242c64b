import { expect } from 'chai';
import { Usage } from '../failure.ts';
import { chosen } from './data.ts';
import { readOptions } from './options.ts';

describe('Options of the benches', () => {
  it('are read', () => {
    const options = readOptions(['--seconds', '0.5', '--seeds', '3,4', '--only', 'A,B', '--searches', '1', '--json'], '');
    expect(options).to.include({ seconds: 0.5, iterations: null, searches: 1, json: true, peers: false });
    expect(options?.seeds).to.deep.equal([3, 4]);
    expect(options?.only).to.deep.equal(['A', 'B']);
  });

  it('are refused by name', () => {
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [['--seconds', 'soon'], /--seconds/],
      [['--seconds', '0'], /--seconds/],
      [['--seeds', '1,,2'], /--seeds/],
      [['--iterations', '1.5'], /--iterations/],
      [['--searches', '0'], /--searches/],
    ];
    for (const [args, says] of wrong) expect(() => readOptions(args, '')).to.throw(Usage, says);
    expect(() => readOptions(['--second', '1'], '')).to.throw(/--second/);
  });

  it('choose instances by name, and name those there are', () => {
    const all = [{ name: 'A' }, { name: 'B' }];
    expect(chosen(all, { only: ['B'] })).to.deep.equal([{ name: 'B' }]);
    expect(() => chosen(all, { only: ['C'] })).to.throw(Usage, /no instance "C"; there are A, B/);
  });
});
