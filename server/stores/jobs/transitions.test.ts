import { expect } from 'chai';
import fc from 'fast-check';
import {
  ASSIGNMENT_STATES,
  CANNOT_COMPLETE_REASONS,
  CANNOT_COMPLETE_RULES,
  type AssignmentState,
} from '../assignments/contract.ts';
import type { JobState } from './contract.ts';
import {
  afterFailure,
  decideJob,
  deriveJobState,
  jobVerification,
  slotState,
  type Failure,
  type SlotAssignment,
} from './transitions.ts';

const on = (slot: number, state: AssignmentState, requested: SlotAssignment['requested'] = null): SlotAssignment => ({
  slot,
  state,
  requested,
});
const one = [{ skills: ['asphalt'], plant: ['roller'] }];
const two = [...one, { skills: ['traffic'], plant: [] }];
const failed = (over: Partial<Failure> = {}): Failure => ({
  slot: 0,
  reason: 'no_access',
  missing: [],
  secondsLeft: null,
  endedAt: '2026-01-27T15:00:00.000Z',
  ...over,
});

describe('job state, first that holds', () => {
  const rows: readonly (readonly [string, JobState, Parameters<typeof deriveJobState>])[] = [
    ['what was decided', 'cancelled', ['cancelled', 1, [on(0, 'working')]]],
    ['on hold though a crew has it', 'on_hold', ['on_hold', 1, [on(0, 'accepted')]]],
    ['a draft', 'draft', ['draft', 1, []]],
    ['any slot travelling', 'under_way', [null, 2, [on(0, 'completed'), on(1, 'travelling')]]],
    ['any slot paused', 'under_way', [null, 2, [on(0, 'planned'), on(1, 'paused')]]],
    ['all slots completed', 'completed', [null, 2, [on(0, 'completed'), on(1, 'completed')]]],
    ['one slot not completed and none active', 'cannot_complete', [null, 2, [on(0, 'completed'), on(1, 'cannot_complete')]]],
    ['one slot failed while another is active', 'dispatched', [null, 2, [on(0, 'cannot_complete'), on(1, 'accepted')]]],
    ['one slot failed and nobody has the other', 'cannot_complete', [null, 2, [on(0, 'cannot_complete')]]],
    ['any slot dispatched', 'dispatched', [null, 2, [on(0, 'dispatched'), on(1, 'planned')]]],
    ['every slot planned', 'planned', [null, 2, [on(0, 'planned'), on(1, 'planned')]]],
    ['one slot planned of two', 'ready', [null, 2, [on(0, 'planned')]]],
    ['nobody has it', 'ready', [null, 1, []]],
    ['declined', 'ready', [null, 1, [on(0, 'declined')]]],
    ['recalled', 'ready', [null, 1, [on(0, 'recalled')]]],
    ['a recall asked of a crew at work: the slot is free at once', 'ready', [null, 1, [on(0, 'working', 'recall')]]],
    ['the same, given to another', 'planned', [null, 1, [on(0, 'working', 'recall'), on(0, 'planned')]]],
    ['done by the one while the other was told', 'completed', [null, 1, [on(0, 'completed'), on(0, 'dispatched')]]],
    ['failed once, done later', 'completed', [null, 1, [on(0, 'cannot_complete'), on(0, 'completed')]]],
  ];
  for (const [sentence, state, input] of rows) {
    it(`${sentence}: ${state}`, () => expect(deriveJobState(...input)).to.equal(state));
  }

  it('does not depend on the order of the assignments', () => {
    const assignment = fc.record({
      slot: fc.nat(1),
      state: fc.constantFrom(...ASSIGNMENT_STATES),
      requested: fc.constantFrom(null, 'recall' as const),
    });
    fc.assert(
      fc.property(fc.array(assignment, { maxLength: 6 }), fc.integer(), (list, seed) => {
        const shuffled = [...list].sort((a, b) => ((a.state.length * seed) % 7) - ((b.state.length * seed) % 7));
        // Two active crews in one slot cannot be: the schema refuses them.
        const active = list.filter(
          (a) => a.requested === null && !['completed', 'cannot_complete', 'declined', 'recalled', 'cancelled'].includes(a.state),
        );
        fc.pre(new Set(active.map((a) => a.slot)).size === active.length);
        expect(deriveJobState(null, 2, shuffled)).to.equal(deriveJobState(null, 2, list));
      }),
    );
  });

  it('knows a slot by its best', () => {
    expect(slotState([on(0, 'completed'), on(0, 'working')], 0)).to.equal('under_way');
    expect(slotState([on(0, 'cancelled'), on(0, 'cannot_complete')], 0)).to.equal('cannot_complete');
    expect(slotState([on(1, 'completed')], 0)).to.equal('free');
  });

  it('is verified when every slot has a verified visit, by whomever', () => {
    const visit = (slot: number, verification: 'pending' | 'verified' | 'unverified') => ({
      ...on(slot, 'completed'),
      verification,
    });
    expect(jobVerification(1, [visit(0, 'unverified'), visit(0, 'verified')])).to.equal('verified');
    expect(jobVerification(2, [visit(0, 'verified'), visit(1, 'pending')])).to.equal('pending');
    expect(jobVerification(2, [visit(0, 'pending'), visit(1, 'unverified')])).to.equal('unverified');
  });
});

