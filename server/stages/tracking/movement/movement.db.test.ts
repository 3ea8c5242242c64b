import { expect } from 'chai';
import { estimate, UNLEARNED } from '../../../../routing/roads/estimate.ts';
import type { RoadNetwork } from '../../../../routing/roads/road-network.ts';
import { AssignmentId } from '../../../stores/assignments/contract.ts';
import type { MovementView } from '../../../stores/movements/contract.ts';
import type { SentFix } from '../../../stores/positions/contract.ts';
import { JOB_PLACE, later, startField, type FieldStack, type MadeJob } from '../../completion/field-stack.db.test.ts';

const METRE = 1 / 111_195;
/** A road that runs straight: what is driven beside it is off the way. */
const straight = estimate({ ...UNLEARNED, version: 'straight' });
const roads: RoadNetwork = {
  version: 'straight',
  table: (...all) => straight.table(...all),
  path: async (...all) => ({ ...(await straight.path(...all)), source: 'osrm' }),
};

interface Look {
  readonly at: number;
  /** Metres north and east of the job. */
  readonly north: number;
  readonly east?: number;
  readonly speedMps?: number;
}

/** From 3 km south, a detour of 1 km to the east, to the job, away again, and standing for half an hour in the middle of nowhere. */
function aDrive(): Look[] {
  const looks: Look[] = [];
  for (let at = 0, north = -3000; north < -2000; at += 30, north += 250) looks.push({ at, north, speedMps: 8 });
  for (let at = 120; at <= 420; at += 30) looks.push({ at, north: -1500, east: 1000, speedMps: 8 });
  for (let at = 450, north = -900; north < 0; at += 30, north += 250) looks.push({ at, north, speedMps: 8 });
  for (let at = 570; at <= 660; at += 30) looks.push({ at, north: 10, speedMps: 0 });
  for (let at = 690, north = 250; north <= 1500; at += 30, north += 250) looks.push({ at, north, speedMps: 8 });
  for (let at = 870; at <= 2700; at += 90) looks.push({ at, north: 1500, speedMps: 0 });
  for (let at = 2730, north = 1800; north < 3000; at += 30, north += 300) looks.push({ at, north, speedMps: 8 });
  return looks;
}

