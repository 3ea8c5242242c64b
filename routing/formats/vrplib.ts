import { MalformedInstance } from './malformed-instance.ts';
import type { RoutingInstance, RoutingKind, RoutingNode, RoutingVehicle } from './routing-instance.ts';
import { linesOf, numberIn, rowOf, wholeIn, type Cell, type Line } from './text-cells.ts';

/** Names as they stand in files, and what they mean to us. */
const KINDS: Readonly<Record<string, RoutingKind>> = {
  VRPTW: 'VRPTW',
  CVRPTW: 'VRPTW',
  SDVRPTW: 'SDVRPTW',
  PCVRPTW: 'PCVRPTW',
};
const HEADERS = [
  ...['NAME', 'COMMENT', 'TYPE', 'DIMENSION', 'VEHICLES', 'CAPACITY', 'SERVICE_TIME', 'VEHICLES_MAX_DURATION'],
  ...['EDGE_WEIGHT_TYPE', 'EDGE_WEIGHT_FORMAT'],
] as const;
const SECTIONS = [
  ...['NODE_COORD_SECTION', 'EDGE_WEIGHT_SECTION', 'DEMAND_SECTION', 'TIME_WINDOW_SECTION', 'SERVICE_TIME_SECTION'],
  ...['PRIZE_SECTION', 'CAPACITY_SECTION', 'VEHICLES_ALLOWED_CLIENTS_SECTION', 'DEPOT_SECTION'],
] as const;

interface Parts {
  readonly headers: ReadonlyMap<string, Cell>;
  readonly sections: ReadonlyMap<string, { readonly title: Line; readonly lines: readonly Line[] }>;
  readonly end: { readonly line: number; readonly column: number };
}

/**
 * Reads a VRPLIB file of type VRPTW, SDVRPTW or PCVRPTW. What we would not take account of is refused by its name.
 * @throws MalformedInstance with line and column.
 */
export function readVrplib(text: string): RoutingInstance {
  const parts = partsOf(text);
  const typeCell = header(parts, 'TYPE');
  const kind = KINDS[typeCell.text];
  if (kind === undefined)
    throw new MalformedInstance(typeCell, `type "${typeCell.text}" is not one of ${Object.keys(KINDS).join(', ')}`);
  const size = wholeIn(header(parts, 'DIMENSION'), 'number of nodes', 1);
  const lengths = lengthsOf(parts, size);
  const nodes = nodesOf(parts, size, lengths === null);
  checkDepot(parts);
  const longest = parts.headers.get('VEHICLES_MAX_DURATION');
  return {
    name: parts.headers.get('NAME')?.text ?? '',
    kind,
    nodes,
    vehicles: vehiclesOf(parts, size),
    longestDuration: longest === undefined ? null : numberIn(longest, 'duration'),
    lengths,
  };
}

function partsOf(text: string): Parts {
  const headers = new Map<string, Cell>();
  const sections = new Map<string, { title: Line; lines: Line[] }>();
  let lines: Line[] | null = null;
  let end = { line: 1, column: 1 };
  for (const line of linesOf(text)) {
    end = { line: line.number, column: 1 };
    const first = line.cells[0];
    if (first.text === 'EOF') break;
    if (!/^[A-Z]/.test(first.text)) {
      if (lines === null) throw new MalformedInstance(first, `"${first.text}" stands before any section`);
      lines.push(line);
      continue;
    }
    const found = /^\s*([A-Z_]+)\s*(?::\s*(.*?))?\s*$/.exec(line.text);
    const name = found?.[1] ?? first.text;
    if (SECTIONS.some((known) => known === name)) {
      if (sections.has(name)) throw new MalformedInstance(first, `${name} stands twice`);
      lines = [];
      sections.set(name, { title: line, lines });
      continue;
    }
    const value = found?.[2];
    if (!HEADERS.some((known) => known === name))
      throw new MalformedInstance(first, `"${name}" is not something we can take account of`);
    if (value === undefined) throw new MalformedInstance(first, `${name} has no value after a colon`);
    headers.set(name, { text: value, line: line.number, column: line.text.indexOf(value, line.text.indexOf(':')) + 1 });
    lines = null;
  }
  return { headers, sections, end };
}

function header(parts: Parts, name: (typeof HEADERS)[number]): Cell {
  const cell = parts.headers.get(name);
  if (cell === undefined) throw new MalformedInstance(parts.end, `the header ${name} is missing`);
  return cell;
}

/** The rows of a section by their first number, each from 1 to `count` exactly once, without that number. */
function byNumber(parts: Parts, name: (typeof SECTIONS)[number], count: number, columns: readonly string[]): number[][] {
  const section = parts.sections.get(name);
  if (section === undefined) throw new MalformedInstance(parts.end, `${name} is missing`);
  const rows: number[][] = [];
  for (const line of section.lines) {
    const [number = 0, ...row] = rowOf(line, ['number', ...columns]);
    if (!Number.isInteger(number) || number < 1 || number > count)
      throw new MalformedInstance(line.cells[0], `${name} has number ${number} where 1 to ${count} are wanted`);
    if (rows[number - 1] !== undefined) throw new MalformedInstance(line.cells[0], `${name} has number ${number} twice`);
    rows[number - 1] = row;
  }
  const missing = Array.from({ length: count }, (_, index) => index).find((index) => rows[index] === undefined);
  if (missing !== undefined) throw new MalformedInstance(section.title.cells[0], `${name} has no row ${missing + 1}`);
  return rows;
}

