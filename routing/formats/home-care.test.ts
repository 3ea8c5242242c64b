import { expect } from 'chai';
import type { Plan } from '../plan.ts';
import { homeCareText } from './home-care.fixtures.ts';
import { homeCareJobs, homeCareProblem } from './home-care-problem.ts';
import { readBestKnown, scoreHomeCare } from './home-care-score.ts';
import { readHomeCare } from './home-care.ts';
import { MalformedInstance } from './malformed-instance.ts';

const instance = readHomeCare(homeCareText());

type Stops = readonly (readonly [job: number, start: number])[];

/** What the scorer reads of a plan: who gives which job, and from when, in thousandths. */
const planOf = (...shifts: readonly Stops[]): Plan =>
  ({
    shifts: shifts.map((stops, shift) => ({ shift, stops: stops.map(([job, start]) => ({ job, start })) })),
  }) as unknown as Plan;

describe('Home-care instances', () => {
  it('give patients, caregivers and distances', () => {
    expect(instance.patients[0]).to.deep.equal({
      id: 'p1',
      windowStart: 10,
      windowEnd: 20,
      services: [{ service: 's1', duration: 4 }],
      lag: null,
    });
    expect(instance.patients[1]?.lag).to.deep.equal({ least: 0, most: 0 });
    expect(readHomeCare(homeCareText({ type: 'sequential', distance: [7, 14] })).patients[1]?.lag).to.deep.equal({
      least: 7,
      most: 14,
    });
    expect(instance.distances[1]?.[2]).to.equal(6.125);
  });

  it('are refused with line and column', () => {
    const text = homeCareText();
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ['"id": "p2"', '"id": 2', /^line 17, column 13: patients\.1\.id/],
      ['"duration": 3', '"duration": -3', /^line 29, column 23: patients\.1\.required_caregivers\.1\.duration/],
      ['"simultaneous"', '"somehow"', /^line 33, column 17: patients\.1\.synchronization\.type/],
      ['      6.125\n', '      6.125,\n      7\n', /distances are not 3 x 3/],
      ['"caregivers"', '"carers"', /^line 1, column 1: caregivers/],
      ['"caregivers": [', '"caregivers": [,', /^line \d+, column \d+: this is not JSON/],
    ];
    for (const [from, to, says] of wrong) {
      expect(text).to.contain(from);
      expect(() => readHomeCare(text.replace(from, to))).to.throw(MalformedInstance, says);
    }
    expect(() => readHomeCare(text.replace(/,\s*"synchronization": \{[^}]*\}/, ''))).to.throw(MalformedInstance, /2 services/);
  });
});

describe('A home-care instance as a problem', () => {
  it('is in thousandths, with a link between two services of one patient', () => {
    const problem = homeCareProblem(instance);
    expect(problem.jobs).to.have.length(3);
    expect(problem.jobs[1]).to.deep.include({
      node: 2,
      service: 4000,
      release: 0,
      due: 12_500,
      latePerSecond: 1,
      skills: ['s1'],
    });
    expect(problem.links).to.deep.equal([{ first: 1, second: 2, leastLag: 0, mostLag: 0 }]);
    expect(problem.travel.seconds[5]).to.equal(6125);
    expect(problem.weights.worstLatePerSecond).to.equal(1);
    expect(homeCareJobs(instance)[2]).to.deep.equal({ patient: 1, service: 1 });
  });
});

describe('The score of a home-care plan', () => {
  it('is the mean of distance, total tardiness and the greatest', () => {
    // c1: p1 at 10, then p2 from 20.125 on; c2 waits there for it. Both are 7.625 late.
    const plan = planOf(
      [
        [0, 10_000],
        [1, 20_125],
      ],
      [[2, 20_125]],
    );
    const distance = 5 + 6.125 + 10 + 20;
    expect(scoreHomeCare(instance, plan)).to.deep.equal({
      distance,
      totalTardiness: 2 * 7.625,
      maxTardiness: 7.625,
      cost: (distance + 3 * 7.625) / 3,
      faults: [],
    });
  });

  it('names each fault', () => {
    const faultsOf = (...shifts: readonly Stops[]): string => scoreHomeCare(instance, planOf(...shifts)).faults.join('; ');
    expect(faultsOf([[0, 10_000]], [[2, 10_000]])).to.equal('service 1 of p2 is not given');
    expect(
      faultsOf(
        [
          [1, 10_000],
          [0, 19_000],
        ],
        [[2, 10_000]],
      ),
    ).to.equal('s1 of p1 starts at 19, its caregiver comes at 20.125');
    expect(
      faultsOf(
        [
          [0, 9_000],
          [1, 20_000],
        ],
        [[2, 20_000]],
      ),
    ).to.equal('s1 of p1 starts at 9, the window at 10');
    expect(
      faultsOf(
        [
          [0, 10_000],
          [1, 20_125],
        ],
        [[2, 20_126]],
      ),
    ).to.match(/^the services of p2 are 0\.00\d* apart/);
    expect(
      faultsOf(
        [[2, 10_000]],
        [
          [0, 10_000],
          [1, 20_125],
        ],
      ),
    ).to.contain('caregiver 0 cannot give s2 of p2');
    expect(
      faultsOf(
        [[0, 10_000]],
        [
          [1, 10_000],
          [2, 14_000],
        ],
      ),
    ).to.contain('one caregiver gives both services of p2');
    expect(
      faultsOf(
        [
          [0, 10_000],
          [0, 14_000],
        ],
        [],
      ),
    ).to.contain('s1 of p1 is given twice');
  });
});

describe('Best known costs', () => {
  it('are read from the table', () => {
    const table =
      '| instance | distance_traveled | total_cost |\n|:---|---:|---:|\n| A_1.json | 654.596 | 218.199 |\n| B.json | 1 | 1111.37 |';
    expect([...readBestKnown(table)]).to.deep.equal([
      ['A_1', 218.199],
      ['B', 1111.37],
    ]);
  });
});
