import { expect } from 'chai';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { decodeMessage, encodeMessage, type NodeMessage } from './node-message.ts';
import { OtherNodes } from './other-nodes.ts';

const NODE = 'aaaaaaaa-0000-4000-8000-000000000001';
const OTHER = 'aaaaaaaa-0000-4000-8000-000000000002';
const VAN = 'bbbbbbbb-0000-4000-8000-000000000001';
const NOON = Date.parse('2026-01-27T12:00:00Z');

const aMove = (over: Partial<VehicleMove['marker']> = {}): VehicleMove => ({
  organisationId: 'cccccccc-0000-4000-8000-000000000001',
  shiftId: null,
  marker: {
    vehicleId: VAN,
    deviceId: 'dddddddd-0000-4000-8000-000000000001',
    deviceSeq: 2 ** 40 + 1,
    time: new Date(NOON),
    receivedAt: new Date(NOON + 120),
    lon: -77.0365298,
    lat: 38.8976763,
    accuracyMetres: 5,
    speedMps: null,
    headingDegrees: 271.5,
    source: 'crew_phone',
    ...over,
  },
});
const message = (kind: NodeMessage['kind'], before: number, over: Partial<NodeMessage> = {}): NodeMessage => ({
  kind,
  nodeId: NODE,
  before,
  moves: [],
  ...over,
});

describe('a message between servers', () => {
  it('is read as it was written', () => {
    const shiftId = 'eeeeeeee-0000-4000-8000-000000000001';
    const told = message('moves', 7, { moves: [aMove(), { ...aMove({ accuracyMetres: null }), shiftId }] });
    expect(decodeMessage(encodeMessage(told))).to.deep.equal(told);
  });
  it('of another version, cut or drawn out is passed over', () => {
    const bytes = encodeMessage(message('moves', 1, { moves: [aMove()] }));
    expect(decodeMessage(bytes.subarray(0, bytes.length - 1))).to.equal(null);
    expect(decodeMessage(Buffer.concat([bytes, Buffer.alloc(1)]))).to.equal(null);
    expect(decodeMessage(Buffer.alloc(3))).to.equal(null);
    const newer = Buffer.from(bytes);
    newer[0] = 2;
    expect(decodeMessage(newer)).to.equal(null);
  });
});

describe('the other servers', () => {
  const start = () => {
    const seen = { now: 0, moves: 0, cutOff: [] as string[], gaps: 0, hellos: 0, committed: 0 };
    const others = new OtherNodes({
      wallMillis: () => seen.now,
      onMoves: (moves) => (seen.moves += moves.length),
      onCutOff: (ids) => seen.cutOff.push(...ids),
      onGap: () => seen.gaps++,
      onHello: () => seen.hellos++,
      onCommitted: () => seen.committed++,
    });
    return { seen, others };
  };

  it('are asked for everything when they are new and when one of their messages was lost, and only then', () => {
    const { seen, others } = start();
    others.take(message('alive', 10));
    others.take(message('moves', 11, { moves: [aMove()] }));
    expect([seen.gaps, seen.moves]).to.deep.equal([1, 1]);
    others.take(message('alive', 13));
    expect(seen.gaps).to.equal(2);
    others.take(message('hello', 14));
    others.take(message('committed', 15));
    expect([seen.gaps, seen.hellos, seen.committed]).to.deep.equal([2, 1, 1]);
  });
  it('that fall silent have their vehicles cut off once, and are asked for everything when they are back', () => {
    const { seen, others } = start();
    others.take(message('moves', 0, { moves: [aMove()] }));
    seen.now = 2_900;
    others.look();
    expect(seen.cutOff).to.deep.equal([]);
    seen.now = 3_100;
    others.look();
    others.look();
    expect([seen.cutOff, others.alive()]).to.deep.equal([[VAN], 0]);
    others.take(message('alive', 1));
    expect([seen.gaps, others.alive()]).to.deep.equal([2, 1]);
  });
  it('that end have their vehicles cut off at once; those that another hears by then are not', () => {
    const { seen, others } = start();
    const second = 'bbbbbbbb-0000-4000-8000-000000000002';
    const third = 'bbbbbbbb-0000-4000-8000-000000000003';
    const moves = [aMove(), aMove({ vehicleId: second }), aMove({ vehicleId: third })];
    others.take(message('moves', 0, { moves }));
    others.take(message('moves', 0, { nodeId: OTHER, moves: [aMove({ vehicleId: second })] }));
    others.heardHere(third);
    others.take(message('bye', 1));
    expect(seen.cutOff).to.deep.equal([VAN]);
    expect([others.isElsewhere(second), others.isElsewhere(third)]).to.deep.equal([true, false]);
  });
});
