import { cheapestInsertion, type Draft, type Insertion, mayTake, tryChanges } from '../draft.ts';
import { NONE } from '../instance.ts';
import type { LpRound } from '../plan.ts';
import { type Assignment, type AssignmentProblem, NO_ARC, NOBODY } from './assignment.ts';
import { solveAssignment } from './solve-assignment.ts';

/**
 * Builds sequences by repeated assignment: in each round a linear programme gives at most one left-out job to each
 * shift, at the cost of its cheapest insertion at that moment against its price of waiting; the jobs are put in, the
 * costs of the shifts that changed are worked out again, and so on until nobody gains by taking another job.
 * Every round makes the draft cheaper, so it ends. Locked jobs are not part of it: they are no matter of price.
 * `stopped` is asked once a round.
 */
export function assignInRounds(draft: Draft, stopped: () => boolean): LpRound[] {
  const { instance } = draft;
  const { jobCount, shiftCount } = instance;
  const table = {
    cost: new Float64Array(jobCount * shiftCount).fill(NO_ARC),
    position: new Int32Array(jobCount * shiftCount),
  };
  const rounds: LpRound[] = [];
  let changed = Array.from({ length: shiftCount }, (_, s) => s);
  let waiting = Array.from({ length: jobCount }, (_, j) => j).filter(
    (j) => draft.shiftOf[j] === NONE && instance.locked[j] === 0 && instance.groupOf[j] === NONE,
  );
  while (changed.length > 0 && waiting.length > 0 && !stopped()) {
    for (const s of changed) priceInsertions(draft, s, waiting, table);
    const round = roundProblem(draft, waiting, table.cost);
    if (round.jobs.length === 0) break;
    const assignment = solveAssignment(round.problem, { stopped: () => false });
    rounds.push(reportOf(draft, round, assignment));
    changed = [];
    round.jobs.forEach((j, i) => {
      const crew = assignment.crewOf[i]!;
      if (crew === NOBODY) return;
      const s = round.shifts[crew]!;
      const sequence = draft.shifts[s]!.sequence.toSpliced(table.position[j * shiftCount + s]!, 0, j);
      if (tryChanges(draft, [{ shift: s, sequence }], 0)) changed.push(s);
    });
    waiting = waiting.filter((j) => draft.shiftOf[j] === NONE);
  }
  return rounds;
}

const found: Insertion = { cost: 0, position: NONE };

/** Works out the column of one shift: each waiting job's cheapest place in it; no arc where waiting costs no more. */
function priceInsertions(
  draft: Draft,
  s: number,
  jobs: readonly number[],
  table: { cost: Float64Array; position: Int32Array },
): void {
  const { instance } = draft;
  const { shiftCount, price } = instance;
  for (const j of jobs) {
    const arc = j * shiftCount + s;
    const able = mayTake(instance, s, j) && cheapestInsertion(instance, s, draft.shifts[s]!, j, price[j]!, found);
    table.cost[arc] = able ? found.cost : NO_ARC;
    table.position[arc] = able ? found.position : NONE;
  }
}

interface Round {
  readonly problem: AssignmentProblem;
  /** Row -> job, column -> shift. */
  readonly jobs: readonly number[];
  readonly shifts: readonly number[];
}

/** The round as a transportation problem of the jobs and shifts between which an arc exists; each shift takes one job. */
function roundProblem(draft: Draft, waiting: readonly number[], cost: Float64Array): Round {
  const { shiftCount, price } = draft.instance;
  const jobs: number[] = [];
  const used = new Uint8Array(shiftCount);
  for (const j of waiting) {
    let arcs = 0;
    for (let s = 0; s < shiftCount; s++) {
      if (cost[j * shiftCount + s] === NO_ARC) continue;
      used[s] = 1;
      arcs++;
    }
    if (arcs > 0) jobs.push(j);
  }
  const shifts = Array.from({ length: shiftCount }, (_, s) => s).filter((s) => used[s] === 1);
  const small = new Float64Array(jobs.length * shifts.length);
  jobs.forEach((j, row) => shifts.forEach((s, column) => (small[row * shifts.length + column] = cost[j * shiftCount + s]!)));
  const problem = {
    jobs: jobs.length,
    crews: shifts.length,
    cost: small,
    waiting: Float64Array.from(jobs, (j) => price[j]!),
    capacity: new Int32Array(shifts.length).fill(1),
  };
  return { problem, jobs, shifts };
}

function reportOf(draft: Draft, round: Round, assignment: Assignment): LpRound {
  const { shiftIndex } = draft.instance;
  return {
    status: assignment.status,
    method: assignment.method,
    objective: assignment.objective,
    shifts: round.shifts.length,
    jobs: round.jobs.length,
    arcs: assignment.arcs,
    allArcs: assignment.allArcs,
    pricingRounds: assignment.pricingRounds,
    certified: assignment.certified,
    crewPrices: round.shifts
      .map((s, column) => ({ shift: shiftIndex[s]!, price: assignment.prices.crew[column]! }))
      .filter(({ price }) => price > 0)
      .sort((a, b) => a.shift - b.shift),
  };
}
