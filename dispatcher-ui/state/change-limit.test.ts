import { expect } from 'chai';
import { changesIn, MOST_CHANGES } from './change-limit.ts';

describe('the limit of changes, as written', () => {
  it('is a whole number that the server takes, or none', () => {
    expect(['0', ' 7 ', '100000', '999999'].map(changesIn)).to.deep.equal([0, 7, MOST_CHANGES, MOST_CHANGES]);
    expect(['', ' ', '-1', '2.5', '1e3', 'two', '12345678'].map(changesIn)).to.deep.equal(Array(7).fill(null));
  });
});
