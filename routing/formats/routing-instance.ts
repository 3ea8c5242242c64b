/** An instance of the routing papers as its file has it: lengths, times and prizes still in the file's own unit. */
export interface RoutingInstance {
  readonly name: string;
  readonly kind: RoutingKind;
  /** The depot first, then the customers 1, 2, ... as solutions name them. */
  readonly nodes: readonly [RoutingNode, ...RoutingNode[]];
  readonly vehicles: readonly RoutingVehicle[];
  /** Most time from leaving the depot to being back; null = any. */
  readonly longestDuration: number | null;
  /** nodes x nodes, row = from; null = straight lines between the nodes. */
  readonly lengths: Float64Array | null;
}

/**
 * VRPTW: every customer once, within its window. SDVRPTW: only by some of the vehicles, routes not longer than so much.
 * PCVRPTW: a customer may be left out at the price of its prize.
 */
export type RoutingKind = 'VRPTW' | 'SDVRPTW' | 'PCVRPTW';

export interface RoutingNode {
  readonly x: number;
  readonly y: number;
  readonly demand: number;
  /** Work starts from `ready` to `due`; who comes earlier waits. At the depot: when vehicles may leave and must be back. */
  readonly ready: number;
  readonly due: number;
  readonly service: number;
  /** Of PCVRPTW: what leaving it out costs; 0 elsewhere. */
  readonly prize: number;
}

export interface RoutingVehicle {
  readonly capacity: number;
  /** Customers it may serve; null = all. */
  readonly serves: ReadonlySet<number> | null;
}

/** How a kind turns its lengths into whole numbers, by custom: everything times `factor`, lengths then rounded so. */
export interface Rounding {
  readonly factor: number;
  readonly round: (length: number) => number;
  /** A cost in whole numbers divided by this is the cost as solution files print it. */
  readonly costDivisor: number;
}

/** VRPTW lengths are cut to a tenth (the DIMACS challenge), those of SDVRPTW rounded to a thousandth (PyVRP/Instances). */
export const ROUNDING: Readonly<Record<RoutingKind, Rounding>> = {
  VRPTW: { factor: 10, round: Math.floor, costDivisor: 10 },
  PCVRPTW: { factor: 10, round: Math.floor, costDivisor: 1 },
  SDVRPTW: { factor: 1000, round: Math.round, costDivisor: 1 },
};

/** The length from one node to another as a whole number, by the kind's custom. */
export function wholeLength(instance: RoutingInstance, from: number, to: number): number {
  const { factor, round } = ROUNDING[instance.kind];
  if (instance.lengths !== null) return round((instance.lengths[from * instance.nodes.length + to] ?? 0) * factor);
  const a = instance.nodes[from];
  const b = instance.nodes[to];
  if (a === undefined || b === undefined) throw new RangeError(`no node ${from} or no node ${to}`);
  return round(Math.hypot(a.x - b.x, a.y - b.y) * factor);
}

/** A time or prize of the file as a whole number. */
export const wholeTime = (instance: RoutingInstance, time: number): number => Math.round(time * ROUNDING[instance.kind].factor);
