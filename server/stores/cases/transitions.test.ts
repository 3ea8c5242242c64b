import { expect } from 'chai';
import { CASE_STATES, type CaseState } from './contract.ts';
import {
  decideCase,
  deriveCaseState,
  isBeingConfirmed,
  isClosed,
  type CaseDecided,
  type CaseDecision,
  type JobOfCase,
} from './transitions.ts';

const T = '2026-01-27T12:00:00.000Z';
const c = (over: Partial<CaseDecided> = {}): CaseDecided => ({ decided: null, reopenedAt: null, triagedAt: T, ...over });
const job = (state: JobOfCase['state'], over: Partial<JobOfCase> = {}): JobOfCase => ({
  state,
  verification: 'pending',
  closesCase: false,
  ...over,
});

describe('case state, first that holds', () => {
  const rows: readonly (readonly [string, CaseState, CaseDecided, readonly JobOfCase[]])[] = [
    ['duplicate stands', 'duplicate', c({ decided: 'duplicate' }), [job('under_way')]],
    ['referred stands', 'referred', c({ decided: 'referred' }), []],
    ['no action stands', 'no_action', c({ decided: 'no_action' }), []],
    ['cancelled stands', 'cancelled', c({ decided: 'cancelled' }), []],
    ['on hold stands', 'on_hold', c({ decided: 'on_hold' }), [job('planned')]],
    ['reopened until triaged again', 'reopened', c({ reopenedAt: T, triagedAt: null }), [job('ready')]],
    ['triaged again, nothing to be done yet', 'triaged', c({ reopenedAt: T }), []],
    ['new', 'received', c({ triagedAt: null }), []],
    ['triaged, without a job', 'triaged', c(), []],
    ['a crew is on its way', 'in_progress', c(), [job('completed'), job('under_way')]],
    ['all done', 'resolved', c(), [job('completed', { verification: 'verified' }), job('completed')]],
    ['one visit was not seen', 'resolved_unverified', c(), [job('completed'), job('completed', { verification: 'unverified' })]],
    ['nothing was found', 'no_action', c(), [job('cannot_complete', { closesCase: true })]],
    [
      'made safe, and the repair found nothing',
      'no_action',
      c(),
      [job('completed'), job('cannot_complete', { closesCase: true })],
    ],
    ['could not be done, and nothing follows', 'triaged', c(), [job('cannot_complete')]],
    ['planned', 'scheduled', c(), [job('planned'), job('ready')]],
    ['sent', 'scheduled', c(), [job('dispatched')]],
    ['a job that waits', 'triaged', c(), [job('ready')]],
    ['a job on hold', 'triaged', c(), [job('on_hold')]],
    ['made safe, the repair waits', 'triaged', c(), [job('completed'), job('ready')]],
  ];
  for (const [sentence, state, decided, jobs] of rows) {
    it(`${sentence}: ${state}`, () => expect(deriveCaseState(decided, jobs)).to.equal(state));
  }

  it('is said as being confirmed while a visit is pending', () => {
    expect(isBeingConfirmed('resolved', [job('completed')])).to.equal(true);
    expect(isBeingConfirmed('resolved', [job('completed', { verification: 'verified' })])).to.equal(false);
    expect(isBeingConfirmed('resolved_unverified', [job('completed')])).to.equal(false);
  });
});

describe('what a dispatcher decides about a case', () => {
  const allowed = (decision: CaseDecision): CaseState[] =>
    CASE_STATES.filter((state) => {
      const decided = (['duplicate', 'referred', 'no_action', 'cancelled', 'on_hold'] as const).find((d) => d === state) ?? null;
      return decideCase({ state, decided }, decision).ok;
    });
  const open: readonly CaseState[] = ['received', 'triaged', 'scheduled', 'in_progress', 'on_hold', 'reopened'];

  it('closes only what is open', () => {
    for (const decision of ['duplicate', 'refer', 'no_action', 'cancel'] as const)
      expect(allowed(decision)).to.have.members(open);
  });
  it('holds what is open and not on hold', () => {
    expect(allowed('hold')).to.have.members(open.filter((s) => s !== 'on_hold'));
  });
  it('takes back only what was decided', () => {
    expect(allowed('release')).to.have.members(['duplicate', 'referred', 'no_action', 'cancelled', 'on_hold']);
  });
  it('reopens whatever is closed', () => {
    expect(allowed('reopen')).to.have.members(CASE_STATES.filter(isClosed));
  });
  it('triages and joins what is open and not decided', () => {
    for (const decision of ['triage', 'join'] as const)
      expect(allowed(decision)).to.have.members(open.filter((s) => s !== 'on_hold'));
  });
});
