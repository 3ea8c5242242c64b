import { expect } from 'chai';
import { CASE_STATES } from '../../stores/cases/contract.ts';
import { NOTICES } from '../../stores/notifications/contract.ts';
import { isWorthAMail, noticeOf } from './notices.ts';

describe('what a reporter is told', () => {
  it('is something for every end and every new beginning', () => {
    for (const to of CASE_STATES) {
      const said = noticeOf({ from: 'in_progress', to, beingConfirmed: false });
      if (to === 'received') expect(said).to.equal(null);
      else expect(NOTICES).to.include(said);
    }
  });
  it('is the truth about a visit that is not confirmed yet, or not at all', () => {
    expect(noticeOf({ from: 'in_progress', to: 'resolved', beingConfirmed: true })).to.equal('notice.resolved_being_confirmed');
    expect(noticeOf({ from: 'resolved', to: 'resolved_unverified', beingConfirmed: false })).to.equal(
      'notice.resolved_unverified',
    );
    expect(noticeOf({ from: 'resolved_unverified', to: 'resolved', beingConfirmed: false })).to.equal(
      'notice.resolved_confirmed',
    );
  });
  it('is nothing when a plan merely takes work off again', () => {
    expect(noticeOf({ from: 'scheduled', to: 'triaged', beingConfirmed: false })).to.equal(null);
    expect(noticeOf({ from: 'received', to: 'triaged', beingConfirmed: false })).to.equal(null);
  });
  it('goes out by mail only when it is done, will not be done, or is open again', () => {
    expect(NOTICES.filter((notice) => !isWorthAMail(notice))).to.deep.equal([
      'notice.scheduled',
      'notice.in_progress',
      'notice.back_in_line',
    ]);
  });
});
