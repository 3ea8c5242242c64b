import { expect } from 'chai';
import { aJob, aProblem, aShift, inForce, someWeights } from '../fixtures.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { seconds } from '../units.ts';
import { explainerOf } from './explainer.ts';
import type { Block, Change, WhyNot } from './explanation.ts';
import { whyNot } from './why-not.ts';

const ask = (problem: Problem, job = problem.jobs.length - 1, maxChanges: number | null = null): WhyNot =>
  whyNot(explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(50), maxChanges })), job);

/** One crew, and one job that it does not do. */
const alone = (shift: Partial<Shift>, job: Partial<Job>): Problem =>
  aProblem({ shifts: [aShift(shift)], jobs: [aJob({ id: 'asked', waiting: 50_000, ...job })] });

const until = (end: number) => [{ from: seconds(0), until: seconds(end) }];
const told = ({ changes }: WhyNot): (readonly Change[])[] => changes.map((fitting) => fitting.changes);
const blocks = ({ shifts }: WhyNot) => shifts.map(({ blockedBy }) => blockedBy);

describe('why nobody does a job, and what would change it', () => {
  const cases: [name: string, problem: Problem, block: Block, changes: (readonly Change[])[]][] = [
    [
      'longer than the day: overtime, in whole minutes',
      alone({}, { node: 9, service: seconds(8_250) }),
      { code: 'longer_than_any_shift', neededSeconds: seconds(10_050), mostSeconds: seconds(10_000) },
      [[{ kind: 'overtime', shift: 0, seconds: seconds(60) }]],
    ],
    [
      'a skill that the crew has not',
      alone({ skills: ['water'] }, { skills: ['water', 'asphalt'] }),
      { code: 'no_crew_with_skills', missing: ['asphalt'] },
      [[{ kind: 'skills', shift: 0, skills: ['asphalt'] }]],
    ],
    [
      'a skill at too low a level',
      alone({ skills: ['water'] }, { skills: ['water'], skillLevels: { water: 3 } }),
      { code: 'no_crew_with_level', missing: ['water'] },
      [[{ kind: 'skill_level', shift: 0, skills: ['water'] }]],
    ],
    [
      'plant',
      alone({}, { plant: ['digger'] }),
      { code: 'no_crew_with_plant', missing: ['digger'] },
      [[{ kind: 'plant', shift: 0, plant: ['digger'] }]],
    ],
    [
      'an area',
      alone({ areas: ['north'] }, { area: 'south' }),
      { code: 'outside_every_area', area: 'south' },
      [[{ kind: 'area', shift: 0, area: 'south' }]],
    ],
    [
      'stock for this job alone: as much as is missing',
      alone({ capacity: [9, 2] }, { uses: [0, 5] }),
      { code: 'more_stock_than_any_crew', dimension: 1 },
      [[{ kind: 'stock', shift: 0, dimension: 1, more: 3 }]],
    ],
    [
      'a crew that has declined',
      alone({}, { declinedBy: [0] }),
      { code: 'declined', shift: 0 },
      [[{ kind: 'ask_again', shift: 0 }]],
    ],
    [
      'a window that closes before anybody can be there: open until the minute of the clock at which they are',
      alone({}, { node: 5, windows: until(300) }),
      { code: 'windows_do_not_fit' },
      // The seconds of the problem are counted from 40 seconds past a minute.
      [[{ kind: 'window_until', until: seconds(500) }]],
    ],
    [
      'a shift that begins too late for the window',
      alone({ from: seconds(1_000) }, { node: 1, windows: until(1_050) }),
      { code: 'windows_do_not_fit' },
      [[{ kind: 'window_until', until: seconds(1_100) }], [{ kind: 'begin_earlier', shift: 0, seconds: seconds(60) }]],
    ],
    [
      'a window that opens too late',
      alone({}, { windows: [{ from: seconds(9_500), until: seconds(9_600) }] }),
      { code: 'windows_do_not_fit' },
      [[{ kind: 'window_from', from: seconds(9_380) }], [{ kind: 'overtime', shift: 0, seconds: seconds(120) }]],
    ],
    [
      'a release that is too late',
      alone({}, { release: seconds(9_450) }),
      { code: 'windows_do_not_fit' },
      [[{ kind: 'window_from', from: seconds(9_380) }], [{ kind: 'overtime', shift: 0, seconds: seconds(60) }]],
    ],
    [
      'a break in the way',
      alone(
        { breaks: [{ id: 'lunch', window: { from: seconds(0), until: seconds(500) }, length: seconds(9_000) }] },
        { service: seconds(600), windows: until(450) },
      ),
      { code: 'breaks_do_not_fit', shift: 0 },
      [[{ kind: 'no_break', shift: 0, breakId: 'lunch' }], [{ kind: 'window_until', until: seconds(9_020) }]],
    ],
    [
      'a limit on driving',
      alone({ maxTravel: seconds(1_000) }, { node: 9 }),
      { code: 'no_room' },
      [[{ kind: 'most_travel', shift: 0, seconds: seconds(840) }]],
    ],
    [
      'a limit on the length of the day',
      alone({ maxDuration: seconds(600) }, { node: 1 }),
      { code: 'no_room' },
      [[{ kind: 'most_duration', shift: 0, seconds: seconds(240) }]],
    ],
    [
      'no road',
      {
        ...alone({}, { node: 1 }),
        travel: { size: 2, seconds: Int32Array.of(0, -1, -1, 0), metres: Int32Array.of(0, -1, -1, 0), source: 'osrm' },
      },
      { code: 'unreachable' },
      [],
    ],
    ['a shift that is over', { ...alone({}, {}), now: seconds(10_000) }, { code: 'no_crew_on_shift' }, []],
  ];
  for (const [name, problem, block, changes] of cases) {
    it(name, () => {
      const said = ask(problem);
      expect(blocks(said)).to.deep.equal([block]);
      if (block.code !== 'no_room') expect(said.reason).to.deep.equal(block);
      expect(told(said)).to.have.deep.members(changes);
      const prices = said.changes.map(({ price }) => price);
      expect(prices).to.deep.equal(prices.toSorted((a, b) => a - b));
    });
  }

  /** One crew that does `done` (locked, so that the search keeps it), and the job asked about. */
  const beside = (shift: Partial<Shift>, done: Partial<Job>, asked: Partial<Job>): Problem =>
    aProblem({
      shifts: [aShift(shift)],
      jobs: [
        aJob({ id: 'done', inForce: inForce({ lockCrew: true }), ...done }),
        aJob({ id: 'asked', waiting: 50_000, ...asked }),
      ],
    });

  it('as many jobs as the crew may have', () => {
    const said = ask(beside({ maxJobs: 1 }, {}, {}));
    expect(blocks(said)).to.deep.equal([{ code: 'no_room' }]);
    expect(told(said)).to.deep.equal([[{ kind: 'most_jobs', shift: 0, more: 1 }]]);
  });

  it('no room beside what the crew does: overtime, or that job instead where nobody has locked it', () => {
    const full = { service: seconds(9_700) };
    const locked = ask(beside({}, full, {}));
    expect(blocks(locked)).to.deep.equal([{ code: 'no_room' }]);
    expect(told(locked)).to.deep.equal([[{ kind: 'overtime', shift: 0, seconds: seconds(300) }]]);
    const free = ask(beside({}, { ...full, inForce: null, waiting: 60_000 }, {}));
    expect(blocks(free)).to.deep.equal([{ code: 'no_room' }]);
    expect(told(free)).to.have.deep.members([
      [{ kind: 'overtime', shift: 0, seconds: seconds(300) }],
      [{ kind: 'instead_of', job: 0 }],
    ]);
    const [cheaper, dearer] = free.changes;
    // 900 for overtime less the 50,000 that leaving it out costs; 10,000 more for the one of 60,000.
    expect([cheaper?.price, dearer?.price]).to.deep.equal([-49_100, 10_000]);
  });

  it('stock beside what the crew takes along already', () => {
    const said = ask(beside({ capacity: [6] }, { uses: [4] }, { uses: [5] }));
    expect(blocks(said)).to.deep.equal([{ code: 'no_room' }]);
    expect(told(said)).to.deep.equal([[{ kind: 'stock', shift: 0, dimension: 0, more: 3 }]]);
  });

  it('stock for what is fixed, though the job needs none', () => {
    const problem = aProblem({
      shifts: [aShift({ capacity: [1] })],
      jobs: [aJob({ id: 'begun', uses: [3], inForce: inForce({ fixed: true }) }), aJob({ id: 'asked' })],
    });
    expect(told(ask(problem))).to.deep.equal([[{ kind: 'stock', shift: 0, dimension: 0, more: 2 }]]);
  });

  it('a job that does not pay: its price, or due later', () => {
    const late = alone({}, { node: 5, due: seconds(200), latePerSecond: 100, waiting: 21_000 });
    const said = ask(late);
    // 1,000 of driving and 300 seconds late, each at 100.
    expect(said.shifts).to.deep.equal([{ shift: 0, blockedBy: null, price: 10_000 }]);
    expect(said.reason).to.deep.equal({ code: 'not_today', cheapestShift: 0, extraCost: 10_000 });
    // 200 seconds late it would pay: due at 300, at the next minute of the clock at 320.
    expect(told(said)).to.deep.equal([[{ kind: 'due', due: seconds(320) }], [{ kind: 'accept_price' }]]);
    expect(said.changes.map(({ price, start, position }) => ({ price, start, position }))).to.deep.equal([
      { price: -2_000, start: 500, position: 0 },
      { price: 10_000, start: 500, position: 0 },
    ]);
  });

  it('a job that does not pay for its way: its price alone', () => {
    expect(told(ask(alone({}, { node: 9, waiting: 100 })))).to.deep.equal([[{ kind: 'accept_price' }]]);
  });

  describe('locks', () => {
    const locked = (over: Parameters<typeof inForce>[0], shifts: readonly Shift[], job: Partial<Job> = {}): Problem =>
      aProblem({ shifts, jobs: [aJob({ id: 'asked', inForce: inForce(over), ...job })] });

    it('a crew that is over, another that could', () => {
      const shifts = [aShift({ id: 'a', from: seconds(0), until: seconds(0) }), aShift({ id: 'b' })];
      const said = ask(locked({ shift: 0, lockCrew: true }, shifts));
      expect(said.reason).to.deep.equal({ code: 'locks_do_not_fit', shift: 0 });
      expect(blocks(said)).to.deep.equal([{ code: 'no_crew_on_shift' }, { code: 'locks_do_not_fit', shift: 0 }]);
      expect(told(said)).to.deep.equal([[{ kind: 'unlock', what: 'crew' }]]);
      expect(said.changes[0]).to.include({ shift: 1 });
    });

    it('a place in the order of a crew that is over', () => {
      const shifts = [aShift({ id: 'a', from: seconds(0), until: seconds(0) }), aShift({ id: 'b' })];
      expect(told(ask(locked({ shift: 0, lockOrder: true }, shifts)))).to.deep.equal([[{ kind: 'unlock', what: 'order' }]]);
      expect(told(ask(locked({ shift: 0, lockOrder: true, lockCrew: true }, shifts)))).to.deep.equal([
        [
          { kind: 'unlock', what: 'crew' },
          { kind: 'unlock', what: 'order' },
        ],
      ]);
    });

    it('a time at which nobody can be there', () => {
      const said = ask(locked({ lockTime: true, start: seconds(100) }, [aShift()], { node: 5 }));
      expect(blocks(said)).to.deep.equal([{ code: 'locks_do_not_fit', shift: 0 }]);
      expect(told(said)).to.deep.equal([[{ kind: 'unlock', what: 'time' }]]);
    });
  });

  it('the limit on changes', () => {
    const problem: Problem = aProblem({
      weights: someWeights({ startTolerance: seconds(300) }),
      jobs: [
        aJob({ id: 'kept', node: 5, waiting: 500_000, inForce: inForce({ start: seconds(500) }) }),
        aJob({ id: 'asked', node: 1, waiting: 50_000, windows: until(150) }),
      ],
    });
    const said = ask(problem, 1, 0);
    expect(said.reason).to.deep.equal({ code: 'no_change_left' });
    expect(blocks(said)).to.deep.equal([{ code: 'no_change_left' }]);
    expect(told(said)).to.have.deep.members([
      [{ kind: 'more_changes', more: 1 }],
      // After the other one: from 500, 600 of work, 400 back.
      [{ kind: 'window_until', until: seconds(1_520) }],
      // Not instead of the other one: leaving that out would be a change, too.
    ]);
  });

  it('a linked job that nobody can do: without it', () => {
    const problem = aProblem({
      shifts: [aShift({ id: 'a' }), aShift({ id: 'b' })],
      jobs: [aJob({ id: 'needs a diver', skills: ['diving'] }), aJob({ id: 'asked' })],
      links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }],
    });
    const said = ask(problem);
    expect(blocks(said)).to.deep.equal([
      { code: 'linked_job_does_not_fit', job: 0 },
      { code: 'linked_job_does_not_fit', job: 0 },
    ]);
    expect(told(said)).to.deep.equal([[{ kind: 'unlink', from: 0 }]]);
  });

  it('a linked job that is under way already: too late for the lag, or without it', () => {
    const problem = aProblem({
      shifts: [aShift({ id: 'a' }), aShift({ id: 'b' })],
      jobs: [
        aJob({ id: 'begun', inForce: inForce({ fixed: true, start: seconds(0) }) }),
        aJob({ id: 'asked', node: 9, waiting: 50_000 }),
      ],
      links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(300) }],
    });
    const said = ask(problem);
    expect(said.shifts.map(({ price }) => price)).to.deep.equal([null, null]);
    expect(told(said)).to.deep.equal([[{ kind: 'unlink', from: 0 }]]);
  });

  describe('where one change is not enough', () => {
    it('two: what the crew lacks, and overtime', () => {
      const said = ask(alone({}, { skills: ['asphalt'], service: seconds(10_050) }));
      expect(told(said)).to.deep.equal([
        [
          { kind: 'skills', shift: 0, skills: ['asphalt'] },
          { kind: 'overtime', shift: 0, seconds: seconds(60) },
        ],
      ]);
    });

    it('two of time and room', () => {
      const said = ask(alone({ maxJobs: 0 }, { service: seconds(10_050) }));
      expect(told(said)).to.have.length(1);
      expect(told(said)[0]).to.have.deep.members([
        { kind: 'overtime', shift: 0, seconds: seconds(60) },
        { kind: 'most_jobs', shift: 0, more: 1 },
      ]);
    });

    it('as many as it takes', () => {
      const said = ask(
        alone({ maxJobs: 0, capacity: [0] }, { skills: ['asphalt'], plant: ['digger'], uses: [1], service: seconds(10_050) }),
      );
      expect(told(said)).to.have.length(1);
      expect(told(said)[0]?.map(({ kind }) => kind)).to.have.members(['skills', 'plant', 'overtime', 'stock', 'most_jobs']);
    });
  });

  it('asks the nearest crews first, and tells the smallest of what they need', () => {
    const shifts = Array.from({ length: 10 }, (_, s) =>
      aShift({ id: `crew ${s}`, startNode: s, endNode: s, until: seconds(500), skills: s === 9 ? ['asphalt'] : [] }),
    );
    const said = ask(aProblem({ shifts, jobs: [aJob({ id: 'asked', node: 0, waiting: 50_000, skills: ['asphalt'] })] }));
    // The one with the skill is 900 away: 900 + 600 + 900, less its 500.
    expect(told(said)).to.deep.equal([[{ kind: 'overtime', shift: 9, seconds: seconds(1_920) }]]);
    const plain = ask(aProblem({ shifts, jobs: [aJob({ id: 'asked', node: 0, waiting: 50_000 })] }));
    expect(told(plain)).to.deep.equal([[{ kind: 'overtime', shift: 0, seconds: seconds(120) }]]);
  });

  it('takes no shift for over that only its break puts past its end', () => {
    const sent = (id: string, position: number, start: number): Job =>
      aJob({ id, node: 0, inForce: inForce({ position, start: seconds(start), fixed: true }) });
    const breaks = [{ id: 'lunch', window: { from: seconds(500), until: seconds(1_500) }, length: seconds(1_200) }];
    const shift = aShift({ until: seconds(2_000), endNode: null, breaks });
    const asked = aJob({ id: 'asked', node: 0, service: seconds(300), waiting: 50_000 });
    const said = ask(aProblem({ shifts: [shift], jobs: [sent('first', 0, 0), sent('second', 1, 1_800), asked] }));
    expect(blocks(said)).to.deep.equal([{ code: 'no_crew_on_shift' }]);
    expect(told(said).flat()).to.deep.include({ kind: 'no_break', shift: 0, breakId: 'lunch' });
  });

  it('refuses a job that is in the plan', () => {
    const problem = aProblem({ jobs: [aJob()] });
    expect(() => ask(problem)).to.throw(RangeError);
  });
});
