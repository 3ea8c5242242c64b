import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { aJob, aProblem, aShift, inForce } from '../fixtures.ts';
import { fixedCount } from '../draft.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import type { Shift } from '../problem.ts';
import { seconds } from '../units.ts';
import { alternativesOf } from './alternatives.ts';
import { explainerOf } from './explainer.ts';
import { NotMovable, priceOfOverride } from './override.ts';

describe('The price of an override', () => {
  it('is that of the alternative where nothing more is wished', () => {
    let asked = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 5, shifts: 3 }), (problem) => {
        const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(50) }));
        for (const [job, { inForce: held }] of problem.jobs.entries()) {
          if (held?.fixed === true || held?.lockCrew === true || held?.lockOrder === true) continue;
          const { others, blocked } = alternativesOf(explainer, job);
          for (const alternative of others) {
            asked++;
            expect(priceOfOverride(explainer, { job, shift: alternative.shift })).to.deep.equal({
              kind: 'possible',
              alternative,
            });
          }
          for (const { shift, reason } of blocked) {
            expect(priceOfOverride(explainer, { job, shift })).to.deep.equal({ kind: 'impossible', reason });
          }
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(asked).to.be.greaterThan(50);
  });

  it('keeps a wished place: the stops before it stay before it, and those behind it behind', () => {
    let kept = 0;
    const problems = anyRichProblem({ jobs: 5, shifts: 2 }).filter(({ links = [] }) => links.length === 0);
    fc.assert(
      fc.property(problems, (problem) => {
        const plan = solve(problem, { seed: 1, stop: afterIterations(50) });
        const explainer = explainerOf(problem, plan);
        for (const [job, { inForce: held }] of problem.jobs.entries()) {
          if (held?.fixed === true || held?.lockCrew === true || held?.lockOrder === true) continue;
          for (const { shift, stops } of plan.shifts) {
            const others = stops.map((stop) => stop.job).filter((other) => other !== job);
            const first = fixedCount(explainer.instance, explainer.instance.shiftPlace[shift]!);
            for (let position = first; position <= others.length; position++) {
              const answer = priceOfOverride(explainer, { job, shift, position });
              if (answer.kind === 'impossible') continue;
              kept++;
              const { alternative } = answer;
              const gone = [
                ...alternative.leftOut,
                ...alternative.moved.filter((one) => one.shift !== shift).map((one) => one.job),
              ];
              const before = others.slice(0, position).filter((other) => !gone.includes(other));
              expect([alternative.shift, alternative.position]).to.deep.equal([shift, before.length]);
            }
          }
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(kept).to.be.greaterThan(20);
  });

  const aDay = (...more: Shift[]) => {
    const jobs = [
      aJob({ id: 'first', node: 1, due: seconds(200) }),
      aJob({ id: 'second', node: 2, due: seconds(900) }),
      aJob({ id: 'far', node: 9, due: seconds(20_000) }),
    ];
    const problem = aProblem({ jobs, shifts: [aShift({ id: 'a' }), ...more] });
    return explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(200) }));
  };

  it('of the last stop first: what slips and how late it is then', () => {
    const explainer = aDay();
    expect(explainer.plan.shifts[0]!.stops.map(({ job }) => job)).to.deep.equal([0, 1, 2]);
    const answer = priceOfOverride(explainer, { job: 2, shift: 0, position: 0 });
    if (answer.kind === 'impossible') throw new Error('there is time for it');
    // 900 s there, 600 s of work, 800 s back: the first stop starts at 2,300 instead of 100, and 200 s more are driven.
    expect(answer.alternative).to.include({ position: 0, start: 900, price: 4_400, extraTravel: 200 });
    expect(answer.alternative.slips).to.deep.equal([
      { job: 0, seconds: 2_200, lateBefore: 0, lateAfter: 2_100 },
      { job: 1, seconds: 2_200, lateBefore: 0, lateAfter: 2_100 },
    ]);
  });

  it('of a wished start: exactly then, impossible where the crew is not free', () => {
    const fromTwoThousand = aShift({ id: 'b', from: seconds(2_000) });
    const explainer = aDay(fromTwoThousand);
    const later = priceOfOverride(explainer, { job: 2, shift: 1, start: seconds(4_000) });
    if (later.kind === 'impossible') throw new Error('there is time for it');
    expect(later.alternative).to.include({ shift: 1, start: 4_000, position: 0 });
    const before = priceOfOverride(explainer, { job: 2, shift: 1, start: seconds(2_100) });
    expect(before).to.deep.equal({ kind: 'impossible', reason: { code: 'locks_do_not_fit', shift: 1 } });
    // Asking changes nothing.
    expect(explainer.instance.lockedStart).to.deep.equal(aDay(fromTwoThousand).instance.lockedStart);
  });

  it('is refused for what is dispatched or locked, and for what is not there', () => {
    const held = (over: Parameters<typeof inForce>[0]) => inForce({ start: seconds(0), ...over });
    const jobs = [
      aJob({ id: 'dispatched', inForce: held({ fixed: true }) }),
      aJob({ id: 'crew', inForce: held({ position: 1, start: seconds(600), lockCrew: true }) }),
      aJob({ id: 'order', inForce: held({ position: 2, start: seconds(1_200), lockOrder: true }) }),
      aJob({ id: 'time', inForce: held({ position: 3, start: seconds(3_000), lockTime: true }) }),
    ];
    const problem = aProblem({ jobs, shifts: [aShift({ id: 'a' }), aShift({ id: 'b' })] });
    const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(50) }));
    const whyNot = (job: number, more: object = {}): string => {
      try {
        priceOfOverride(explainer, { job, shift: 1, ...more });
        return 'allowed';
      } catch (error) {
        return error instanceof NotMovable ? error.why : 'thrown';
      }
    };
    expect([0, 1, 2].map((job) => whyNot(job))).to.deep.equal(['fixed', 'locked_crew', 'locked_order']);
    expect([whyNot(3), whyNot(3, { start: seconds(2_000) })]).to.deep.equal(['allowed', 'locked_time']);
    expect([whyNot(4), whyNot(3, { shift: 2 }), whyNot(3, { position: 1 })]).to.deep.equal(['thrown', 'thrown', 'thrown']);
  });
});
