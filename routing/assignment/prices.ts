import { type AssignmentProblem, NOBODY, type Prices } from './assignment.ts';
import type { Arcs } from './programme.ts';

/** The residual graph has a cycle of negative length: the assignment was not optimal over these arcs. */
export class NotOptimal extends Error {
  override readonly name = 'NotOptimal';
}

/**
 * Duals of an optimal integral assignment, over the given arcs, by shortest paths on its residual graph. The solver gives
 * none. (Ahuja, Magnanti, Orlin, Network Flows, 1993, section 9.4: node potentials of a minimum-cost flow are shortest
 * distances in the residual graph.)
 *
 * A job's price follows from its crew's (`cost + crew`) or is its waiting price, so only crews and one node for "nobody"
 * are left: crews + 1 nodes, Bellman and Ford's method on a dense matrix. For crews s and t,
 *   length(s, t)      = least (cost(i, t) - cost(i, s)) over jobs i that s has: s hands i over to t;
 *   length(s, nobody) = least (waiting(i) - cost(i, s)): s sends i back; 0 when s has room;
 *   length(nobody, t) = least (cost(i, t) - waiting(i)) over waiting jobs i: t takes i.
 * The price of crew s is the distance from s to "nobody": the largest feasible prices, which leave the fewest arcs to add.
 */
export function residualPrices(problem: AssignmentProblem, arcs: Arcs, crewOf: Int32Array): Prices {
  const { jobs, crews, cost, waiting, capacity } = problem;
  const nodes = crews + 1;
  const nobody = crews;
  const length = new Float64Array(nodes * nodes).fill(Infinity);
  const shorten = (from: number, to: number, by: number): void => {
    if (by < length[from * nodes + to]!) length[from * nodes + to] = by;
  };
  const room = capacity.slice();
  for (let i = 0; i < jobs; i++) {
    const crew = crewOf[i]!;
    if (crew === NOBODY) continue;
    room[crew]!--;
    shorten(crew, nobody, waiting[i]! - cost[i * crews + crew]!);
  }
  for (const arc of arcs) {
    const job = Math.floor(arc / crews);
    const to = arc % crews;
    const from = crewOf[job]!;
    if (from === NOBODY) shorten(nobody, to, cost[arc]! - waiting[job]!);
    else if (from !== to) shorten(from, to, cost[arc]! - cost[job * crews + from]!);
  }
  for (let s = 0; s < crews; s++) {
    if (room[s]! > 0) shorten(s, nobody, 0);
    shorten(nobody, s, 0);
  }

  const crew = distancesTo(nobody, nodes, length);
  const job = new Float64Array(jobs);
  for (let i = 0; i < jobs; i++) job[i] = crewOf[i] === NOBODY ? waiting[i]! : cost[i * crews + crewOf[i]!]! + crew[crewOf[i]!]!;
  for (let s = 0; s < crews; s++) if (crew[s] === Infinity) crew[s] = priceThatKeepsAllAway(problem, job, s);
  return { job, crew: crew.slice(0, crews) };
}

/** A crew without a single place has any price that is high enough. */
function priceThatKeepsAllAway(problem: AssignmentProblem, job: Float64Array, crew: number): number {
  let price = 0;
  for (let i = 0; i < problem.jobs; i++) price = Math.max(price, job[i]! - problem.cost[i * problem.crews + crew]!);
  return price;
}

/** Bellman and Ford: shortest distances from every node to the target, lengths of any sign. */
function distancesTo(target: number, nodes: number, length: Float64Array): Float64Array {
  const distance = new Float64Array(nodes).fill(Infinity);
  distance[target] = 0;
  for (let pass = 0; ; pass++) {
    let changed = false;
    for (let from = 0; from < nodes; from++) {
      let least = distance[from]!;
      for (let to = 0; to < nodes; to++) {
        const through = length[from * nodes + to]! + distance[to]!;
        if (through < least) least = through;
      }
      if (least < distance[from]!) {
        distance[from] = least;
        changed = true;
      }
    }
    if (!changed) return distance;
    if (pass > nodes) throw new NotOptimal('the residual graph has a negative cycle');
  }
}
