import { expect } from 'chai';
import type { Envelope } from '../../platform/action.ts';
import { Problem } from '../../platform/problem.ts';
import type { AssignmentId, CannotCompleteReason } from '../assignments/contract.ts';
import { getAssignment, type AssignmentRecord } from '../assignments/store.ts';
import type { JobId } from '../jobs/contract.ts';
import { getJob } from '../jobs/store.ts';
import type { WorkAnswer } from './contract.ts';
import { brokenInvariants } from './invariants.fixtures.ts';
import { aCity, aCrewShift, applied, minutesLater, says, type TestCity, type TestCrew } from './work.fixtures.ts';

/**
 * Tests only: a city with one crew, new for each test of the suite it is called in, and short words for what a desk
 * and a crew do. After each test everything that must always be true is checked.
 */
export function aWorkingCity() {
  const at: { city?: TestCity; crew?: TestCrew } = {};
  const city = (): TestCity => at.city!;
  const crew = (): TestCrew => at.crew!;
  beforeEach(async () => {
    at.city = await aCity();
    at.crew = await aCrewShift(at.city);
  });
  afterEach(async () => {
    const broken = await brokenInvariants(city().tools.db);
    await city().drop();
    expect(broken).to.deep.equal([]);
  });

  const assign = async (jobId: JobId, to: TestCrew = crew(), slot = 0): Promise<AssignmentId> => {
    const { version } = await getJob(city().tools.db, jobId);
    const answer = await applied(city(), {
      type: 'assignment.assign',
      jobId,
      version,
      slot,
      shiftId: to.shiftId,
      lockCrew: true,
    });
    return answer.assignments.at(-1)!.id;
  };
  const dispatched = async (jobId: JobId, to: TestCrew = crew(), slot = 0): Promise<AssignmentId> => {
    const assignmentId = await assign(jobId, to, slot);
    await applied(city(), { type: 'assignment.dispatch', assignmentId, version: (await get(assignmentId)).version });
    return assignmentId;
  };
  const get = (id: AssignmentId): Promise<AssignmentRecord> => getAssignment(city().tools.db, id);
  const said = async (
    type: 'accept' | 'travel' | 'arrive' | 'start' | 'pause' | 'resume' | 'complete',
    assignmentId: AssignmentId,
    over: Partial<Envelope> = {},
    by = crew(),
  ) => {
    const answer = await says(
      city(),
      by,
      type === 'complete'
        ? { type: 'field.complete', assignmentId, fixesThrough: null }
        : { type: `field.${type}`, assignmentId },
      over,
    );
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body as WorkAnswer;
  };
  const cannot = async (
    assignmentId: AssignmentId,
    reason: CannotCompleteReason,
    more: { missing?: string[]; secondsLeft?: number } = {},
  ) => {
    const answer = await says(city(), crew(), {
      type: 'field.cannot_complete',
      assignmentId,
      reason,
      fixesThrough: null,
      missing: [],
      ...more,
    });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body as WorkAnswer;
  };
  const refused = async (doing: Promise<unknown>): Promise<Problem> => {
    try {
      await doing;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    throw new Error('it was not refused');
  };
  const openQuestions = async (): Promise<string[]> =>
    (await city().tools.db('question').whereNull('answered_at').orderBy('id').select<{ kind: string }[]>('kind')).map(
      (q) => q.kind,
    );
  const later = (minutes: number): void => city().clock.set(minutesLater(minutes, city().clock.now()));

  return { city, crew, assign, dispatched, get, said, cannot, refused, openQuestions, later };
}
