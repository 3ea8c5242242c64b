import { expect } from 'chai';
import { JOB_STATES } from '../../server/stores/jobs/contract.ts';
import { aJob, anAssignment, byId } from '../state/sample-desk.ts';
import { QUEUE_VIEWS, queueOf, viewOf, type QueueFilter } from './queue-filter.ts';

const ALL: QueueFilter = { view: 'waiting', priorities: new Set(), search: '', areaId: null, sort: 'due' };
const numbers = (jobs: Parameters<typeof queueOf>[0], over: Partial<QueueFilter> = {}): number[] =>
  queueOf(jobs, { ...ALL, ...over }, () => 'Crew 4').jobs.map(({ number }) => number);

describe('queue', () => {
  it('shows every state somewhere, but for what was cancelled', () => {
    const views = JOB_STATES.map((state) => viewOf({ state }));
    expect(views.filter((view) => view === null)).to.have.length(1);
    expect(new Set(views.filter((view) => view !== null))).to.deep.equal(new Set(QUEUE_VIEWS));
  });

  it('puts what is due first on top, then the higher priority; what has no due time comes last', () => {
    const jobs = byId(
      aJob(1, { dueAt: null, priority: 1 }),
      aJob(2, { dueAt: '2026-03-02T10:00:00.000Z', priority: 4 }),
      aJob(3, { dueAt: '2026-03-02T09:00:00.000Z', priority: 3 }),
      aJob(4, { dueAt: '2026-03-02T09:00:00.000Z', priority: 2 }),
    );
    expect(numbers(jobs)).to.deep.equal([1004, 1003, 1002, 1001]);
    expect(numbers(jobs, { sort: 'priority' })).to.deep.equal([1001, 1004, 1003, 1002]);
  });

  it('searches number, kind, place and crew, every word of it', () => {
    const jobs = byId(
      aJob(1),
      aJob(2, { title: 'Blocked drain', placeText: 'Kungsgatan' }),
      aJob(3, { state: 'planned', assignments: [anAssignment(1)] }),
    );
    expect(numbers(jobs, { search: 'drain kungs' })).to.deep.equal([1002]);
    expect(numbers(jobs, { search: '#1001' })).to.deep.equal([1001]);
    expect(numbers(jobs, { search: 'crew 4', view: 'planned' })).to.deep.equal([1003]);
    expect(numbers(jobs, { search: 'drain vasa' })).to.deep.equal([]);
  });

  it('keeps to one area, and a job on an edge is in both', () => {
    const jobs = byId(aJob(1, { areaIds: ['north'] }), aJob(2, { areaIds: ['north', 'south'] }), aJob(3));
    expect(numbers(jobs, { areaId: 'north' })).to.deep.equal([1001, 1002]);
    expect(numbers(jobs, { areaId: 'south' })).to.deep.equal([1002]);
    expect(numbers(jobs)).to.have.length(3);
  });

  it('counts every view under the same search and priorities', () => {
    const jobs = byId(
      aJob(1),
      aJob(2, { state: 'planned' }),
      aJob(3, { state: 'under_way', priority: 1 }),
      aJob(4, { state: 'completed' }),
    );
    expect(queueOf(jobs, ALL, () => '').counts).to.deep.equal({ waiting: 1, planned: 1, out: 1, over: 1 });
    expect(queueOf(jobs, { ...ALL, priorities: new Set([1]) }, () => '').counts).to.deep.equal({
      waiting: 0,
      planned: 0,
      out: 1,
      over: 0,
    });
  });
});