function nodesOf(parts: Parts, size: number, needPlaces: boolean): [RoutingNode, ...RoutingNode[]] {
  const places =
    needPlaces || parts.sections.has('NODE_COORD_SECTION') ? byNumber(parts, 'NODE_COORD_SECTION', size, ['x', 'y']) : [];
  const demands = byNumber(parts, 'DEMAND_SECTION', size, ['demand']);
  const windows = byNumber(parts, 'TIME_WINDOW_SECTION', size, ['start of the window', 'end of the window']);
  const everywhere = parts.headers.get('SERVICE_TIME');
  const services = parts.sections.has('SERVICE_TIME_SECTION')
    ? byNumber(parts, 'SERVICE_TIME_SECTION', size, ['service time'])
    : [];
  if (services.length === 0 && everywhere === undefined)
    throw new MalformedInstance(parts.end, 'neither SERVICE_TIME nor SERVICE_TIME_SECTION is there');
  const service = everywhere === undefined ? 0 : numberIn(everywhere, 'service time');
  const prizes = parts.sections.has('PRIZE_SECTION') ? byNumber(parts, 'PRIZE_SECTION', size, ['prize']) : [];
  const node = (index: number): RoutingNode => ({
    x: places[index]?.[0] ?? 0,
    y: places[index]?.[1] ?? 0,
    demand: demands[index]?.[0] ?? 0,
    ready: windows[index]?.[0] ?? 0,
    due: windows[index]?.[1] ?? 0,
    // SERVICE_TIME is the customers': the depot has none.
    service: services[index]?.[0] ?? (index === 0 ? 0 : service),
    prize: prizes[index]?.[0] ?? 0,
  });
  return [node(0), ...Array.from({ length: size - 1 }, (_, index) => node(index + 1))];
}

function lengthsOf(parts: Parts, size: number): Float64Array | null {
  const type = header(parts, 'EDGE_WEIGHT_TYPE');
  if (type.text === 'EUC_2D') return null;
  const format = parts.headers.get('EDGE_WEIGHT_FORMAT');
  if (type.text !== 'EXPLICIT' || format?.text !== 'FULL_MATRIX')
    throw new MalformedInstance(format ?? type, 'lengths are read as EUC_2D, or as EXPLICIT in the format FULL_MATRIX');
  const section = parts.sections.get('EDGE_WEIGHT_SECTION');
  if (section === undefined) throw new MalformedInstance(parts.end, 'EDGE_WEIGHT_SECTION is missing');
  const cells = section.lines.flatMap((line) => line.cells);
  if (cells.length !== size * size)
    throw new MalformedInstance(section.title.cells[0], `EDGE_WEIGHT_SECTION has ${cells.length} numbers, not ${size} x ${size}`);
  return Float64Array.from(cells, (cell) => numberIn(cell, 'length'));
}

function vehiclesOf(parts: Parts, size: number): RoutingVehicle[] {
  const countCell = parts.headers.get('VEHICLES');
  // A file that limits no fleet: as many as there are customers is no limit.
  const count = countCell === undefined ? Math.max(1, size - 1) : wholeIn(countCell, 'number of vehicles', 1);
  const one = parts.headers.get('CAPACITY');
  const capacities = parts.sections.has('CAPACITY_SECTION') ? byNumber(parts, 'CAPACITY_SECTION', count, ['capacity']) : [];
  if (one === undefined && capacities.length === 0)
    throw new MalformedInstance(parts.end, 'neither CAPACITY nor CAPACITY_SECTION is there');
  const capacity = one === undefined ? 0 : numberIn(one, 'capacity');
  const allowed = allowedOf(parts, count, size);
  return Array.from({ length: count }, (_, index) => ({
    capacity: capacities[index]?.[0] ?? capacity,
    serves: allowed === null ? null : (allowed.get(index) ?? new Set()),
  }));
}

/** Customers by vehicle: a line a vehicle, its number and then the numbers of nodes (2 = customer 1). */
function allowedOf(parts: Parts, vehicles: number, size: number): Map<number, ReadonlySet<number>> | null {
  const section = parts.sections.get('VEHICLES_ALLOWED_CLIENTS_SECTION');
  if (section === undefined) return null;
  const allowed = new Map<number, ReadonlySet<number>>();
  for (const { cells } of section.lines) {
    const vehicle = wholeIn(cells[0], 'number of a vehicle', 1) - 1;
    if (vehicle >= vehicles || allowed.has(vehicle))
      throw new MalformedInstance(cells[0], `vehicle ${vehicle + 1} stands twice or is not there`);
    const customers = cells.slice(1).map((cell) => {
      const customer = wholeIn(cell, 'number of a node', 2) - 1;
      if (customer >= size) throw new MalformedInstance(cell, `there is no node ${customer + 1}`);
      return customer;
    });
    allowed.set(vehicle, new Set(customers));
  }
  return allowed;
}

function checkDepot(parts: Parts): void {
  const cells = parts.sections.get('DEPOT_SECTION')?.lines.flatMap((line) => line.cells) ?? [];
  const wrong = cells.find(({ text }, index) => text !== (index === 0 ? '1' : '-1'));
  if (wrong !== undefined) throw new MalformedInstance(wrong, 'one depot is read, and it must be node 1');
}
