import { expect } from 'chai';
import fc from 'fast-check';
import { greatCircleMetres } from '../../../routing/units.ts';
import { clusterIndex, clusterSquares, jobToJoin, type ClusterCandidate, type ClusterJob } from './cluster.ts';

const policy = { radiusMetres: 50, windowSeconds: 3600 };
const noon = new Date('2026-01-27T17:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const origin = { lon: -77.03, lat: 38.91 };
/** `east` metres east of the origin. */
const east = (metres: number) => ({
  lon: origin.lon + metres / (111_195 * Math.cos((origin.lat * Math.PI) / 180)),
  lat: origin.lat,
});

const aJob = (over: Partial<ClusterJob> = {}): ClusterJob => ({
  jobId: 'job-1',
  jobType: 'clear_snow',
  emergency: false,
  place: origin,
  reports: [{ place: origin, reportedAt: noon }],
  ...over,
});
const aReport = (over: Partial<ClusterCandidate> = {}): ClusterCandidate => ({
  jobType: 'clear_snow',
  emergency: false,
  place: east(40),
  reportedAt: later(60),
  ...over,
});

describe('jobToJoin', () => {
  it('joins a job of the same type that is near in space and time', () => {
    expect(jobToJoin(aReport(), [aJob()], policy)).to.equal('job-1');
  });

  it('takes a report at the same point and the same instant', () => {
    expect(jobToJoin(aReport({ place: origin, reportedAt: noon }), [aJob()], { radiusMetres: 0, windowSeconds: 0 })).to.equal(
      'job-1',
    );
  });

  it('keeps apart what is farther than the radius, of another type, or outside the window on either side', () => {
    expect(jobToJoin(aReport({ place: east(51) }), [aJob()], policy)).to.equal(null);
    expect(jobToJoin(aReport({ jobType: 'fill_pothole' }), [aJob()], policy)).to.equal(null);
    expect(jobToJoin(aReport({ reportedAt: later(3601) }), [aJob()], policy)).to.equal(null);
    expect(jobToJoin(aReport({ reportedAt: later(-3601) }), [aJob()], policy)).to.equal(null);
  });

  it('measures from the nearest report, but not farther than two radii from the place of the job', () => {
    const chain = aJob({ reports: [0, 45, 90].map((metres) => ({ place: east(metres), reportedAt: noon })) });
    expect(jobToJoin(aReport({ place: east(99) }), [chain], policy)).to.equal('job-1');
    expect(jobToJoin(aReport({ place: east(101) }), [chain], policy)).to.equal(null);
  });

  it('takes the job whose report is nearest, whatever the order', () => {
    const far = aJob({ jobId: 'far' });
    const near = aJob({ jobId: 'near', place: east(60), reports: [{ place: east(60), reportedAt: noon }] });
    expect(jobToJoin(aReport(), [far, near], policy)).to.equal('near');
    expect(jobToJoin(aReport(), [near, far], policy)).to.equal('near');
  });

  it('never hides an emergency in an ordinary job, and lets an ordinary report join an emergency', () => {
    expect(jobToJoin(aReport({ emergency: true }), [aJob()], policy)).to.equal(null);
    expect(jobToJoin(aReport(), [aJob({ emergency: true })], policy)).to.equal('job-1');
  });
});

describe('clusterIndex', () => {
  it('answers as looking at every job would', () => {
    const report = fc.record({
      x: fc.integer({ min: 0, max: 600 }),
      y: fc.integer({ min: 0, max: 600 }),
      after: fc.integer({ min: 0, max: 7200 }),
    });
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 60 }), (reports) => {
        const index = clusterIndex(policy.radiusMetres, origin.lat);
        const all = new Map<string, ClusterJob>();
        for (const [i, { x, y, after }] of reports.entries()) {
          const candidate = aReport({ place: { lon: east(x).lon, lat: origin.lat + y / 111_195 }, reportedAt: later(after) });
          const expected = jobToJoin(candidate, all.values(), policy);
          expect(index.find(candidate, policy)).to.equal(expected);
          if (expected === null) {
            const job = aJob({ jobId: `job-${i}`, place: candidate.place, reports: [candidate] });
            all.set(job.jobId, job);
            index.add(job);
          } else {
            const job = all.get(expected)!;
            all.set(expected, { ...job, reports: [...job.reports, candidate] });
            index.join(expected, candidate);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('clusterSquares', () => {
  it('gives any two reports within one radius a square in common', () => {
    const coordinate = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (dLon, dLat, angle, share, radius) => {
          const a = { lon: origin.lon + dLon, lat: origin.lat + dLat };
          const metres = share * radius;
          const b = {
            lon: a.lon + (metres * Math.cos(angle)) / (111_195 * Math.cos((a.lat * Math.PI) / 180)),
            lat: a.lat + (metres * Math.sin(angle)) / 111_195,
          };
          fc.pre(greatCircleMetres(a, b) <= radius);
          const ofA = clusterSquares(a, radius, origin.lat);
          const ofB = clusterSquares(b, radius, origin.lat);
          expect(ofA.some((square) => ofB.includes(square))).to.equal(true);
          expect(ofA.length).to.be.at.most(4);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
