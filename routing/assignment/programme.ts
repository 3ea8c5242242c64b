import module from 'javascript-lp-solver';
import { type AssignmentProblem, NOBODY } from './assignment.ts';

interface LinearProgramme {
  readonly optimize: string;
  readonly opType: 'min';
  readonly constraints: Record<string, { max: number } | { equal: number }>;
  readonly variables: Record<string, Record<string, number>>;
}

/** The package's types describe its CommonJS build, where the solver is a property; the module that runs is the solver itself. */
function isSolver(value: object): value is { Solve(programme: LinearProgramme): unknown } {
  return 'Solve' in value && typeof value.Solve === 'function';
}

const candidate: object = module;
if (!isSolver(candidate)) throw new Error('javascript-lp-solver has no Solve: wrong version?');
const solver = candidate;

/** Arcs of the programme, arc = job x crews + crew. */
export type Arcs = ReadonlySet<number>;

/** The solver answered with something that is no vertex of a transportation problem. */
export class ProgrammeFailed extends Error {
  override readonly name = 'ProgrammeFailed';
}

/**
 * The linear programme itself, over the given arcs only: x(job, crew) for each arc, u(job) = nobody yet.
 * Minimise sum(cost x) + sum(waiting u) with x + u = 1 for each job and sum(x) <= capacity for each crew.
 * The matrix is totally unimodular, so the simplex method ends on whole numbers. A job without arcs is left out of
 * the programme: its u is 1.
 * @returns for each job its crew or NOBODY
 */
export function solveProgramme(problem: AssignmentProblem, arcs: Arcs): Int32Array {
  const { crews, cost, waiting, capacity } = problem;
  const crewOf = new Int32Array(problem.jobs).fill(NOBODY);
  if (arcs.size === 0) return crewOf;
  const constraints: LinearProgramme['constraints'] = {};
  const variables: LinearProgramme['variables'] = {};
  for (const arc of arcs) {
    const job = Math.floor(arc / crews);
    const crew = arc % crews;
    const jobRow = `job${job}`;
    const crewRow = `crew${crew}`;
    if (constraints[jobRow] === undefined) {
      constraints[jobRow] = { equal: 1 };
      variables[`u${job}`] = { cost: waiting[job]!, [jobRow]: 1 };
    }
    constraints[crewRow] ??= { max: capacity[crew]! };
    variables[`x${arc}`] = { cost: cost[arc]!, [jobRow]: 1, [crewRow]: 1 };
  }
  const answer = solver.Solve({ optimize: 'cost', opType: 'min', constraints, variables });
  if (typeof answer !== 'object' || answer === null || !('feasible' in answer) || answer.feasible !== true) {
    throw new ProgrammeFailed('"nobody yet" is always feasible, yet the solver found nothing');
  }
  const taken = new Int32Array(crews);
  for (const [name, value] of Object.entries(answer)) {
    if (!name.startsWith('x') || typeof value !== 'number' || Math.abs(value) < 1e-6) continue;
    const arc = Number(name.slice(1));
    const job = Math.floor(arc / crews);
    const crew = arc % crews;
    if (Math.abs(value - 1) > 1e-6 || crewOf[job] !== NOBODY || ++taken[crew]! > capacity[crew]!) {
      throw new ProgrammeFailed(`the solver gave ${value} of job ${job} to crew ${crew}`);
    }
    crewOf[job] = crew;
  }
  return crewOf;
}
