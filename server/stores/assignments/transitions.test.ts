import { expect } from 'chai';
import fc from 'fast-check';
import { ASSIGNMENT_STATES, type AssignmentState } from './contract.ts';
import {
  ASSIGNMENT_TRANSITIONS,
  canDispatch,
  decideFact,
  decideRevoke,
  decideRevokeSettled,
  decideShiftEnd,
  decideVerification,
  isInTable,
  type AssignmentNow,
  type Step,
} from './transitions.ts';

const now = (state: AssignmentState, requested: AssignmentNow['requested'] = null): AssignmentNow => ({ state, requested });
const STEPS: readonly Step[] = [
  'accept',
  'decline',
  'travel',
  'arrive',
  'start',
  'pause',
  'resume',
  'complete',
  'cannot_complete',
];
const UNDER_WAY: readonly AssignmentState[] = ['travelling', 'on_site', 'working', 'paused'];
const ENDED: readonly AssignmentState[] = ['completed', 'cannot_complete', 'declined', 'recalled', 'cancelled'];

describe('assignment transitions', () => {
  describe('the crew, row by row', () => {
    const rows: readonly (readonly [AssignmentState, Step, AssignmentState])[] = [
      ['dispatched', 'accept', 'accepted'],
      ['dispatched', 'decline', 'declined'],
      ['accepted', 'travel', 'travelling'],
      ['travelling', 'arrive', 'on_site'],
      ['on_site', 'start', 'working'],
      ['working', 'pause', 'paused'],
      ['paused', 'resume', 'working'],
      ['working', 'complete', 'completed'],
      ['travelling', 'cannot_complete', 'cannot_complete'],
      ['on_site', 'cannot_complete', 'cannot_complete'],
      ['working', 'cannot_complete', 'cannot_complete'],
      ['paused', 'cannot_complete', 'cannot_complete'],
    ];
    for (const [from, step, to] of rows) {
      it(`${from} -> ${to} by ${step}, nothing implied`, () => {
        const outcome = decideFact(now(from), step, false);
        expect(outcome).to.include({ kind: 'moves', to, late: false });
        expect(outcome).to.have.property('implied').that.deep.equals([]);
      });
    }
  });

  it('lets a crew jump forward and says which steps are implied', () => {
    expect(decideFact(now('dispatched'), 'travel', false)).to.deep.equal({
      kind: 'moves',
      to: 'travelling',
      stamp: 'travellingAt',
      implied: ['accepted'],
      late: false,
    });
    expect(decideFact(now('accepted'), 'complete', false)).to.deep.include({ implied: ['travelling', 'on_site', 'working'] });
    expect(decideFact(now('planned'), 'arrive', false)).to.deep.include({ implied: ['dispatched', 'accepted', 'travelling'] });
    expect(decideFact(now('dispatched'), 'cannot_complete', false)).to.deep.include({ implied: ['accepted', 'travelling'] });
  });

  it('takes a step that is past already for its time only', () => {
    expect(decideFact(now('working'), 'arrive', false)).to.deep.equal({ kind: 'noted', stamp: 'onSiteAt', revoked: false });
    expect(decideFact(now('completed'), 'start', false)).to.deep.equal({ kind: 'noted', stamp: 'workingAt', revoked: false });
  });

  it('turns back no pause with an older fact', () => {
    expect(decideFact(now('paused'), 'start', true)).to.include({ kind: 'noted' });
    expect(decideFact(now('paused'), 'resume', true)).to.include({ kind: 'noted' });
    expect(decideFact(now('working'), 'pause', true)).to.include({ kind: 'noted' });
  });

  it('lets work stand that was done after it had been taken back', () => {
    for (const state of ['recalled', 'cancelled', 'declined'] as const) {
      expect(decideFact(now(state), 'complete', false)).to.include({ kind: 'moves', to: 'completed', late: true });
      expect(decideFact(now(state), 'cannot_complete', false)).to.include({ kind: 'moves', to: 'cannot_complete', late: true });
      expect(decideFact(now(state), 'start', false)).to.include({ kind: 'noted', revoked: true });
    }
  });

  it('asks when the same work ended twice and differently, and not when it ended twice the same', () => {
    expect(decideFact(now('completed'), 'cannot_complete', false)).to.deep.equal({ kind: 'contradicts' });
    expect(decideFact(now('cannot_complete'), 'complete', false)).to.deep.equal({ kind: 'contradicts' });
    expect(decideFact(now('completed'), 'complete', false)).to.include({ kind: 'noted' });
  });

  it('refuses one thing a crew may say: to decline what it has accepted', () => {
    for (const state of ASSIGNMENT_STATES) {
      const illegal = STEPS.filter((step) => decideFact(now(state), step, false).kind === 'illegal');
      const expected = ['accepted', ...UNDER_WAY, 'completed', 'cannot_complete'].includes(state) ? ['decline'] : [];
      expect(illegal, state).to.deep.equal(expected);
    }
  });

  it('recalls and cancels: at once before the way, asked of a crew on its way', () => {
    expect(decideRevoke(now('planned'), 'recall')).to.include({ kind: 'illegal' });
    expect(decideRevoke(now('planned'), 'cancel')).to.deep.equal({ kind: 'moves', to: 'cancelled' });
    for (const state of ['dispatched', 'accepted'] as const) {
      expect(decideRevoke(now(state), 'recall')).to.deep.equal({ kind: 'moves', to: 'recalled' });
      expect(decideRevoke(now(state), 'cancel')).to.deep.equal({ kind: 'moves', to: 'cancelled' });
    }
    for (const state of UNDER_WAY) {
      expect(decideRevoke(now(state), 'recall')).to.deep.equal({ kind: 'requested' });
      expect(decideRevoke(now(state), 'cancel')).to.deep.equal({ kind: 'requested' });
      expect(decideRevoke(now(state, 'recall'), 'cancel')).to.include({ kind: 'illegal' });
    }
    for (const state of ENDED) expect(decideRevoke(now(state), 'cancel')).to.include({ kind: 'illegal' });
    expect(decideRevokeSettled(now('working', 'recall'))).to.equal('recalled');
    expect(decideRevokeSettled(now('working', 'cancel'))).to.equal('cancelled');
    expect(decideRevokeSettled(now('working'))).to.equal(undefined);
  });

  it('sends only planned work', () => {
    expect(ASSIGNMENT_STATES.filter((s) => canDispatch(now(s)))).to.deep.equal(['planned']);
  });

  it('ends a shift: back when nothing unknown can have happened, asked otherwise and for what is under way', () => {
    for (const state of ['planned', 'dispatched', 'accepted'] as const) {
      expect(decideShiftEnd(now(state), true)).to.equal('cancel');
      expect(decideShiftEnd(now(state), false)).to.equal('ask');
    }
    for (const state of UNDER_WAY) expect(decideShiftEnd(now(state), true)).to.equal('ask');
    for (const state of ENDED) expect(decideShiftEnd(now(state), false)).to.equal('leave');
  });

  it('settles a visit, upgrades it, never takes it back', () => {
    expect(decideVerification('pending', 'verified')).to.equal('verified');
    expect(decideVerification('pending', 'unverified')).to.equal('unverified');
    expect(decideVerification('unverified', 'verified')).to.equal('verified');
    expect(decideVerification('verified', 'unverified')).to.equal('verified');
    expect(decideVerification(null, 'verified')).to.equal('illegal');
  });

  it('never leaves the table, whatever is said in whatever order', () => {
    type Move = { readonly step: Step; readonly old: boolean } | { readonly revoke: 'recall' | 'cancel' } | 'settle' | 'dispatch';
    const move: fc.Arbitrary<Move> = fc.oneof(
      { weight: 6, arbitrary: fc.record({ step: fc.constantFrom(...STEPS), old: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ revoke: fc.constantFrom('recall' as const, 'cancel' as const) }) },
      { weight: 1, arbitrary: fc.constantFrom('settle' as const, 'dispatch' as const) },
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        let a = now('planned');
        const seen: string[] = [];
        const go = (to: AssignmentState): void => {
          expect(isInTable(a.state, to), `${a.state} -> ${to} after ${seen.join(', ')}`).to.equal(true);
          seen.push(`${a.state}->${to}`);
          a = now(to, ENDED.includes(to) ? null : a.requested);
        };
        for (const m of moves) {
          if (m === 'settle') {
            const to = decideRevokeSettled(a);
            if (to) go(to);
          } else if (m === 'dispatch') {
            if (canDispatch(a)) go('dispatched');
          } else if ('revoke' in m) {
            const outcome = decideRevoke(a, m.revoke);
            if (outcome.kind === 'moves') go(outcome.to);
            if (outcome.kind === 'requested') a = now(a.state, m.revoke);
          } else {
            const outcome = decideFact(a, m.step, m.old);
            if (outcome.kind === 'moves') go(outcome.to);
          }
          // The schema's rule: only a crew that was told can be asked for it back.
          if (a.requested !== null) expect(UNDER_WAY).to.include(a.state);
        }
        // Completed and cannot complete are final: nothing in the table leads out of them.
        const ends = seen.findIndex((s) => s.endsWith('->completed') || s.endsWith('->cannot_complete'));
        if (ends >= 0) expect(ends).to.equal(seen.length - 1);
      }),
      { numRuns: 2000 },
    );
  });

  it('has a table in which what ended in the field is final and nothing comes back to planned', () => {
    expect(ASSIGNMENT_TRANSITIONS.filter((r) => r.from === 'completed' || r.from === 'cannot_complete')).to.deep.equal([]);
    expect(ASSIGNMENT_TRANSITIONS.filter((r) => r.to === 'planned')).to.deep.equal([]);
    expect(ASSIGNMENT_TRANSITIONS.filter((r) => r.by.includes('planner') && r.from !== 'planned')).to.deep.equal([]);
  });
});
