import { type AssignmentProblem, NOBODY, type Prices } from './assignment.ts';
import type { Arcs } from './programme.ts';

/** The residual graph has a cycle of negative length: the assignment was not optimal over these arcs. */
export class NotOptimal extends Error {
  override readonly name = 'NotOptimal';
}

/**
 * Duals of an optimal integral assignment by shortest paths on its residual graph. The simplex solver gives none, and
 * those of successive shortest paths depend on the order of the jobs; these do not. (Ahuja, Magnanti, Orlin, Network
 * Flows, 1993, section 9.4: node potentials of a minimum-cost flow are shortest distances in the residual graph.)
 *
 * A job's price follows from its crew's (`cost + crew`) or is its waiting price, so only crews and one node for "nobody"
 * are left: crews + 1 nodes, Bellman and Ford's method on a dense matrix. For crews s and t,
 *   length(s, t)      = least (cost(i, t) - cost(i, s)) over jobs i that s has: s hands i over to t;
 *   length(s, nobody) = least (waiting(i) - cost(i, s)): s sends i back; 0 when s has room;
 *   length(nobody, t) = least (cost(i, t) - waiting(i)) over waiting jobs i: t takes i; at most 0: a place stays empty.
 */
class ResidualGraph {
  readonly nodes: number;
  readonly nobody: number;
  private readonly length: Float64Array;
  private readonly problem: AssignmentProblem;
  private readonly crewOf: Int32Array;

  /** Without any arc yet. */
  constructor(problem: AssignmentProblem, crewOf: Int32Array) {
    const { jobs, crews, cost, waiting, capacity } = problem;
    this.problem = problem;
    this.crewOf = crewOf;
    this.nodes = crews + 1;
    this.nobody = crews;
    this.length = new Float64Array(this.nodes * this.nodes).fill(Infinity);
    const room = capacity.slice();
    for (let i = 0; i < jobs; i++) {
      const crew = crewOf[i]!;
      if (crew === NOBODY) continue;
      room[crew]!--;
      this.shorten(crew, this.nobody, waiting[i]! - cost[i * crews + crew]!);
    }
    for (let s = 0; s < crews; s++) {
      if (room[s]! > 0) this.shorten(s, this.nobody, 0);
      this.shorten(this.nobody, s, 0);
    }
  }

  addArc(job: number, to: number): void {
    const { crews, cost, waiting } = this.problem;
    const from = this.crewOf[job]!;
    if (from === NOBODY) this.shorten(this.nobody, to, cost[job * crews + to]! - waiting[job]!);
    else if (from !== to) this.shorten(from, to, cost[job * crews + to]! - cost[job * crews + from]!);
  }

  private shorten(from: number, to: number, by: number): void {
    const at = from * this.nodes + to;
    if (by < this.length[at]!) this.length[at] = by;
  }

  /** Bellman and Ford: for each node the shortest distance from it to "nobody", or to it from "nobody". */
  distances(direction: 'to' | 'from'): Float64Array {
    const { nodes, length } = this;
    const [perNode, perOther] = direction === 'to' ? [nodes, 1] : [1, nodes];
    const distance = new Float64Array(nodes).fill(Infinity);
    distance[this.nobody] = 0;
    for (let pass = 0; ; pass++) {
      let changed = false;
      for (let node = 0; node < nodes; node++) {
        let least = distance[node]!;
        for (let other = 0; other < nodes; other++) {
          const through = length[node * perNode + other * perOther]! + distance[other]!;
          if (through < least) least = through;
        }
        if (least < distance[node]!) {
          distance[node] = least;
          changed = true;
        }
      }
      if (!changed) return distance;
      if (pass > nodes) throw new NotOptimal('the residual graph has a negative cycle');
    }
  }

  pricesFrom(crew: Float64Array): Prices {
    const { jobs, crews, cost, waiting } = this.problem;
    const job = new Float64Array(jobs);
    for (let i = 0; i < jobs; i++) {
      const has = this.crewOf[i]!;
      job[i] = has === NOBODY ? waiting[i]! : cost[i * crews + has]! + crew[has]!;
    }
    return { job, crew };
  }
}

/**
 * The smallest feasible prices over all arcs: what the best chain of hand-overs from "nobody" to the crew saves, so
 * exactly what one more place on the crew would save. They are the same for every optimal assignment.
 * @throws NotOptimal when the assignment is not
 */
export function smallestPrices(problem: AssignmentProblem, crewOf: Int32Array): Prices {
  const { jobs, crews, cost } = problem;
  const graph = new ResidualGraph(problem, crewOf);
  for (let i = 0; i < jobs; i++) {
    for (let s = 0; s < crews; s++) if (cost[i * crews + s] !== Infinity) graph.addArc(i, s);
  }
  const distance = graph.distances('from');
  // 0 - d: a price is never -0.
  return graph.pricesFrom(distance.slice(0, crews).map((d) => 0 - d));
}

/**
 * The largest feasible prices over the given arcs: the distance from the crew to "nobody". Held against the arcs that
 * were left out, they call for the fewest of them.
 * @throws NotOptimal when the assignment is not
 */
export function largestPrices(problem: AssignmentProblem, arcs: Arcs, crewOf: Int32Array): Prices {
  const { jobs, crews, cost } = problem;
  const graph = new ResidualGraph(problem, crewOf);
  for (const arc of arcs) graph.addArc(Math.floor(arc / crews), arc % crews);
  const prices = graph.pricesFrom(graph.distances('to').slice(0, crews));
  for (let s = 0; s < crews; s++) {
    if (prices.crew[s] !== Infinity) continue;
    // A crew without a single place has any price that is high enough.
    prices.crew[s] = 0;
    for (let i = 0; i < jobs; i++) prices.crew[s] = Math.max(prices.crew[s]!, prices.job[i]! - cost[i * crews + s]!);
  }
  return prices;
}
