import { expect } from 'chai';
import { MalformedInstance } from './malformed-instance.ts';
import { readSolomonText } from './solomon-text.ts';

const TINY = `TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.   XCOORD.   YCOORD.   DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0        0         0         0          0          100          0
    1        3         4         4          0           50          5
    2        0         8         6         10           60          5
`;

describe("Solomon's text format", () => {
  it('gives fleet, depot and customers', () => {
    const instance = readSolomonText(TINY.replaceAll('\n', '\r\n'));
    expect(instance).to.include({ name: 'TINY', kind: 'VRPTW' });
    expect(instance.vehicles).to.deep.equal([
      { capacity: 10, serves: null },
      { capacity: 10, serves: null },
    ]);
    expect(instance.nodes[0].due).to.equal(100);
    expect(instance.nodes[2]).to.deep.equal({ x: 0, y: 8, demand: 6, ready: 10, due: 60, service: 5, prize: 0 });
  });

  it('is refused with line and column', () => {
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ['    2        0  ', '    3        0  ', /^line 12, column 5: number 3 where 2 is next/],
      ['4         4  ', '4         x  ', /^line 11, column 34: "x" is no demand/],
      ['CUSTOMER', 'CLIENTS', /^line 13, column 1: the part CUSTOMER is missing/],
      ['  2         10', '  0         10', /^line 5, column 3: "0" is no number of vehicles/],
      ['  2         10', '  2', /^line 5, column 4: the capacity is missing/],
    ];
    for (const [from, to, says] of wrong) {
      expect(TINY).to.contain(from);
      expect(() => readSolomonText(TINY.replace(from, to))).to.throw(MalformedInstance, says);
    }
  });
});
