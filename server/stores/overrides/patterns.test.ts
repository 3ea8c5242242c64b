import { expect } from 'chai';
import { LEAST_SUPPORT, minePatterns, withLabels, type PatternCase } from './patterns.ts';

const NOTHING = { refused: [], kept: [], chosen: [] };
const work = (count: number, over: Partial<PatternCase> = {}): PatternCase[] => [
  { crewNumber: 4, crewName: 'Crew 4', areas: ['East'], hour: 16, jobType: 'pothole', count, ...over },
];

describe('patterns of overrides', () => {
  it('finds the crew that is not used for the east after three', () => {
    const found = minePatterns({
      refused: [...work(20), ...work(17, { jobType: 'tree' }), ...work(2, { areas: ['West'], hour: 10 })],
      kept: [
        ...work(3),
        ...work(40, { areas: ['West'] }),
        ...work(40, { hour: 10 }),
        ...work(40, { hour: 10, jobType: 'tree' }),
        ...work(30, { crewNumber: 5, crewName: 'Crew 5' }),
      ],
      chosen: [],
    });
    expect(found).to.deep.equal([
      {
        what: 'refused',
        crewNumber: 4,
        crewName: 'Crew 4',
        area: 'East',
        hours: { from: 15, until: null },
        jobType: null,
        support: 37,
        of: 40,
        elsewhere: 2 / 152,
      },
    ]);
  });

  it('finds the crew that is chosen again and again for one kind of work', () => {
    const others = [5, 6, 7].flatMap((crewNumber) => work(10, { crewNumber, crewName: `Crew ${crewNumber}`, jobType: 'tree' }));
    const chosen = [...work(12), ...work(1, { crewNumber: 5, crewName: 'Crew 5' }), ...others];
    const [first, ...more] = minePatterns({ ...NOTHING, chosen });
    expect(first).to.deep.include({ what: 'chosen', crewNumber: 4, jobType: 'pothole', support: 12, of: 13, elsewhere: 0 });
    expect(more).to.deep.equal([]);
  });

  it('names the kind of work as the catalogue does, and keeps the code of one that is no longer in it', () => {
    const others = [5, 6, 7].flatMap((crewNumber) => work(10, { crewNumber, crewName: `Crew ${crewNumber}`, jobType: 'tree' }));
    const found = minePatterns({ ...NOTHING, chosen: [...work(12), ...others] });
    const labels = (catalogue: { code: string; label: string }[]) =>
      withLabels(found, catalogue).map(({ jobType, jobTypeLabel }) => [jobType, jobTypeLabel]);
    expect(labels([{ code: 'pothole', label: 'Pothole repair' }])).to.deep.equal([['pothole', 'Pothole repair']]);
    expect(labels([])).to.deep.equal([['pothole', 'pothole']]);
    const anything = found.map((pattern) => ({ ...pattern, jobType: null }));
    expect(withLabels(anything, [])[0]?.jobTypeLabel).to.equal(null);
  });

  it('says nothing of few cases, of what happens everywhere as often, and of what cannot be compared', () => {
    const few = { refused: work(LEAST_SUPPORT - 1), kept: work(50, { areas: ['West'] }), chosen: [] };
    expect(minePatterns(few)).to.deep.equal([]);
    const everywhere = {
      refused: [...work(10), ...work(10, { areas: ['West'], hour: 10, crewNumber: 5 })],
      kept: [...work(10), ...work(10, { areas: ['West'], hour: 10, crewNumber: 5 })],
      chosen: [],
    };
    expect(minePatterns(everywhere)).to.deep.equal([]);
    expect(minePatterns({ refused: work(30), kept: [], chosen: [] })).to.deep.equal([]);
  });

  it('calls nothing a rule that mostly is not so', () => {
    const elsewhere = work(1_000, { areas: ['West'], hour: 10, jobType: 'tree', crewNumber: 5 });
    const of = (refused: number, kept: number) =>
      minePatterns({ refused: work(refused), kept: [...work(kept), ...elsewhere], chosen: [] }).map(({ support }) => support);
    expect(of(49, 51)).to.deep.equal([]);
    expect(of(51, 49)).to.deep.equal([51]);
  });
});
