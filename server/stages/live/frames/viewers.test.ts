import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { FrameReader, type FrameNews } from '../../../../dispatcher-ui/state/frame-reader.ts';
import { simulatedClock } from '../../../platform/clock.ts';
import type { LiveSocket } from '../../../platform/sockets.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import type { RosterEntry, View } from './contract.ts';
import { viewers } from './viewers.ts';

const NOON = new Date('2026-01-27T12:00:00Z');
const TICK = 5;
/** Of the city's middle. */
const VIEW: View = { west: 11.9, south: 57.6, east: 12, north: 57.7 };

const move = (n: number, lon: number, second = 0): VehicleMove => ({
  organisationId: 'works',
  shiftId: null,
  marker: {
    vehicleId: `van-${n}`,
    deviceId: `phone-${n}`,
    deviceSeq: 1,
    time: new Date(NOON.getTime() + second * 1000),
    receivedAt: NOON,
    lon,
    lat: 57.65,
    accuracyMetres: 5,
    speedMps: 9,
    headingDegrees: 90,
    source: 'tracker',
  },
});

/** A client that reads what it is sent, and acknowledges at once. */
function client() {
  const reader = new FrameReader();
  const news: FrameNews[] = [];
  const socket: LiveSocket = {
    id: 'desk',
    actor: { kind: 'system' } as unknown as LiveSocket['actor'],
    join: () => undefined,
    leave: () => undefined,
    rooms: () => [],
    emit: (_name, entries) => reader.takeRoster(entries as RosterEntry[]),
    emitAcked(_name, frame, _millis, done) {
      news.push(reader.read(frame as Uint8Array));
      done(true);
    },
    close: () => undefined,
    onClose: () => undefined,
  };
  const lons = (id: string): number[] => news.flatMap(({ spots }) => spots.filter((s) => s.vehicleId === id).map((s) => s.lon));
  return { reader, news, socket, lons };
}

describe('who looks at a part of the city', () => {
  let wall = 0;
  const open = viewers({ clock: simulatedClock(NOON), tickMillis: TICK, wallMillis: () => wall });
  after(() => open.stop());
  const { reader, news, socket, lons } = client();

  it('is told at once of what moves there and of what leaves it, of the rest within ten seconds, and the hash adds up', async () => {
    open.moved([move(1, 11.95), move(2, 12.5)]);
    open.add(socket, null);
    await sleep(TICK * 4);
    expect(news[0]).to.include({ full: true, adds: true });
    expect([lons('van-1'), lons('van-2')]).to.deep.equal([[11.95], [12.5]]);

    open.setView('desk', VIEW);
    reader.setView(VIEW);
    await sleep(TICK * 4);
    open.moved([move(1, 11.96, 1), move(2, 12.6, 1)]);
    await sleep(TICK * 4);
    expect([lons('van-1'), lons('van-2')]).to.deep.equal([[11.95, 11.96], [12.5]]);
    open.moved([move(1, 12.1, 2)]);
    await sleep(TICK * 4);
    expect(lons('van-1').at(-1), 'it has left').to.equal(12.1);

    wall += 10_001;
    await sleep(TICK * 4);
    expect(lons('van-2')).to.deep.equal([12.5, 12.6]);
    expect(news.filter(({ full }) => full)).to.have.length(1);
    expect(news.every(({ adds }) => adds)).to.equal(true);
  });

  it('has everything when it looks at the whole city again, without being sent it all anew', async () => {
    open.moved([move(2, 12.7, 3)]);
    await sleep(TICK * 4);
    expect(lons('van-2').at(-1)).to.equal(12.6);
    open.setView('desk', null);
    reader.setView(null);
    wall += 5_000;
    await sleep(TICK * 4);
    expect(lons('van-2').at(-1)).to.equal(12.7);
    expect(news.filter(({ full }) => full)).to.have.length(1);
    expect(news.every(({ adds }) => adds)).to.equal(true);
  });
});
