import { expect } from 'chai';
import fc from 'fast-check';
import { mergeById, touch } from './desk-state.ts';
import { aJob, byId } from './sample-desk.ts';

describe('desk state', () => {
  it('keeps the newest version of each job, in whatever order the answers come', () => {
    const versions = fc.array(fc.record({ n: fc.integer({ min: 1, max: 4 }), version: fc.integer({ min: 1, max: 20 }) }));
    fc.assert(
      fc.property(versions, (answers) => {
        let jobs = byId<ReturnType<typeof aJob>>();
        for (const { n, version } of answers) jobs = mergeById(jobs, [aJob(n, { version })]);
        for (const job of jobs.values()) {
          const newest = Math.max(...answers.filter(({ n }) => aJob(n).id === job.id).map(({ version }) => version));
          expect(job.version).to.equal(newest);
        }
      }),
    );
  });

  it('leaves what it was given as it was', () => {
    const before = byId(aJob(1));
    const after = mergeById(before, [aJob(1, { version: 2 })]);
    expect([before.get(aJob(1).id)?.version, after.get(aJob(1).id)?.version]).to.deep.equal([1, 2]);
  });

  it('counts how often something was touched', () => {
    const once = touch(new Map(), ['a', 'b']);
    expect([...touch(once, ['a'])]).to.deep.equal([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
