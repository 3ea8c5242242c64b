import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from './arbitrary-problem.ts';
import { compile } from './compile.ts';
import { cheapestInsertion, copyOf, fixedCount, mayTake, restore, tryChanges } from './draft.ts';
import { draftFromPlanInForce } from './in-force.ts';
import { insertWhatIsLeft } from './insertion.ts';
import { NONE } from './instance.ts';
import type { Problem } from './problem.ts';
import { costOfSequence } from './schedule.ts';

const filled = (problem: Problem) => {
  const draft = draftFromPlanInForce(compile(problem));
  insertWhatIsLeft(draft, () => false);
  return draft;
};

describe('the draft', () => {
  it('finds the place for a job that driving every place would find', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 8, shifts: 2 }), (problem) => {
        // Where nothing is bound to its former start, a detour is a true lower bound; breaks can break ties of time.
        fc.pre(problem.shifts.every((shift) => shift.breaks.length === 0) && problem.jobs.every((job) => job.inForce === null));
        const draft = filled(problem);
        const { instance } = draft;
        for (let j = 0; j < instance.jobCount; j++) {
          if (draft.shiftOf[j] !== NONE) continue;
          for (let s = 0; s < instance.shiftCount; s++) {
            if (!mayTake(instance, s, j)) continue;
            const state = draft.shifts[s]!;
            let least = Infinity;
            for (let k = fixedCount(instance, s); k <= state.sequence.length; k++) {
              least = Math.min(least, costOfSequence(instance, s, state.sequence.toSpliced(k, 0, j)) - state.total);
            }
            const found = { cost: Infinity, position: NONE };
            cheapestInsertion(instance, s, state, j, Infinity, found);
            expect(found.cost).to.equal(least);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds a cost that is true, whatever the rules', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 8, shifts: 2 }), (problem) => {
        const draft = filled(problem);
        const { instance } = draft;
        for (let j = 0; j < instance.jobCount; j++) {
          for (let s = 0; s < instance.shiftCount; s++) {
            const found = { cost: 0, position: NONE };
            const state = draft.shifts[s]!;
            if (draft.shiftOf[j] !== NONE || !mayTake(instance, s, j)) continue;
            if (!cheapestInsertion(instance, s, state, j, Infinity, found)) continue;
            expect(found.cost).to.equal(
              costOfSequence(instance, s, state.sequence.toSpliced(found.position, 0, j)) - state.total,
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('knows its own cost and its own members after any changes, and goes back to a copy', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 7, shifts: 3 }), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat())), (problem, moves) => {
        const draft = filled(problem);
        const { instance } = draft;
        const before = copyOf(draft);
        for (const [from, to, place] of moves) {
          if (instance.shiftCount === 0) break;
          const a = from % instance.shiftCount;
          const b = to % instance.shiftCount;
          const ours = draft.shifts[a]!.sequence;
          const job = ours[place % Math.max(1, ours.length)];
          if (job === undefined || instance.fixed[job] === 1) continue;
          const rest = ours.filter((j) => j !== job);
          const theirs = a === b ? rest : draft.shifts[b]!.sequence;
          const moved = { shift: b, sequence: [...theirs, job] };
          tryChanges(
            draft,
            a === b || !mayTake(instance, b, job) ? [{ shift: a, sequence: rest }] : [{ shift: a, sequence: rest }, moved],
            Infinity,
          );
        }
        let cost = 0;
        for (let s = 0; s < instance.shiftCount; s++) {
          const { sequence } = draft.shifts[s]!;
          cost += costOfSequence(instance, s, sequence);
          for (const j of sequence) expect(draft.shiftOf[j]).to.equal(s);
        }
        draft.shiftOf.forEach((s, j) => {
          if (s === NONE) cost += instance.price[j]!;
          else expect(draft.shifts[s]!.sequence).to.include(j);
        });
        expect(draft.cost).to.equal(cost);
        restore(draft, before);
        expect(draft).to.deep.equal(before);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a change that is impossible or too dear, and is then as it was', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 6, shifts: 2 }), (problem) => {
        const draft = filled(problem);
        const before = copyOf(draft);
        for (let s = 0; s < draft.instance.shiftCount; s++) {
          const sequence = draft.shifts[s]!.sequence;
          expect(tryChanges(draft, [{ shift: s, sequence }], 0)).to.equal(false);
          expect(draft).to.deep.equal(before);
        }
      }),
      { numRuns: 100 },
    );
  });
});
