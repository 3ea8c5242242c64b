import { expect } from 'chai';
import fc from 'fast-check';
import type { TrackPoint } from '../../stores/positions/track.ts';
import { verdict, visitSeconds } from './verify.ts';

const JOB = { lon: -77.03, lat: 38.9 };
const AWAY = { lon: -77.04, lat: 38.9 };
const POLICY = { radiusMetres: 60, minimumDwellSeconds: 120 };
const START = Date.parse('2026-01-27T12:00:00Z');

const point = (seconds: number, place = JOB, accuracyMetres: number | null = 5): TrackPoint => ({
  time: new Date(START + seconds * 1000),
  ...place,
  accuracyMetres,
  speedMps: null,
  headingDegrees: null,
  flags: 0,
});
const stay = (...points: TrackPoint[]): number => visitSeconds(points, [JOB], POLICY);

describe('the visit a track shows', () => {
  it('is the time from the first to the last fix inside the fence', () => {
    expect(stay(point(0, AWAY), point(60), point(120), point(300), point(360, AWAY))).to.equal(240);
  });
  it('is nothing for a track that is empty, elsewhere, or drives by', () => {
    expect(stay()).to.equal(0);
    expect(stay(point(0, AWAY), point(600, AWAY))).to.equal(0);
    expect(stay(point(0, AWAY), point(10), point(20, AWAY))).to.equal(0);
  });
  it('bridges the silence of a phone that sleeps while nothing moves', () => {
    expect(stay(point(0), point(25 * 60))).to.equal(1500);
    expect(stay(point(0), point(31 * 60))).to.equal(0);
  });
  it('bridges a glitch outside, but not a trip', () => {
    expect(stay(point(0), point(60, AWAY), point(120), point(180))).to.equal(180);
    expect(stay(point(0), point(60), point(120, AWAY), point(400), point(430))).to.equal(60);
  });
  it('believes an unsure receiver a little outside, not a wildly unsure one', () => {
    const near = { lon: JOB.lon + 0.0011, lat: JOB.lat }; // 95 m
    expect(stay(point(0, near, 40), point(200, near, 40))).to.equal(200);
    expect(stay(point(0, near, 5), point(200, near, 5))).to.equal(0);
    expect(stay(point(0, AWAY, 5000), point(200, AWAY, 5000))).to.equal(0);
  });
  it('counts the nearest road point as the place too', () => {
    expect(visitSeconds([point(0, AWAY), point(150, AWAY)], [JOB, AWAY], POLICY)).to.equal(150);
  });
  it('is the longest stay, never longer than the track', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ gap: fc.integer({ min: 1, max: 3000 }), inside: fc.boolean() })), (steps) => {
        let time = 0;
        const track = steps.map(({ gap, inside }) => point((time += gap), inside ? JOB : AWAY));
        const seconds = visitSeconds(track, [JOB], POLICY);
        const inside = track.filter((p) => p.lon === JOB.lon);
        const span = inside.length === 0 ? 0 : (inside.at(-1)!.time.getTime() - inside[0]!.time.getTime()) / 1000;
        expect(seconds).to.be.within(0, span);
      }),
    );
  });
});

describe('the verdict', () => {
  const waiting = { allArrived: false, timedOut: false };
  const arrived = { allArrived: true, timedOut: false };
  it('believes a visit at once, also one seen late', () => {
    expect(verdict('pending', 120, POLICY, waiting)).to.equal('verified');
    expect(verdict('unverified', 300, POLICY, waiting)).to.equal('verified');
  });
  it('says unverified only when every fix is here or the time is up', () => {
    expect(verdict('pending', 119, POLICY, waiting)).to.equal(null);
    expect(verdict('pending', 119, POLICY, arrived)).to.equal('unverified');
    expect(verdict('pending', 0, POLICY, { allArrived: false, timedOut: true })).to.equal('unverified');
  });
  it('never takes a visit back, nor says the same again', () => {
    expect(verdict('verified', 0, POLICY, arrived)).to.equal(null);
    expect(verdict('unverified', 0, POLICY, arrived)).to.equal(null);
  });
  it('asks for some stay even where the policy asks for none', () => {
    expect(verdict('pending', 0, { ...POLICY, minimumDwellSeconds: 0 }, waiting)).to.equal(null);
  });
});
