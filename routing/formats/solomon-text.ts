import { MalformedInstance } from './malformed-instance.ts';
import type { RoutingInstance, RoutingNode } from './routing-instance.ts';
import { linesOf, rowOf, wholeIn } from './text-cells.ts';

const CUSTOMER = ['number', 'x', 'y', 'demand', 'ready time', 'due date', 'service time'];

/**
 * Reads Solomon's own text format, in which those of Gehring and Homberger are too: a name, VEHICLE with number and
 * capacity, CUSTOMER with a row a node, the depot as 0.
 * @throws MalformedInstance with line and column.
 */
export function readSolomonText(text: string): RoutingInstance {
  const lines = linesOf(text);
  const end = { line: (lines.at(-1)?.number ?? 0) + 1, column: 1 };
  const after = (title: string): number => {
    const found = lines.findIndex(({ cells }) => cells[0].text === title);
    if (found === -1) throw new MalformedInstance(end, `the part ${title} is missing`);
    return found + 2;
  };
  const fleet = lines[after('VEHICLE')];
  if (fleet === undefined) throw new MalformedInstance(end, 'VEHICLE has no row');
  const [, capacity = 0] = rowOf(fleet, ['number of vehicles', 'capacity']);
  const count = wholeIn(fleet.cells[0], 'number of vehicles', 1);
  const nodes = lines.slice(after('CUSTOMER')).map((line, index): RoutingNode => {
    const [number, x = 0, y = 0, demand = 0, ready = 0, due = 0, service = 0] = rowOf(line, CUSTOMER);
    if (number !== index) throw new MalformedInstance(line.cells[0], `number ${number} where ${index} is next`);
    return { x, y, demand, ready, due, service, prize: 0 };
  });
  const [depot, ...customers] = nodes;
  if (depot === undefined) throw new MalformedInstance(end, 'CUSTOMER has no row');
  return {
    name: lines[0]?.text.trim() ?? '',
    kind: 'VRPTW',
    nodes: [depot, ...customers],
    vehicles: Array.from({ length: count }, () => ({ capacity, serves: null })),
    longestDuration: null,
    lengths: null,
  };
}
