import { expect } from 'chai';
import { createLog } from './log.ts';

describe('log', () => {
  it('hides secrets and personal data that somebody logged by mistake', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
    log.info(
      {
        token: 'canary-1',
        account: { password: 'canary-2', id: 7 },
        req: { headers: { authorization: 'canary-3', cookie: 'canary-4', 'api-key': 'canary-5' }, body: { phone: 'canary-6' } },
        body: { name: 'canary-7', words: 'canary-8', code: 'canary-9' },
        params: { followToken: 'canary-10' },
      },
      'said',
    );
    expect(lines.join('')).to.contain('"id":7').and.contain('[hidden]').and.not.contain('canary');
  });
});
