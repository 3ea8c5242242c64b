import { expect } from 'chai';
import type { CaseReceipt, ReportCase } from '../../server/stores/cases/contract.ts';
import { ApiProblem } from '../state/api.ts';
import { pauseBefore, sendReport } from './send-report.ts';

const receipt = { number: '26-00001' } as CaseReceipt;
const body: ReportCase = { serviceType: 'pothole', place: { lon: 1, lat: 2 } };
const pending = { key: 'key', body };

/** Answers in turn, and remembers what was asked. */
function answering(...answers: (CaseReceipt | Error)[]) {
  const asked: [ReportCase, string][] = [];
  const post = (sent: ReportCase, key: string): Promise<CaseReceipt> => {
    asked.push([sent, key]);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('asked once too often');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, post };
}

describe('sending a report', () => {
  it('brings the receipt', async () => {
    const { asked, post } = answering(receipt);
    expect(await sendReport(pending, body, post)).to.deep.equal({ kind: 'sent', receipt });
    expect(asked).to.deep.equal([[body, 'key']]);
  });

  it('waits while nobody answers, or the server cannot', async () => {
    for (const status of [0, 429, 500, 502, 503, 504]) {
      const { post } = answering(new ApiProblem(status, 'x', 'x'));
      expect(await sendReport(pending, body, post), String(status)).to.deep.equal({ kind: 'waiting' });
    }
  });

  it('is one case also when it was changed after a try that had arrived', async () => {
    const changed = { ...body, words: 'and deep' };
    const { asked, post } = answering(new ApiProblem(422, 'action-reused', 'x'), receipt);
    expect(await sendReport(pending, changed, post)).to.deep.equal({ kind: 'sent-before', receipt });
    expect(asked).to.deep.equal([
      [changed, 'key'],
      [body, 'key'],
    ]);
    const lost = answering(new ApiProblem(422, 'action-reused', 'x'), new ApiProblem(0, 'no-answer', 'x'));
    expect(await sendReport(pending, changed, lost.post)).to.deep.equal({ kind: 'waiting' });
  });

  it('says a refusal, and hides no fault of ours', async () => {
    const problem = new ApiProblem(400, 'invalid-input', 'contact.email must be a mail address');
    expect(await sendReport(pending, body, answering(problem).post)).to.deep.equal({ kind: 'refused', problem });
    const fault = new TypeError('ours');
    expect(await sendReport(pending, body, answering(fault).post).catch((error: unknown) => error)).to.equal(fault);
  });

  it('waits longer and longer, and never for ever', () => {
    const pauses = Array.from({ length: 50 }, (_, i) => pauseBefore(i));
    expect(pauses.slice(0, 3)).to.deep.equal([2_000, 4_000, 8_000]);
    expect(Math.max(...pauses)).to.equal(30_000);
  });
});
