import { expect } from 'chai';
import type { PlanView } from '../../stores/plans/contract.ts';
import type { PublishOutcome } from '../../stores/work/contract.ts';
import { brokenInvariants } from '../../stores/work/invariants.fixtures.ts';
import type { JobCandidates } from './contract.ts';
import { inTown, openTown, type Town, type TownOptions } from './town.db.test.ts';

const SNOW = { skills: ['snow'], plant: [] };
/** Not sent to the crews at once: the town's clock stands at eight. */
const AFTER_TEN = { from: '2026-01-27T15:00:00.000Z', until: '2026-01-27T18:00:00.000Z' };
const NOBODY = { skills: ['diving'], plant: [] };

interface Held {
  readonly id: string;
  readonly job_id: string;
  readonly slot: number;
  readonly shift_id: string;
  readonly state: string;
  readonly version: number;
  readonly planned_start: Date | null;
}

describe('work for two crews at once, from report to crews', () => {
  let town: Town;
  let jobId: string;
  const open = async (options: Partial<TownOptions> = {}, slots = [SNOW, SNOW]): Promise<void> => {
    town = await openTown({ crews: 4, ...options });
    await town.report(inTown(8));
    const [job] = await town.report(inTown(10).slice(9), { slots, windows: [AFTER_TEN] });
    if (job === undefined) throw new Error('no job');
    jobId = job.id;
  };
  afterEach(async () => {
    expect(await brokenInvariants(town.tools.db)).to.deep.equal([]);
    await town.close();
  });

  const publish = async (plan: PlanView): Promise<PublishOutcome> => {
    const answer = await town.ask<PublishOutcome>('POST', `/api/plans/${plan.id}/publish`, { envelope: town.envelope() });
    expect(answer.status).to.equal(200);
    return answer.body;
  };
  const plan = () => town.plan({ seed: 1, iterations: 300 });
  const halves = (): Promise<Held[]> =>
    town.tools
      .db('assignment')
      .where({ job_id: jobId })
      .whereIn('state', ['planned', 'dispatched'])
      .whereNull('requested')
      .orderBy('slot') as unknown as Promise<Held[]>;
  const order = async (command: object): Promise<void> => {
    const answer = await town.ask('POST', '/api/assignments/commands', { envelope: town.envelope(), command });
    expect(answer.status).to.equal(200);
  };
  const assign = async (slot: number, shiftId: string | undefined): Promise<void> => {
    const { version } = await town.tools.db('job').where({ id: jobId }).first<{ version: number }>('version');
    await order({ type: 'assignment.assign', jobId, version, slot, shiftId, lockCrew: true });
  };
  const expectTogether = async (): Promise<readonly Held[]> => {
    const both = await halves();
    expect(both.map(({ slot }) => slot)).to.deep.equal([0, 1]);
    expect(new Set(both.map(({ shift_id }) => shift_id)).size).to.equal(2);
    expect(both[0]?.planned_start?.getTime()).to.be.a('number').and.to.equal(both[1]?.planned_start?.getTime());
    return both;
  };

  it('is planned for two crews with one start, and published to both', async () => {
    await open();
    const draft = await plan();
    expect(draft.leftOut).to.deep.equal([]);
    const starts = draft.stops.filter((stop) => stop.jobId === jobId).map(({ start }) => start);
    expect([starts.length, new Set(starts).size]).to.deep.equal([2, 1]);
    expect(await publish(draft)).to.include({ assigned: 10 });
    await expectTogether();
  });

  it('joins the crew that a dispatcher has chosen for one half', async () => {
    await open();
    const mine = town.shifts.at(-1);
    await assign(1, mine?.id);
    await publish(await plan());
    expect((await expectTogether())[1]?.shift_id).to.equal(mine?.id);
  });

  it('finds another crew when one half is taken off, and keeps both together', async () => {
    await open();
    await publish(await plan());
    const [, off] = await expectTogether();
    await order({ type: 'assignment.unassign', assignmentId: off?.id, version: off?.version });
    expect((await halves()).map(({ slot }) => slot)).to.deep.equal([0]);
    const outcome = await publish(await plan());
    expect(outcome.leftAlone).to.deep.equal([]);
    await expectTogether();
  });

  it('takes the other half off its crew when nobody can do the one any more', async () => {
    await open();
    await publish(await plan());
    const [, off] = await expectTogether();
    await order({ type: 'assignment.unassign', assignmentId: off?.id, version: off?.version });
    await town.tools
      .db('job')
      .where({ id: jobId })
      .update({ slots: JSON.stringify([SNOW, NOBODY]) });
    const draft = await plan();
    expect(draft.leftOut.map(({ slot, reason, takenOff }) => [slot, reason, takenOff])).to.deep.equal([
      [0, { code: 'linked_job_does_not_fit', params: { jobId, slot: 1 } }, true],
      [1, { code: 'no_crew_with_skills', params: { missing: ['diving'] } }, false],
    ]);
    expect(await publish(draft)).to.include({ unassigned: 1 });
    expect(await halves()).to.deep.equal([]);
  });

  it('is published to both crews or to none', async () => {
    await open();
    const draft = await plan();
    const [stop, other] = draft.stops.filter(({ jobId: id }) => id === jobId);
    await town.tools.db('crew_shift').where({ id: stop?.shiftId }).increment('planning_version', 1);
    const { leftAlone } = await publish(draft);
    expect(leftAlone.filter((left) => left.jobId === jobId)).to.have.deep.members([
      { jobId, slot: stop?.slot, because: 'shift_changed' },
      { jobId, slot: other?.slot, because: 'other_crew_left_alone' },
    ]);
    expect(await halves()).to.deep.equal([]);
  });

  it('says who could take one half beside the crew that has the other', async () => {
    await open();
    await publish(await plan());
    const [first, second] = await expectTogether();
    const asked = await town.ask<JobCandidates>('GET', `/api/jobs/${jobId}/candidates?slot=1`);
    const of = (shiftId: string | undefined) => asked.body.candidates.find((one) => one.shiftId === shiftId);
    expect(of(first?.shift_id)?.blocked?.code).to.equal('has_other_slot');
    expect(of(second?.shift_id)).to.include({ current: true, blocked: null });
    for (const { fit } of asked.body.candidates) {
      if (fit !== null) expect(Date.parse(fit.start)).to.be.at.least(first?.planned_start?.getTime() ?? Infinity);
    }
  });
});
