import { expect } from 'chai';
import { DatabaseUnavailable, unavailableBecause } from './database-unavailable.ts';

describe('unavailableBecause', () => {
  const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

  it('knows the usual reasons from the file system and from what PostgreSQL prints', () => {
    const said: [Error, string, RegExp][] = [
      [coded('ENOSPC', 'write'), 'disk-full', /Free some space/],
      [new Error('initdb: error: could not write to file: No space left on device'), 'disk-full', /THUMA_HOME/],
      [coded('EACCES', 'mkdir'), 'no-permission', /chown/],
      [coded('EROFS', 'mkdir'), 'no-permission', /THUMA_HOME/],
      [coded('ENOTDIR', 'mkdir'), 'failed-to-start', /a file is in its way/],
      [new Error('one\ntwo\nFATAL: three'), 'failed-to-start', /one \| two \| FATAL: three$/],
    ];
    for (const [cause, code, sentence] of said) {
      const error = unavailableBecause('/home/city/.thuma/pg', cause);
      expect(error.code, cause.message).to.equal(code);
      expect(error.message).to.match(sentence).and.contain('/home/city/.thuma/pg');
      expect(error.cause).to.equal(cause);
    }
  });

  it('leaves a sentence that is there already', () => {
    const error = new DatabaseUnavailable('too-old', 'It is too old.');
    expect(unavailableBecause('/x', error)).to.equal(error);
  });
});
