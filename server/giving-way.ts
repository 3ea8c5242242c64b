import type { Planner as Engine } from '../routing/worker/start-planner.ts';
import type { PlanProver } from './stages/planning/proving/prove-plans.ts';

/** The engine, before which proofs make room. */
export const givingWay = (engine: Engine, prover: PlanProver): Pick<Engine, 'solveInWorker'> => ({
  async solveInWorker(problem, options) {
    const room = prover.makeRoom();
    try {
      return await engine.solveInWorker(problem, options);
    } finally {
      room.done();
    }
  },
});