describe('events from movement', () => {
  let field: FieldStack;
  let job: MadeJob;
  beforeEach(async () => {
    field = await startField({ roads });
    job = await field.makeJob();
  });
  afterEach(() => field.close());

  const sent = (seq: number, { at, north, east = 0, speedMps = 0 }: Look): SentFix => ({
    deviceSeq: seq,
    fixTime: later(at).toISOString(),
    lon: JOB_PLACE.lon + (east * METRE) / Math.cos((JOB_PLACE.lat * Math.PI) / 180),
    lat: JOB_PLACE.lat + north * METRE,
    accuracyMetres: 5,
    speedMps,
  });
  const events = async (): Promise<{ type: string; at: number; assignment: string | null; shift: string; body: object }[]> => {
    const rows = await field.fresh
      .db('event')
      .whereLike('type', 'movement.%')
      .orderBy('seq')
      .select<{ type: string; at: Date; assignment_id: string | null; shift_id: string; body: object }[]>('*');
    return rows.map((row) => ({
      type: row.type.replace('movement.', ''),
      at: (row.at.getTime() - later(0).getTime()) / 1000,
      assignment: row.assignment_id,
      shift: row.shift_id,
      body: row.body,
    }));
  };
  const lines = async (): Promise<string[]> => (await events()).map(({ type, at }) => `${type} ${at}`);
  const say = (type: 'field.travel' | 'field.arrive', at: number) =>
    field.fact({ type, assignmentId: AssignmentId.parse(job.assignmentId) }, later(at));
  const EXPECTED = ['off_way 120', 'off_way_over 450', 'entered 570', 'left 690', 'long_stop 840', 'long_stop_over 2730'];

  async function driveAll(each?: () => Promise<void>): Promise<void> {
    let seq = 0;
    for (const look of aDrive()) {
      field.clock.set(later(look.at + 1));
      await field.fixes(sent(++seq, look));
      if (seq === 1) await say('field.travel', 1);
      if (look.at === 600) await say('field.arrive', 600);
      await each?.();
    }
  }

  it('each once, in the log, at the time it began, with its figures and the place to about 11 m', async () => {
    await driveAll();
    expect(await lines()).to.deep.equal(EXPECTED);
    const [off, , entered, , long] = await events();
    expect(entered).to.include({ assignment: job.assignmentId, shift: field.fleet.shiftId });
    expect(entered!.body).to.deep.equal({ vehicleId: field.fleet.vehicleId, lon: -77.03, lat: 38.9001 });
    expect(off!.body).to.deep.include({ metres: 1000, limitMetres: 400, seconds: 180 });
    expect(long!.body).to.deep.include({ seconds: 1200, limitSeconds: 1200 });
    const answer = await field.get(`/api/shifts/${field.fleet.shiftId}/movements`, field.desk());
    const views = answer.body as unknown as MovementView[];
    expect(views.map(({ kind, until }) => [kind, until === null])).to.deep.equal([
      ['long_stop', false],
      ['fence', false],
      ['off_way', false],
    ]);
    const other = field.desk({ organisationId: '00000000-0000-7000-8000-000000000009' });
    expect((await field.get(`/api/shifts/${field.fleet.shiftId}/movements`, other)).status).to.equal(404);
  });

  it('the same, and nothing twice, when memory is lost after every single position', async function () {
    this.timeout(180_000);
    await driveAll(() => field.loseMovements());
    expect(await lines()).to.deep.equal(EXPECTED);
  });

  it('the same, when each position is stored and the server dies before it has looked at it', async function () {
    this.timeout(180_000);
    field.lookAtMoves(false);
    await driveAll(() => field.loseMovements());
    expect(await lines()).to.deep.equal(EXPECTED);
  });

  it('silent, and heard again', async () => {
    field.clock.set(later(1));
    await field.fixes(sent(1, { at: 0, north: -3000 }));
    field.clock.set(later(1000));
    await field.loseMovements();
    await field.lookForMovements();
    expect(await lines()).to.deep.equal(['silent 0']);
    await field.fixes(sent(2, { at: 995, north: -3000 }));
    expect(await lines()).to.deep.equal(['silent 0', 'silent_over 995']);
  });

  it('panic: told at once, pressed again it is the same alarm, and it is the crew’s own to raise', async () => {
    const path = `/api/shifts/${field.fleet.shiftId}/alarm`;
    expect((await field.post(path, {}, field.fleet.actor)).body).to.deep.equal({ told: true });
    field.clock.set(later(60));
    expect((await field.post(path, {}, field.fleet.actor)).body).to.deep.equal({ told: false });
    await field.loseMovements();
    expect((await field.post(path, {}, field.fleet.actor)).body).to.deep.equal({ told: false });
    field.clock.set(later(400));
    expect((await field.post(path, {}, field.fleet.actor)).body).to.deep.equal({ told: true });
    expect(await lines()).to.deep.equal(['panic 0', 'panic 400']);
    const stranger = { ...field.fleet.actor, deviceId: '00000000-0000-7000-8000-000000000001' };
    expect((await field.post(path, {}, stranger)).status).to.equal(404);
  });

  it('a place that became a stop meanwhile is known at once', async () => {
    const far = { lon: JOB_PLACE.lon, lat: JOB_PLACE.lat + 5000 * METRE };
    field.clock.set(later(1));
    await field.fixes(sent(1, { at: 0, north: 5000 }));
    const other = await field.makeJob({ place: far });
    field.clock.set(later(31));
    await field.fixes(sent(2, { at: 15, north: 5000 }), sent(3, { at: 30, north: 5000 }));
    field.clock.set(later(61));
    await field.fixes(sent(4, { at: 60, north: 5000 }));
    const entered = (await events()).filter(({ type }) => type === 'entered');
    expect(entered.map(({ assignment }) => assignment)).to.deep.equal([other.assignmentId]);
  });
});
