import { expect } from 'chai';
import { FrameReader } from '../../../../dispatcher-ui/state/frame-reader.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { encodeFrame, hashOf } from './encode.ts';
import { FleetPicture } from './fleet-picture.ts';

const VAN = '11111111-1111-4111-8111-111111111111';
const TRUCK = '22222222-2222-4222-8222-222222222222';
const NOON = Date.parse('2026-01-27T12:00:00Z');

const move = (vehicleId: string, secondsAgo: number, over: Partial<VehicleMove['marker']> = {}): VehicleMove => ({
  organisationId: 'works',
  shiftId: vehicleId === VAN ? '33333333-3333-4333-8333-333333333333' : null,
  marker: {
    vehicleId,
    deviceId: '44444444-4444-4444-8444-444444444444',
    deviceSeq: 1,
    time: new Date(NOON - secondsAgo * 1000),
    receivedAt: new Date(NOON - secondsAgo * 1000 + 1500),
    lon: -77.0365298,
    lat: 38.8976763,
    accuracyMetres: 5,
    speedMps: 8.5,
    headingDegrees: 90,
    source: 'crew_phone',
    ...over,
  },
});

/** Both sides are held to these bytes: whoever changes the layout changes its version and makes new ones. */
const GOLDEN = [
  // version 1, full and hashed, 24 bytes an entry, tick 7, noon, two entries, the hash and what it is over
  '01031800' + '07000000' + '0000e032f5bf7942' + '02000000' + '307b70b8' + '02000000',
  '00000000' + '8e2815d2' + '7b502f17' + 'f4010000' + '0f00' + '0500' + '11' + '40' + '01' + '00',
  '01000000' + '002eb694' + '00e9a435' + '9cffffff' + '0f00' + 'ffff' + 'ff' + 'ff' + '02' + '00',
].join('');

describe('the frame of positions', () => {
  const picture = new FleetPicture();
  picture.take(move(VAN, 5));
  picture.take(
    move(TRUCK, -1, { lon: -180, lat: 90, accuracyMetres: null, speedMps: null, headingDegrees: null, source: 'tracker' }),
  );
  const hash = hashOf(picture, () => true);
  const frame = encodeFrame(picture, [0, 1], { tick: 7, at: new Date(NOON), full: true, hash });

  it('is these bytes', () => {
    expect(frame.toString('hex')).to.equal(GOLDEN);
  });
  it('is read as what it was made of', () => {
    const reader = new FrameReader();
    reader.takeRoster([
      { index: 0, vehicleId: VAN, shiftId: null },
      { index: 1, vehicleId: TRUCK, shiftId: null },
    ]);
    const news = reader.read(frame);
    expect(news).to.deep.include({ tick: 7, at: NOON, full: true, adds: true });
    expect(news.spots[0]).to.deep.equal({
      vehicleId: VAN,
      shiftId: null,
      lon: -77.0365298,
      lat: 38.8976763,
      fixAtMs: NOON - 5_000,
      receivedAtMs: NOON - 3_500,
      accuracyMetres: 5,
      speedMps: 8.5,
      headingDegrees: 91,
      source: 'crew_phone',
      cutOff: false,
    });
    expect(news.spots[1]).to.include({ lon: -180, lat: 90, accuracyMetres: null, speedMps: null, source: 'tracker' });
  });
});
