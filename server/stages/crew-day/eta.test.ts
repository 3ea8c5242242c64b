import { expect } from 'chai';
import fc from 'fast-check';
import { projectDay, type DueBreak, type OpenStop } from './eta.ts';

const NOON = Date.parse('2026-01-27T12:00:00Z');
const at = (minutes: number): number => NOON + minutes * 60_000;
const aStop = (id: string, over: Partial<OpenStop> = {}): OpenStop => ({
  id,
  legSeconds: 600,
  serviceSeconds: 1800,
  windows: [],
  there: null,
  ...over,
});
const aBreak = (over: Partial<DueBreak> = {}): DueBreak => ({
  id: 'lunch',
  earliest: at(30),
  latest: at(90),
  lengthSeconds: 1800,
  takenAt: null,
  ...over,
});

describe('when the crew will be where', () => {
  it('drives and works, one after the other', () => {
    expect(projectDay([aStop('a'), aStop('b')], [], NOON, NOON)).to.deep.equal([
      { kind: 'stop', id: 'a', arrival: at(10), end: at(40) },
      { kind: 'stop', id: 'b', arrival: at(50), end: at(80) },
    ]);
  });
  it('finishes what it is at, from now', () => {
    const there = aStop('a', { there: { since: at(-20), secondsLeft: 300 } });
    expect(projectDay([there, aStop('b')], [], NOON, NOON)).to.deep.equal([
      { kind: 'stop', id: 'a', arrival: at(-20), end: at(5) },
      { kind: 'stop', id: 'b', arrival: at(15), end: at(45) },
    ]);
  });
  it('waits for a window; when the last has passed it works at once', () => {
    const waits = aStop('a', { windows: [{ from: at(60), until: at(90) }] });
    const late = aStop('b', { windows: [{ from: at(0), until: at(20) }] });
    expect(projectDay([waits, late], [], NOON, NOON).map((s) => s.kind === 'stop' && s.end)).to.deep.equal([at(90), at(130)]);
  });
  it('takes a break before the leg it is due on, or would be missed on', () => {
    expect(projectDay([aStop('a'), aStop('b')], [aBreak()], NOON, NOON)).to.deep.equal([
      { kind: 'stop', id: 'a', arrival: at(10), end: at(40) },
      { kind: 'break', id: 'lunch', start: at(40) },
      { kind: 'stop', id: 'b', arrival: at(80), end: at(110) },
    ]);
    const long = aStop('a', { serviceSeconds: 7200 });
    expect(projectDay([long], [aBreak()], NOON, NOON)[0]).to.deep.equal({ kind: 'break', id: 'lunch', start: at(30) });
  });
  it('ends a break that is being taken first, and puts those nobody makes due last', () => {
    const taking = aBreak({ takenAt: at(-10) });
    expect(projectDay([aStop('a')], [taking], NOON, NOON)).to.deep.equal([
      { kind: 'stop', id: 'a', arrival: at(30), end: at(60) },
    ]);
    const tea = aBreak({ id: 'tea', earliest: at(180), latest: at(240) });
    expect(projectDay([aStop('a')], [tea], NOON, NOON).map((s) => s.id)).to.deep.equal(['a', 'tea']);
  });
  it('never goes back in time, and forgets neither stop nor break', () => {
    const stops = fc.array(fc.record({ leg: fc.nat(7200), service: fc.integer({ min: 60, max: 14_400 }) }), { maxLength: 8 });
    const breaks = fc.array(fc.record({ earliest: fc.nat(600), span: fc.nat(120) }), { maxLength: 3 });
    fc.assert(
      fc.property(stops, breaks, (wantedStops, wantedBreaks) => {
        const day = projectDay(
          wantedStops.map((s, i) => aStop(`s${i}`, { legSeconds: s.leg, serviceSeconds: s.service })),
          wantedBreaks.map((b, i) => aBreak({ id: `b${i}`, earliest: at(b.earliest), latest: at(b.earliest + b.span) })),
          NOON,
          NOON,
        );
        const times = day.flatMap((s) => (s.kind === 'stop' ? [s.arrival, s.end] : [s.start]));
        expect(times).to.deep.equal([...times].sort((a, b) => a - b));
        expect(day.map((s) => s.id)).to.have.members([
          ...wantedStops.map((_, i) => `s${i}`),
          ...wantedBreaks.map((_, i) => `b${i}`),
        ]);
        expect(day.filter((s) => s.kind === 'stop').map((s) => s.id)).to.deep.equal(wantedStops.map((_, i) => `s${i}`));
      }),
    );
  });
});
