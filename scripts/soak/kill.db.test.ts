import { expect } from 'chai';
import '../../db/testing.ts';
import { killRun, type KillReport } from './kill-run.ts';

const NOTHING = { lost: [], doubled: [], contradicted: [] };

/** The short form of `npm run soak:kill`. */
describe('kill -9 under positions and facts', function () {
  this.timeout(240_000);
  let report: KillReport;
  before(async () => {
    report = await killRun({ kills: 3, databaseKills: 1, devices: 6, writers: 4, say: () => undefined });
  });

  it('loses and doubles nothing in 3 kills of the server and 1 of PostgreSQL', () => {
    expect(report.failures).to.deep.equal([]);
    expect(report.fixes_found).to.deep.equal(NOTHING);
    expect(report.facts_found).to.deep.equal({ ...NOTHING, log: [] });
    expect(report.repeats, 'requests that met a dead server').to.be.at.least(3);
    expect(report.fixes).to.be.greaterThan(50);
    expect(report.changes).to.be.greaterThan(20);
  });

  it('has each vehicle at its newest trusted fix whenever it says that it is ready, and soon after PostgreSQL was killed', () => {
    expect(report.wrong_markers).to.deep.equal([]);
    expect(report.ready_ms).to.have.length(3);
    expect(report.restored_ms).to.have.length(1);
  });

  it('catches a server that acknowledges before it has committed, and one that stores without a key', () => {
    expect(report.wrong_designs.early.lost).not.to.deep.equal([]);
    expect(report.wrong_designs.keyless.doubled).not.to.deep.equal([]);
  });
});
