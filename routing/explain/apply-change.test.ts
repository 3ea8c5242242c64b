import { expect } from 'chai';
import { aJob, aProblem, aShift, inForce } from '../fixtures.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { seconds } from '../units.ts';
import { applyChange } from './apply-change.ts';
import type { Change } from './explanation.ts';

const before: Problem = aProblem({
  shifts: [
    aShift({ id: 'other' }),
    aShift({
      id: 'crew',
      from: seconds(600),
      overtime: seconds(60),
      breaks: [{ id: 'lunch', window: { from: seconds(0), until: seconds(900) }, length: seconds(300) }],
      skills: ['water'],
      skillLevels: { water: 2 },
      areas: ['north'],
      capacity: [1, 2],
      maxJobs: 3,
      maxTravel: seconds(1_000),
      maxDuration: seconds(2_000),
    }),
  ],
  jobs: [
    aJob({ id: 'other' }),
    aJob({
      id: 'asked',
      release: seconds(500),
      windows: [
        { from: seconds(4_000), until: seconds(5_000) },
        { from: seconds(1_000), until: seconds(2_000) },
      ],
      due: seconds(3_000),
      skills: ['water', 'roads'],
      skillLevels: { water: 3, roads: 2 },
      declinedBy: [0, 1],
      inForce: inForce({ lockCrew: true, lockTime: true, lockOrder: true }),
    }),
  ],
  links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null }],
});

describe('a change made to a problem', () => {
  const ofShift: [Change, Partial<Shift>][] = [
    [{ kind: 'overtime', shift: 1, seconds: seconds(120) }, { overtime: seconds(180) }],
    [{ kind: 'begin_earlier', shift: 1, seconds: seconds(120) }, { from: seconds(480) }],
    [
      { kind: 'skills', shift: 1, skills: ['roads'] },
      { skills: ['water', 'roads'], skillLevels: { water: 2, roads: 2 } },
    ],
    [{ kind: 'skill_level', shift: 1, skills: ['water'] }, { skillLevels: { water: 3 } }],
    [{ kind: 'plant', shift: 1, plant: ['digger'] }, { plant: ['digger'] }],
    [{ kind: 'area', shift: 1, area: 'south' }, { areas: ['north', 'south'] }],
    [{ kind: 'stock', shift: 1, dimension: 1, more: 3 }, { capacity: [1, 5] }],
    [{ kind: 'no_break', shift: 1, breakId: 'lunch' }, { breaks: [] }],
    [{ kind: 'most_jobs', shift: 1, more: 1 }, { maxJobs: 4 }],
    [{ kind: 'most_travel', shift: 1, seconds: seconds(60) }, { maxTravel: seconds(1_060) }],
    [{ kind: 'most_duration', shift: 1, seconds: seconds(60) }, { maxDuration: seconds(2_060) }],
  ];
  for (const [change, changed] of ofShift) {
    it(`${change.kind}: of the shift, and of nothing else`, () => {
      const after = applyChange(before, 1, change);
      expect(after).to.deep.equal({ ...before, shifts: before.shifts.with(1, { ...before.shifts[1]!, ...changed }) });
    });
  }

  const held = before.jobs[1]!.inForce!;
  const windows = before.jobs[1]!.windows;
  const ofJob: [Change, Partial<Job>][] = [
    [
      { kind: 'window_until', until: seconds(5_300) },
      { windows: windows.with(0, { from: seconds(4_000), until: seconds(5_300) }) },
    ],
    [
      { kind: 'window_from', from: seconds(400) },
      { release: seconds(400), windows: windows.with(1, { from: seconds(400), until: seconds(2_000) }) },
    ],
    [{ kind: 'due', due: seconds(3_600) }, { due: seconds(3_600) }],
    [{ kind: 'unlock', what: 'crew' }, { inForce: { ...held, lockCrew: false } }],
    [{ kind: 'unlock', what: 'time' }, { inForce: { ...held, lockTime: false } }],
    [{ kind: 'unlock', what: 'order' }, { inForce: { ...held, lockOrder: false } }],
    [{ kind: 'ask_again', shift: 1 }, { declinedBy: [0] }],
  ];
  for (const [change, changed] of ofJob) {
    it(`${change.kind}: of the job, and of nothing else`, () => {
      const after = applyChange(before, 1, change);
      expect(after).to.deep.equal({ ...before, jobs: before.jobs.with(1, { ...before.jobs[1]!, ...changed }) });
    });
  }

  it('unlink: the link between the two, whichever comes first', () => {
    expect(applyChange(before, 1, { kind: 'unlink', from: 0 })).to.deep.equal({ ...before, links: [] });
    expect(applyChange(before, 0, { kind: 'unlink', from: 1 })).to.deep.equal({ ...before, links: [] });
  });

  it('changes of the plan leave the problem as it was', () => {
    const ofPlan: Change[] = [{ kind: 'accept_price' }, { kind: 'instead_of', job: 0 }, { kind: 'more_changes', more: 1 }];
    for (const change of ofPlan) expect(applyChange(before, 1, change)).to.equal(before);
  });

  it('refuses a job and a shift that are not there', () => {
    expect(() => applyChange(before, 2, { kind: 'accept_price' })).to.throw(RangeError);
    expect(() => applyChange(before, 1, { kind: 'overtime', shift: 2, seconds: seconds(60) })).to.throw(RangeError);
  });
});