describe('what becomes of a job that could not be completed', () => {
  const job = { slots: one, serviceSeconds: 3600 };
  const follow = (over: Partial<Failure>) => {
    const outcome = afterFailure(job, [], [failed(over)]);
    if (outcome.then !== 'follow_up') throw new Error('no follow-up');
    return outcome.job;
  };

  it('has a rule for every reason', () => {
    for (const reason of CANNOT_COMPLETE_REASONS) {
      const rule = CANNOT_COMPLETE_RULES[reason];
      expect(afterFailure(job, [], [failed({ reason })]).then, reason).to.equal(rule.then);
    }
  });
  it('closes the case when there was nothing or it had been done', () => {
    expect(afterFailure(job, [], [failed({ reason: 'not_found' })])).to.deep.equal({ then: 'close_case', reason: 'not_found' });
    expect(afterFailure(job, [], [failed({ reason: 'already_fixed' })]).then).to.equal('close_case');
  });
  for (const reason of ['no_access', 'vehicle_fault'] as const) {
    it(`${reason}: the same again, ready`, () =>
      expect(follow({ reason })).to.deep.equal({ reason, decided: null, slots: one, serviceSeconds: 3600 }));
  }
  for (const reason of ['needs_part', 'weather', 'other_utility'] as const) {
    it(`${reason}: waits`, () => expect(follow({ reason }).decided).to.equal('on_hold'));
  }
  for (const reason of ['wrong_asset', 'unsafe', 'refused', 'other'] as const) {
    it(`${reason}: a dispatcher looks first`, () => expect(follow({ reason }).decided).to.equal('draft'));
  }
  it('needs_plant: brings it; a draft when nobody said what', () => {
    expect(follow({ reason: 'needs_plant', missing: ['pump', 'roller'] })).to.deep.include({
      decided: null,
      slots: [{ skills: ['asphalt'], plant: ['roller', 'pump'] }],
    });
    expect(follow({ reason: 'needs_plant' }).decided).to.equal('draft');
  });
  it('needs_second_crew: a second slot, with the skills named or the same again', () => {
    expect(follow({ reason: 'needs_second_crew', missing: ['traffic'] }).slots).to.deep.equal([
      ...one,
      { skills: ['traffic'], plant: [] },
    ]);
    expect(follow({ reason: 'needs_second_crew' }).slots[1]).to.deep.equal({ skills: ['asphalt'], plant: [] });
  });
  it('out_of_time: the minutes left', () => {
    expect(follow({ reason: 'out_of_time', secondsLeft: 900 }).serviceSeconds).to.equal(900);
    expect(follow({ reason: 'out_of_time' }).serviceSeconds).to.equal(3600);
  });
  it('does not do again what one of two crews has done', () => {
    const outcome = afterFailure(
      { slots: two, serviceSeconds: 3600 },
      [1],
      [failed({ reason: 'needs_plant', missing: ['pump'] })],
    );
    expect(outcome).to.deep.include({ then: 'follow_up' });
    expect(outcome.then === 'follow_up' && outcome.job.slots).to.deep.equal([{ skills: ['asphalt'], plant: ['roller', 'pump'] }]);
  });
  it('goes by the newest reason of each slot, and work that remains beats closing', () => {
    const failures = [
      failed({ slot: 0, reason: 'not_found', endedAt: '2026-01-27T16:00:00.000Z' }),
      failed({ slot: 1, reason: 'weather', endedAt: '2026-01-27T15:00:00.000Z' }),
      failed({ slot: 1, reason: 'no_access', endedAt: '2026-01-27T15:30:00.000Z' }),
    ];
    const outcome = afterFailure({ slots: two, serviceSeconds: 60 }, [], failures);
    expect(outcome.then === 'follow_up' && outcome.job).to.include({ reason: 'no_access', decided: null });
  });
});

describe('what a dispatcher decides about a job', () => {
  it('releases drafts and held jobs only, holds once, cancels anything open', () => {
    expect(decideJob({ state: 'draft', decided: 'draft' }, 'release')).to.deep.equal({ ok: true, decided: null });
    expect(decideJob({ state: 'on_hold', decided: 'on_hold' }, 'release')).to.deep.equal({ ok: true, decided: null });
    expect(decideJob({ state: 'ready', decided: null }, 'release').ok).to.equal(false);
    expect(decideJob({ state: 'ready', decided: null }, 'hold')).to.deep.equal({ ok: true, decided: 'on_hold' });
    expect(decideJob({ state: 'on_hold', decided: 'on_hold' }, 'hold').ok).to.equal(false);
    expect(decideJob({ state: 'under_way', decided: null }, 'cancel')).to.deep.equal({ ok: true, decided: 'cancelled' });
    for (const state of ['completed', 'cannot_complete', 'cancelled'] as const) {
      for (const decision of ['release', 'hold', 'cancel'] as const)
        expect(decideJob({ state, decided: null }, decision).ok).to.equal(false);
    }
  });
});
