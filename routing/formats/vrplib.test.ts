import { expect } from 'chai';
import { MalformedInstance } from './malformed-instance.ts';
import { readVrplib } from './vrplib.ts';

const VRPTW = `NAME : TINY
COMMENT : Made by hand: three customers
TYPE : CVRPTW
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 8.5
4 -6 8
DEMAND_SECTION
1 0
2 4
3 4
4 4
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 10 60
4 0 70
DEPOT_SECTION
1
-1
EOF
`;

const SDVRPTW = `NAME: SITES
TYPE: SDVRPTW
EDGE_WEIGHT_TYPE: EUC_2D
DIMENSION: 3
VEHICLES: 2
VEHICLES_MAX_DURATION: 40
NODE_COORD_SECTION
1	0	0
2	3	4
3	0	8
DEMAND_SECTION
1	0
2	4
3	4
SERVICE_TIME_SECTION
1	0
2	7
3	9
TIME_WINDOW_SECTION
1	0	100
2	0	50
3	10	60
CAPACITY_SECTION
1	4
2	8
VEHICLES_ALLOWED_CLIENTS_SECTION
1	2
2	2	3
EOF
`;

/** The place and the words of what is wrong. */
function refusal(text: string): string {
  try {
    readVrplib(text);
  } catch (error) {
    if (error instanceof MalformedInstance) return error.message;
    throw error;
  }
  return 'was read';
}

describe('VRPLIB files', () => {
  it('of VRPTW: places, windows, demands, one service time for all but the depot, equal vehicles', () => {
    const instance = readVrplib(VRPTW);
    expect(instance).to.include({ name: 'TINY', kind: 'VRPTW', longestDuration: null, lengths: null });
    expect(instance.nodes).to.have.length(4);
    expect(instance.nodes[0]).to.deep.equal({ x: 0, y: 0, demand: 0, ready: 0, due: 100, service: 0, prize: 0 });
    expect(instance.nodes[2]).to.deep.equal({ x: 0, y: 8.5, demand: 4, ready: 10, due: 60, service: 5, prize: 0 });
    expect(instance.vehicles).to.deep.equal([
      { capacity: 10, serves: null },
      { capacity: 10, serves: null },
    ]);
  });

  it('of SDVRPTW: capacities, customers and the longest duration by vehicle', () => {
    const instance = readVrplib(SDVRPTW);
    expect(instance).to.include({ kind: 'SDVRPTW', longestDuration: 40 });
    expect(instance.vehicles).to.deep.equal([
      { capacity: 4, serves: new Set([1]) },
      { capacity: 8, serves: new Set([1, 2]) },
    ]);
    expect(instance.nodes[2]?.service).to.equal(9);
  });

  it('of PCVRPTW: prizes', () => {
    const prizes = 'PRIZE_SECTION\n1 0\n2 11\n3 12\n4 13\nDEPOT_SECTION';
    const instance = readVrplib(VRPTW.replace('CVRPTW', 'PCVRPTW').replace('DEPOT_SECTION', prizes));
    expect(instance.kind).to.equal('PCVRPTW');
    expect(instance.nodes.map(({ prize }) => prize)).to.deep.equal([0, 11, 12, 13]);
  });

  it('with a whole matrix, which need not be symmetric', () => {
    const matrix = 'EDGE_WEIGHT_SECTION\n0 1 2 3\n4 0 5 6\n7 8 0 9\n1 2 3 0\nDEMAND_SECTION';
    const text = VRPTW.replace('EUC_2D', 'EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX').replace('DEMAND_SECTION', matrix);
    const lengths = readVrplib(text).lengths;
    expect(lengths?.[1]).to.equal(1);
    expect(lengths?.[4]).to.equal(4);
  });

  it('without a number of vehicles have as many as customers', () => {
    expect(readVrplib(VRPTW.replace('VEHICLES : 2\n', '')).vehicles).to.have.length(3);
  });

  it('are refused with line, column and the name of what is wrong', () => {
    expect(refusal(VRPTW.replace('3 0 8.5', '3 0 north'))).to.equal('line 12, column 5: "north" is no y');
    expect(refusal(VRPTW.replace('2 3 4', '2 3'))).to.equal('line 11, column 4: the y is missing');
    expect(refusal(VRPTW.replace('2 3 4', '2 3 4 5'))).to.match(/^line 11, column 7: one cell too many/);
    expect(refusal(VRPTW.replace('2 3 4', '1 3 4'))).to.equal('line 11, column 1: NODE_COORD_SECTION has number 1 twice');
    expect(refusal(VRPTW.replace('4 0 70\n', ''))).to.equal('line 19, column 1: TIME_WINDOW_SECTION has no row 4');
    expect(refusal(VRPTW.replace('CVRPTW', 'TSP'))).to.match(/^line 3, column 8: type "TSP"/);
    expect(refusal(VRPTW.replace('DEPOT_SECTION', 'BACKHAUL_SECTION'))).to.match(/^line 24, column 1: "BACKHAUL_SECTION" is not/);
    expect(refusal(VRPTW.replace('DEPOT_SECTION\n1', 'DEPOT_SECTION\n2'))).to.match(/^line 25, column 1: one depot/);
    expect(refusal(VRPTW.replace('EUC_2D', 'GEO'))).to.match(/^line 8, column 20: lengths are read/);
    expect(refusal(VRPTW.replace('CAPACITY : 10\n', ''))).to.match(/neither CAPACITY/);
    expect(refusal(SDVRPTW.replace('2	2	3\n', '2	2	9\n'))).to.match(/column 5: there is no node 9/);
    expect(refusal('')).to.equal('line 1, column 1: the header TYPE is missing');
  });
});
