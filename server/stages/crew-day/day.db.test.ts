import { expect } from 'chai';
import { estimate, UNLEARNED } from '../../../routing/roads/estimate.ts';
import type { RoadNetwork } from '../../../routing/roads/road-network.ts';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import { aFleet } from '../../stores/positions/testing.ts';
import { JOB_PLACE, later, startField, type FieldStack } from '../completion/field-stack.db.test.ts';
import { CrewDay, type CrewStop } from './contract.ts';

const EAST = { lon: -77.0, lat: 38.9 };

describe("a crew's day", () => {
  let field: FieldStack;
  let asked: number;
  beforeEach(async () => {
    asked = 0;
    const straight = estimate({ ...UNLEARNED, version: 'roads-1' });
    const roads: RoadNetwork = {
      version: 'roads-1',
      table: (...all) => straight.table(...all),
      async path(...all) {
        asked++;
        return { ...(await straight.path(...all)), source: 'osrm' };
      },
    };
    field = await startField({ roads });
  });
  afterEach(() => field.close());

  const read = async (actor = field.fleet.actor): Promise<CrewDay> => {
    const answer = await field.get(`/api/shifts/${field.fleet.shiftId}/day`, actor);
    expect(answer.status).to.equal(200);
    return CrewDay.parse(answer.body);
  };
  const jobsOf = (day: CrewDay): CrewStop[] => day.stops.filter((stop) => stop.kind === 'job');
  const say = (type: 'field.travel' | 'field.arrive' | 'field.start', assignmentId: string, at: Date) =>
    field.fact({ type, assignmentId: AssignmentId.parse(assignmentId) }, at);

  it('is the stops in order with way, directions and times, from where the shift starts', async () => {
    const [one, two] = [await field.makeJob(), await field.makeJob({ place: EAST })];
    const day = await read();
    expect(jobsOf(day).map((s) => s.assignmentId)).to.deep.equal([one.assignmentId, two.assignmentId]);
    const [first, second] = jobsOf(day);
    expect(first).to.deep.include({ state: 'dispatched', title: 'Pothole', place: JOB_PLACE, arrivalSuggested: false });
    expect(first!.way!.line.precision).to.equal(5);
    expect(first!.way!.directions.steps.length).to.be.greaterThan(0);
    expect(first!.eta).to.deep.include({ source: 'osrm', ageSeconds: null });
    const travel = (Date.parse(first!.eta!.arrival) - later(0).getTime()) / 1000;
    expect(travel).to.equal(first!.way!.seconds);
    expect(Date.parse(second!.eta!.arrival)).to.equal(Date.parse(first!.eta!.end) + second!.way!.seconds * 1000);
    expect(JSON.stringify(day)).not.to.match(/secret|Ada|example/);
  });

  it('is made anew from the live position while that is fresh', async () => {
    const job = await field.makeJob();
    await field.fixes({ deviceSeq: 1, fixTime: later(-20).toISOString(), ...EAST, accuracyMetres: 5 });
    const fresh = await read();
    expect(fresh.position).to.deep.include({ fresh: true, ageSeconds: 20, ...EAST });
    expect(jobsOf(fresh)[0]!.eta!.ageSeconds).to.equal(20);
    field.clock.set(later(600));
    const stale = await read();
    expect(stale.position).to.deep.include({ fresh: false, ageSeconds: 620 });
    expect(jobsOf(stale)[0]!.eta!.ageSeconds).to.equal(null);
    expect(jobsOf(stale)[0]!.way!.seconds).to.not.equal(jobsOf(fresh)[0]!.way!.seconds);
    expect(jobsOf(stale)[0]!.assignmentId).to.equal(job.assignmentId);
  });

  it('says between when and when it arrives, nine times in ten: wider the farther ahead, and earlier for an old position', async () => {
    await field.makeJob();
    await field.makeJob({ place: EAST });
    await field.fixes({ deviceSeq: 1, fixTime: later(0).toISOString(), ...EAST, accuracyMetres: 5 });
    const spans = (day: CrewDay) =>
      jobsOf(day).map(({ eta }) => {
        const [from, arrival, until] = [eta!.range!.from, eta!.arrival, eta!.range!.until].map((time) => Date.parse(time) / 1000);
        return { early: arrival! - from!, late: until! - arrival!, percent: eta!.range!.percent };
      });
    const [first, second] = spans(await read());
    const drive = jobsOf(await read())[0]!.way!.seconds;
    expect(first!.percent).to.equal(90);
    expect(first!.late).to.be.closeTo(196 + (2160 * drive) / 3600, 0.01);
    expect(first!.early).to.be.closeTo((2280 * drive) / 3600, 0.01);
    expect(second!.late).to.be.greaterThan(first!.late);
    expect(second!.early).to.be.greaterThan(first!.early);
    field.clock.set(later(60));
    expect(spans(await read())[0]!.early).to.be.closeTo(first!.early + 60, 0.01);
  });

  it('follows what the crew reports: driving, there, working', async () => {
    const [one] = [await field.makeJob(), await field.makeJob({ place: EAST })];
    await say('field.travel', one!.assignmentId, later(0));
    field.clock.set(later(300));
    await field.fixes({ deviceSeq: 1, fixTime: later(295).toISOString(), ...JOB_PLACE, accuracyMetres: 5 });
    expect(jobsOf(await read())[0]).to.include({ state: 'travelling', arrivalSuggested: true });
    await say('field.arrive', one!.assignmentId, later(300));
    await say('field.start', one!.assignmentId, later(300));
    field.clock.set(later(900));
    const [working, next] = jobsOf(await read());
    expect(working).to.include({ state: 'working', way: null, arrivalSuggested: false });
    expect(working!.eta!.range).to.equal(null);
    expect(working!.eta).to.deep.include({ arrival: later(300).toISOString(), end: later(2100).toISOString() });
    expect(Date.parse(next!.eta!.arrival)).to.equal(later(2100).getTime() + next!.way!.seconds * 1000);
    await field.fact(
      { type: 'field.complete', assignmentId: AssignmentId.parse(one!.assignmentId), fixesThrough: null },
      later(900),
    );
    const [done] = jobsOf(await read());
    expect(done).to.include({ state: 'completed', eta: null, way: null, verification: 'pending' });
  });

  it('says what has changed since the crew looked', async () => {
    const one = await field.makeJob();
    const before = await read();
    expect(before.changes).to.deep.equal({ since: 0, added: [one.assignmentId], moved: [], removed: [] });
    const path = `/api/shifts/${field.fleet.shiftId}/acknowledge-order`;
    const seen = await field.post(path, { orderVersion: before.orderVersion }, field.fleet.actor);
    expect(seen.body).to.include({ acknowledgedVersion: before.orderVersion });
    expect((await read()).changes.added).to.deep.equal([]);
    const two = await field.makeJob({ place: EAST });
    const now = await field.assignment(one.assignmentId);
    await field.system({ type: 'assignment.recall', assignmentId: now.id, version: now.version, reason: 'elsewhere' });
    const after = await read();
    expect(after.changes).to.deep.equal({
      since: before.orderVersion,
      added: [two.assignmentId],
      moved: [],
      removed: [one.assignmentId],
    });
    const early = await field.post(path, { orderVersion: after.orderVersion + 1 }, field.fleet.actor);
    expect([early.status, early.body['type']]).to.deep.equal([409, '/problems/no-such-order']);
    const again = await field.post(path, { orderVersion: 1 }, field.fleet.actor);
    expect(again.body).to.include({ acknowledgedVersion: before.orderVersion });
  });

  it('costs the router nothing when forty phones ask again, and sees a change at once', async () => {
    const job = await field.makeJob();
    await read();
    const before = asked;
    await Promise.all(Array.from({ length: 40 }, () => read()));
    expect(asked).to.equal(before);
    await say('field.travel', job.assignmentId, later(0));
    expect(jobsOf(await read())[0]!.state).to.equal('travelling');
  });

  it('is the crew’s own: another crew is told there is no such shift', async () => {
    const other = await aFleet(field.fresh.db, { from: later(-3600), until: later(3600), number: 2 });
    const path = `/api/shifts/${field.fleet.shiftId}/day`;
    expect((await field.get(path, other.actor)).body['type']).to.equal('/problems/no-such-shift');
    expect((await field.get(path, field.desk({ organisationId: other.organisationId }))).status).to.equal(404);
    expect((await field.get(path, field.desk())).status).to.equal(200);
  });

  it('without a router: estimates that say so, lines that are straight', async () => {
    await field.close();
    field = await startField();
    await field.makeJob();
    const day = await read();
    expect(day.roads.source).to.equal('estimate');
    expect(jobsOf(day)[0]!.eta!.source).to.equal('estimate');
    expect(jobsOf(day)[0]!.way!.source).to.equal('estimate');
  });
});
