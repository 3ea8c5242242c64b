import { expect } from 'chai';
import fc from 'fast-check';
import type { AssignmentState } from '../assignments/contract.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { mergeOrder } from './order.ts';

/** Only what an order is made from. */
const stop = (id: string, state: AssignmentState, plannedStart: string | null): AssignmentRecord =>
  ({ id, state, plannedStart }) as AssignmentRecord;
const at = (hour: number): string => `2026-01-27T${String(hour).padStart(2, '0')}:00:00.000Z`;

describe('the order of a shift under a new plan', () => {
  it('gives the places between to what is with the crew already, in its order', () => {
    const stops = [
      stop('a', 'working', at(8)),
      stop('b', 'dispatched', at(9)),
      stop('x', 'planned', at(10)),
      stop('y', 'planned', at(11)),
    ];
    expect(
      mergeOrder(
        stops,
        new Map([
          ['y', 2],
          ['x', 3],
        ]),
      ),
    ).to.deep.equal(['a', 'b', 'y', 'x']);
    expect(
      mergeOrder(
        stops,
        new Map([
          ['y', 1],
          ['x', 3],
        ]),
      ),
    ).to.deep.equal(['a', 'y', 'b', 'x']);
  });
  it('lets in what the plan does not know by its planned start', () => {
    const stops = [
      stop('x', 'planned', at(9)),
      stop('left', 'planned', at(10)),
      stop('y', 'planned', at(11)),
      stop('hand', 'planned', null),
    ];
    expect(
      mergeOrder(
        stops,
        new Map([
          ['x', 0],
          ['y', 1],
        ]),
      ),
    ).to.deep.equal(['x', 'left', 'y', 'hand']);
  });
  it('puts work the crew was told of without a time first', () => {
    const stops = [stop('x', 'planned', at(9)), stop('told', 'accepted', null), stop('too', 'accepted', null)];
    expect(mergeOrder(stops, new Map([['x', 0]]))).to.deep.equal(['told', 'too', 'x']);
  });
  it('loses and doubles nothing, and keeps the plan’s order and the crew’s', () => {
    const record = fc.record({
      told: fc.boolean(),
      start: fc.option(fc.integer({ min: 0, max: 23 })),
      wanted: fc.option(fc.nat(20)),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (list) => {
        const stops = list.map((r, i) => stop(`s${i}`, r.told ? 'accepted' : 'planned', r.start === null ? null : at(r.start)));
        const wanted = new Map<string, number>(
          list.flatMap((r, i) => (r.wanted === null || r.told ? [] : [[`s${i}`, r.wanted] as const])),
        );
        const order = mergeOrder(stops, wanted);
        expect([...order].sort()).to.deep.equal(stops.map((s) => s.id).sort());
        const places = order.filter((id) => wanted.has(id)).map((id) => wanted.get(id)!);
        expect(places).to.deep.equal([...places].sort((a, b) => a - b));
      }),
    );
  });
});
