import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemActor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import type { PlanShiftView, PlanView } from '../../stores/plans/contract.ts';
import { apply } from '../../stores/work/apply.ts';
import { inTown, MORNING, openTown } from './town.db.test.ts';

describe('a plan says what it did about where each crew is', () => {
  it('a fresh position, one moved on along its way, or the plan alone', async () => {
    const time = simulatedClock(MORNING);
    const town = await openTown({ crews: 5, clock: time });
    try {
      const { db } = town.tools;
      await town.report(inTown(21));
      const first = await town.plan({ seed: 1, iterations: 200 });
      await town.ask('POST', `/api/plans/${first.id}/publish`, { envelope: town.envelope() });
      const at = (seconds: number): Date => new Date(MORNING.getTime() + seconds * 1000);
      const stops = (await db('assignment')
        .where({ position: 0 })
        .whereNot({ state: 'cancelled' })
        .orderBy('shift_id')
        .select('id', 'shift_id')) as { id: string; shift_id: string }[];
      expect(stops.length).to.be.greaterThan(2);
      const vehicleOf = async (shiftId: string): Promise<string> =>
        ((await db('shift_member').where({ shift_id: shiftId, kind: 'vehicle' }).first('resource_id')) as { resource_id: string })
          .resource_id;
      const seen = async (shiftId: string, seconds: number): Promise<void> =>
        void (await db('vehicle_position').insert({
          vehicle_id: await vehicleOf(shiftId),
          device_id: randomUUID(),
          device_seq: 1,
          fix_time: at(seconds),
          received_at: at(seconds),
          lon: -77.1,
          lat: 38.95,
          source: 'tracker',
        }));
      // All three are seen; two set out; one of them is heard of again.
      const [fresh, silent, waiting] = stops as [(typeof stops)[0], (typeof stops)[0], (typeof stops)[0]];
      await seen(silent.shift_id, 0);
      await seen(waiting.shift_id, 0);
      for (const { id } of [fresh, silent]) {
        await inChange(town.tools, systemActor, (change) =>
          apply(change, 'all', { type: 'field.travel', assignmentId: AssignmentId.parse(id) }),
        );
      }
      time.set(at(480));
      await seen(fresh.shift_id, 460);
      const draft: PlanView = await town.plan({ seed: 1, iterations: 200 });
      const of = (shiftId: string): Pick<PlanShiftView, 'startSource' | 'startFrom' | 'startAgeSeconds'> => {
        const { startSource, startFrom, startAgeSeconds } = draft.shifts.find((shift) => shift.shiftId === shiftId)!;
        return { startSource, startFrom, startAgeSeconds };
      };
      expect(of(fresh.shift_id)).to.deep.equal({ startSource: 'live_position', startFrom: 'fix', startAgeSeconds: 20 });
      expect(of(silent.shift_id)).to.deep.equal({ startSource: 'projected', startFrom: 'projected', startAgeSeconds: 480 });
      expect(of(waiting.shift_id)).to.deep.equal({ startSource: 'depot', startFrom: 'planned', startAgeSeconds: null });
      const kept = await db('plan')
        .where({ id: draft.id })
        .first<{ result: { shifts: { source: string; ageSeconds: number }[] } }>('result');
      expect(new Set(kept.result.shifts.map(({ source }) => source))).to.deep.equal(
        new Set(['depot', 'live_position', 'projected']),
      );
    } finally {
      await town.close();
    }
  });
});
