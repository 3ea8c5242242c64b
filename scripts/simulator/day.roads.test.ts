import path from 'node:path';
import { expect } from 'chai';
import '../../db/testing.ts';
import { loadCity, type LoadedCity } from '../../server/stores/city/load.ts';
import { openStreets } from '../../server/stores/city/streets.ts';
import { ensureRoads } from './city-roads.ts';
import type { RecordedDay } from '../../server/stores/recorded-days/contract.ts';
import type { DayReport } from './day-report.ts';
import { inventedRequests, type DayRequests } from './requests.ts';
import { runDay, type DayRun } from './run-day.ts';

const root = path.join(import.meta.dirname, '../..');
const home = path.resolve(process.env['THUMA_HOME'] ?? path.join(root, '.thuma'));
const DATE = '2026-03-02';

/** A morning of Gothenburg with invented reports: real server process, real PostgreSQL, real OSRM, six phones. */
describe('a recorded morning', function () {
  this.timeout(600_000);
  let city: LoadedCity;
  let requests: DayRequests;

  const morning = (over: Partial<DayRun> = {}): Promise<{ report: DayReport; record: RecordedDay }> =>
    runDay({
      city,
      home,
      date: DATE,
      seed: 7,
      requests,
      crews: 6,
      planEveryMinutes: 20,
      iterations: 60,
      hours: [6, 10],
      say: () => undefined,
      ...over,
    }).then(({ report, invariants, record }) => {
      const broken = Object.entries(invariants).filter(([, finding]) => !finding.holds);
      expect(broken, JSON.stringify(broken)).to.deep.equal([]);
      return { report, record };
    });

  before(async () => {
    city = await loadCity(path.join(root, 'cities/gothenburg'));
    const dataset = await ensureRoads(city.config, { root, home, say: () => undefined });
    requests = inventedRequests(city.config, await openStreets(dataset.folder), DATE, 7);
  });

  it('is the same again for the same seed, and everything holds', async () => {
    const { report, record } = await morning();
    const again = await morning();
    const { timings: first, ...one } = report;
    const { timings: _second, ...other } = again.report;
    expect(other).to.deep.equal(one);
    const { figures: _figures, ...kept } = record;
    const { figures: _others, ...keptAgain } = again.record;
    expect(keptAgain).to.deep.equal(kept);
    expect(first.wallSeconds).to.be.greaterThan(0);
    expect(one.done.jobs, 'jobs done').to.be.greaterThan(5);
    expect(one.plans.length, 'plans').to.be.greaterThan(8);
    expect(
      one.plans.every((plan) => plan.certified),
      'every LP is certified',
    ).to.equal(true);
    expect(one.fixes.lost, 'fixes lost').to.equal(0);
    addsUp(record, one);
  });

  /** What is kept of the day says the same as its report. */
  function addsUp({ jobs, crews, hours, from, until }: RecordedDay, report: Omit<DayReport, 'timings'>): void {
    const ended = (outcome: string) => jobs.filter((job) => job.outcome === outcome);
    expect(jobs.length).to.equal(report.jobs.made);
    expect(ended('done').length).to.equal(report.done.jobs);
    expect(jobs.filter(({ lateMinutes }) => lateMinutes !== null).length).to.equal(report.late.jobs);
    expect(hours.reduce((sum, hour) => sum + hour.reports, 0)).to.equal(report.requests.inDay);
    expect(hours.reduce((sum, hour) => sum + hour.jobsDone, 0)).to.equal(report.done.jobs);
    expect(crews.length).to.equal(report.crews.count);
    for (const { name, stretches } of crews) {
      stretches.forEach((stretch, i) => {
        expect(stretch.from < stretch.until, name).to.equal(true);
        expect(stretch.from >= from && stretch.until <= until, name).to.equal(true);
        if (i > 0) expect(stretch.from, `${name}: a gap`).to.equal(stretches[i - 1]!.until);
      });
    }
    const worked = new Set(crews.flatMap(({ stretches }) => stretches.flatMap((s) => (s.kind === 'work' ? [s.jobNumber] : []))));
    expect(ended('done').filter(({ number }) => !worked.has(number))).to.deep.equal([]);
  }

  it('survives the death of the router and of the database in the middle: shown, nothing lost, healed', async () => {
    const { report } = await morning({
      faults: [
        { what: 'router', atMinute: 7 * 60 + 30 },
        { what: 'database', atMinute: 8 * 60 + 30 },
      ],
    });
    expect(report.timings.faults.map(({ what }) => what)).to.deep.equal(['router', 'database']);
    for (const fault of report.timings.faults) expect(fault.healedAfterSeconds, `${fault.what} healed`).to.be.a('number');
    expect(report.done.jobs).to.be.greaterThan(5);
    expect(report.fixes.lost).to.equal(0);
  });
});
