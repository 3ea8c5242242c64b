import { inChange, type ChangeTools } from '../../server/platform/change.ts';
import { systemActor } from '../../server/platform/actor.ts';
import { hashToken, newToken } from '../../server/platform/tokens.ts';
import { randomIds } from '../../server/platform/ids.ts';
import { openSession } from '../../server/stores/accounts/sessions.ts';
import { createAccount } from '../../server/stores/accounts/store.ts';
import { JobId } from '../../server/stores/jobs/contract.ts';
import { aFleet } from '../../server/stores/positions/testing.ts';
import { actAsSystem } from '../../server/stores/work/act.ts';
import { WorkAnswer } from '../../server/stores/work/contract.ts';
import { receiveCases } from '../../server/stores/work/receive.ts';
import { aNewCase, aNewJob } from '../../server/stores/work/work.fixtures.ts';
import type { Asked, WriterSetting } from '../simulator/history.ts';

const HOUR_MILLIS = 3_600_000;
const newActionId = (): string => randomIds.next(new Date());

/** Desks and crews whose facts are held against the database: a job of its own each. */
export interface FactWork {
  readonly subjects: readonly Asked['subject'][];
  settings(base: string, done: () => boolean): WriterSetting[];
}

/** Makes the work: straight in the database, before anybody is killed. */
export async function makeFactWork(tools: ChangeTools, desks: number, crews: number): Promise<FactWork> {
  const now = Date.now();
  const accountId = await inChange(tools, systemActor, async (change) => {
    const account = { role: 'dispatcher' as const, displayName: 'Soak', organisationId: null, areaIds: [], login: null };
    return (await createAccount(change, account)).id;
  });
  const { token } = await openSession(tools.db, { accountId, sessionId: newActionId(), wallNow: new Date() });
  const first = await aCrew(null);
  const jobs: WorkAnswer['jobs'][number][] = [];
  for (let n = 0; n < desks; n++) jobs.push(await aJob());
  const sent: { readonly token: string; readonly assignmentId: string }[] = [];
  for (let n = 0; n < crews; n++) {
    const crew = n === 0 ? first : await aCrew(n);
    const job = await aJob();
    const given = await work({
      type: 'assignment.assign',
      jobId: job.id,
      version: job.version,
      slot: 0,
      shiftId: crew.shiftId,
      lockCrew: true,
    });
    const [planned] = given.assignments;
    if (planned!.state === 'planned') {
      await work({ type: 'assignment.dispatch', assignmentId: planned!.id, version: planned!.version });
    }
    sent.push({ token: crew.token, assignmentId: planned!.id });
  }

  async function aCrew(n: number | null) {
    const options = { from: new Date(now - HOUR_MILLIS), until: new Date(now + 10 * HOUR_MILLIS), number: 900 + (n ?? 0) };
    const fleet = await aFleet(tools.db, { ...options, ...(n === null ? {} : { organisationId: first.organisationId }) });
    const own = newToken();
    await tools
      .db('device')
      .where({ id: fleet.deviceId })
      .update({ token_hash: hashToken(own) });
    return { ...fleet, token: own };
  }
  async function work(command: Parameters<typeof actAsSystem>[1] | Record<string, unknown>): Promise<WorkAnswer> {
    const answer = await actAsSystem(tools, command as Parameters<typeof actAsSystem>[1]);
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    return WorkAnswer.parse(answer.body);
  }
  async function aJob() {
    const { organisationId } = first;
    const [received] = await inChange(tools, systemActor, (change) =>
      receiveCases(change, [aNewCase({ organisationId }, { source: 'soak', sourceId: newActionId() })]),
    );
    const job = aNewJob({ slots: [{ skills: [], plant: [] }] });
    return (await work({ type: 'case.make_job', caseIds: [received!.id], cause: 'policy', job })).jobs[0]!;
  }

  return {
    subjects: [
      ...jobs.map(({ id }) => ({ table: 'job' as const, id })),
      ...sent.map(({ assignmentId }) => ({ table: 'assignment' as const, id: assignmentId })),
    ],
    settings: (base, done) => [
      ...jobs.map(({ id, version }) => deskWriter(base, token, JobId.parse(id), version, done)),
      ...sent.map((crew) => crewWriter(base, crew.token, crew.assignmentId, done)),
    ],
  };
}

/** Changes one job's priority again and again, each time from the version it was last told. */
function deskWriter(base: string, session: string, jobId: JobId, first: number, done: () => boolean): WriterSetting {
  let version = first;
  let n = 0;
  return {
    base,
    headers: { cookie: `thuma=${session}`, origin: base, 'thuma-request': '1' },
    path: '/api/jobs/commands',
    newActionId,
    done,
    next(last) {
      version = (last as WorkAnswer | null)?.jobs.find(({ id }) => id === jobId)?.version ?? version;
      const change = { priority: 1 + (n++ % 4) };
      return { subject: { table: 'job', id: jobId }, command: { type: 'job.change', jobId, version, change } };
    },
  };
}

/** A crew that accepts, drives, begins, and then pauses and goes on as long as it may. */
function crewWriter(base: string, token: string, assignmentId: string, done: () => boolean): WriterSetting {
  const beginning = ['accept', 'travel', 'arrive', 'start'];
  let n = 0;
  return {
    base,
    headers: { authorization: `Bearer ${token}` },
    path: '/api/field',
    newActionId,
    done,
    next() {
      const step = beginning[n] ?? (n % 2 === 0 ? 'pause' : 'resume');
      n++;
      return { subject: { table: 'assignment', id: assignmentId }, command: { type: `field.${step}`, assignmentId } };
    },
  };
}
