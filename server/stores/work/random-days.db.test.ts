import { expect } from 'chai';
import fc from 'fast-check';
import type { Answer, Envelope } from '../../platform/action.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import { Problem } from '../../platform/problem.ts';
import type { Scope } from '../../platform/policy.ts';
import { CANNOT_COMPLETE_REASONS } from '../assignments/contract.ts';
import { act } from './act.ts';
import { apply } from './apply.ts';
import { Command } from './contract.ts';
import { brokenInvariants } from './invariants.fixtures.ts';
import { receiveCases } from './receive.ts';
import { aCity, aCrewShift, aDraftPlan, aNewCase, aNewJob, minutesLater, type TestCrew } from './work.fixtures.ts';

/** One thing somebody does; the numbers choose among what exists at that moment. */
interface Move {
  readonly who: 'desk' | 'crew' | 'late crew' | 'planner' | 'timers' | 'reporter';
  readonly what: number;
  readonly which: number;
  readonly other: number;
  /** Sent twice at once, as a phone does that heard no answer. */
  readonly twice: boolean;
}

interface Sent {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly envelope: Envelope;
  readonly command: Command;
  readonly answer: Answer;
}

const move: fc.Arbitrary<Move> = fc.record({
  who: fc.oneof(
    { weight: 5, arbitrary: fc.constant('desk' as const) },
    { weight: 7, arbitrary: fc.constant('crew' as const) },
    { weight: 2, arbitrary: fc.constant('late crew' as const) },
    { weight: 1, arbitrary: fc.constantFrom('planner' as const, 'timers' as const, 'reporter' as const) },
  ),
  what: fc.nat(1_000_000),
  which: fc.nat(1_000_000),
  other: fc.nat(1_000_000),
  twice: fc.boolean(),
});

/** Nobody's words may leave the private tables. */
const SECRET = 'zzsecretwords';
const WAVE = 6;

describe('random days by several actors at once', function () {
  this.timeout(240_000);

  it('leave no table, break no invariant, answer every action once', async () => {
    let commands = 0;
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.noBias(move), { minLength: 380, maxLength: 420 }), fc.nat(1000), async (moves, seed) => {
        const day = await aDay(seed + 1);
        try {
          for (let i = 0; i < moves.length; i += WAVE) {
            // Real connections, at the same time: what they do to each other is the point.
            await Promise.all(moves.slice(i, i + WAVE).map((m) => day.make(m)));
            day.city.clock.set(minutesLater(1 + (moves[i]!.other % 6), day.city.clock.now()));
          }
          await day.runTimers();
          const broken = await brokenInvariants(day.city.tools.db, [SECRET]);
          if (broken.length > 0) throw new Error(broken.join('\n'));
          await day.repeatSome();
          const rows = await day.city.tools.db('action').count<{ n: number }[]>('* as n');
          expect(rows[0]!.n).to.equal(day.sent.length);
          commands += day.sent.length;
          accepted += day.sent.filter((s) => s.answer.status < 300).length;
        } finally {
          await day.city.drop();
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
    // A run in which nearly everything is refused would show nothing.
    expect(accepted / commands).to.be.greaterThan(0.4);
    console.log(`      ${commands} commands, ${accepted} accepted`);
  });
});

async function aDay(seed: number) {
  const city = await aCity(seed);
  const { tools, clock } = city;
  const { db } = tools;
  const crews: TestCrew[] = [];
  for (let i = 0; i < 4; i++) crews.push(await aCrewShift(city, i === 3 ? { until: minutesLater(120) } : {}));
  const sent: Sent[] = [];
  const deviceSeqs = new Map<string, number>();

  const pick = async (
    table: string,
    which: number,
    where: Record<string, unknown> = {},
  ): Promise<{ id: string; version: number; state: string } | undefined> => {
    const rows = await db(table)
      .where(where)
      .orderBy('id')
      .select<{ id: string; version: number; state: string }[]>('id', 'version', 'state');
    return rows[which % Math.max(1, rows.length)];
  };

  const send = async (actor: Actor, scope: Scope, command: Command, over: Partial<Envelope>, twice: boolean): Promise<void> => {
    const envelope: Envelope = { actionId: tools.ids.next(clock.now()), ...over };
    const doing = [act(tools, actor, scope, envelope, command)];
    if (twice) doing.push(act(tools, actor, scope, envelope, command));
    const answers = await Promise.all(doing);
    expect(answers.filter((a) => !a.repeated)).to.have.length(1);
    for (const answer of answers) {
      expect(answer.status).to.be.lessThan(500);
      expect(plain(answer.body)).to.deep.equal(plain(answers[0]!.body));
    }
    sent.push({ actor, scope, envelope, command, answer: answers[0]! });
  };

  const parsed = (command: Record<string, unknown>): Command => Command.parse(command);

  const fact = async (m: Move, late: boolean): Promise<void> => {
    // Mostly its own work; now and then somebody else's, which is refused.
    const crew = crews[m.other % crews.length]!;
    const own = m.what % 11 === 0 ? {} : { shift_id: crew.shiftId };
    const a = await pick('assignment', m.which, own);
    if (!a) return;
    const next: Readonly<Record<string, readonly string[]>> = {
      planned: ['travel', 'accept'],
      dispatched: ['accept', 'accept', 'decline', 'travel'],
      accepted: ['travel', 'travel', 'arrive'],
      travelling: ['arrive', 'start', 'cannot_complete'],
      on_site: ['start', 'cannot_complete'],
      working: ['pause', 'complete', 'complete', 'cannot_complete'],
      paused: ['resume', 'complete'],
    };
    const all = [
      'accept',
      'decline',
      'travel',
      'arrive',
      'start',
      'pause',
      'resume',
      'complete',
      'cannot_complete',
      'acknowledge_recall',
    ];
    const likely = m.what % 3 === 0 ? all : (next[a.state] ?? all);
    const step = likely[m.what % likely.length]!;
    const seq = (deviceSeqs.get(crew.crew.deviceId!) ?? 0) + 1;
    deviceSeqs.set(crew.crew.deviceId!, seq);
    const now = clock.now();
    await send(
      crew.crew,
      'own',
      parsed({
        type: `field.${step}`,
        assignmentId: a.id,
        ...(step === 'decline' ? { reason: m.which % 2 === 0 ? 'too_far' : `${SECRET} says no` } : {}),
        ...(step === 'complete' ? { fixesThrough: m.other, words: SECRET } : {}),
        ...(step === 'cannot_complete'
          ? {
              reason: CANNOT_COMPLETE_REASONS[m.other % CANNOT_COMPLETE_REASONS.length],
              missing: m.which % 2 === 0 ? ['pump'] : [`the ${SECRET}`],
              secondsLeft: 900,
            }
          : {}),
      }),
      {
        deviceSeq: late ? Math.max(1, seq - (m.which % 5)) : seq,
        deviceTime: minutesLater(late ? -(m.which % 90) : 0, now).toISOString(),
        sentAt: now.toISOString(),
      },
      m.twice,
    );
  };

  const desk = async (m: Move): Promise<void> => {
    const stale = m.other % 17 === 0 ? 1 : 0;
    const versioned = (row: { version: number }): number => Math.max(1, row.version - stale);
    const c = await pick('cases', m.which);
    const j = await pick('job', m.which);
    const j2 = await pick('job', m.other);
    const a = await pick('assignment', m.which);
    const shiftId = crews[m.other % crews.length]!.shiftId;
    const reason = `because of ${SECRET}`;
    const makers: (() => Record<string, unknown> | undefined)[] = [
      () =>
        c && {
          type: 'case.make_job',
          caseIds: [c.id],
          cause: 'dispatcher',
          job: aNewJob(m.other % 4 === 0 ? { slots: TWO } : {}),
        },
      () => j && { type: 'assignment.assign', jobId: j.id, version: versioned(j), slot: m.other % 2, shiftId },
      () => j && { type: 'assignment.assign', jobId: j.id, version: versioned(j), slot: 0, shiftId },
      () =>
        a && {
          type: 'assignment.move',
          assignmentId: a.id,
          version: versioned(a),
          shiftId,
          plannedStart: minutesLater(60, clock.now()).toISOString(),
        },
      () => a && { type: 'assignment.move', assignmentId: a.id, version: versioned(a), shiftId },
      () => a && { type: 'assignment.dispatch', assignmentId: a.id, version: versioned(a) },
      () => a && { type: 'assignment.recall', assignmentId: a.id, version: versioned(a), reason },
      () => a && { type: 'assignment.cancel', assignmentId: a.id, version: versioned(a), reason },
      () => a && { type: 'assignment.unassign', assignmentId: a.id, version: versioned(a) },
      () => a && { type: 'assignment.lock', assignmentId: a.id, version: versioned(a), crew: m.other % 2 === 0 },
      () => j && { type: 'job.hold', jobId: j.id, version: versioned(j), reason },
      () => j && { type: 'job.release', jobId: j.id, version: versioned(j) },
      () => j && { type: 'job.cancel', jobId: j.id, version: versioned(j), reason },
      () => j && { type: 'job.change', jobId: j.id, version: versioned(j), change: { priority: 1 + (m.other % 4) } },
      () => c && j2 && { type: 'case.join', caseId: c.id, version: versioned(c), jobId: j2.id, cause: 'dispatcher' },
      () => c && j && j2 && { type: 'case.join', caseId: c.id, jobId: j2.id, leave: j.id, cause: 'dispatcher' },
      () => c && j && { type: 'case.split', caseId: c.id, jobId: j.id },
      () => c && { type: 'case.hold', caseId: c.id, version: versioned(c), reason },
      () => c && { type: 'case.release', caseId: c.id, version: versioned(c) },
      () => c && { type: 'case.reopen', caseId: c.id, version: versioned(c), reason },
      () => c && { type: 'case.triage', caseId: c.id, version: versioned(c), priority: 1 + (m.other % 4) },
      () => c && { type: m.other % 2 === 0 ? 'case.no_action' : 'case.cancel', caseId: c.id, version: versioned(c), reason },
      () => a && { type: 'field.start', assignmentId: a.id },
      () => a && { type: 'field.complete', assignmentId: a.id },
    ];
    const command = makers[m.what % makers.length]!();
    if (command) await send(city.dispatcher, 'area', parsed(command), {}, m.twice);
  };

  /** Takes what is there and gives every open slot to some crew, as a plan made a moment ago would. */
  const plan = async (m: Move): Promise<void> => {
    const jobs = await db('job')
      .whereIn('state', ['ready', 'planned', 'dispatched'])
      .orderBy('number')
      .select<{ id: string; planning_version: number }[]>('id', 'planning_version');
    const shifts = await db('crew_shift').select<{ id: string; planning_version: number }[]>('id', 'planning_version');
    const active = await db('assignment')
      .whereIn('state', ['planned', 'dispatched', 'accepted'])
      .whereNull('requested')
      .where({ slot: 0 })
      .select<{ id: string; job_id: string; shift_id: string; state: string }[]>('id', 'job_id', 'shift_id', 'state');
    const leftOut = active.filter((a, i) => a.state === 'planned' && (i + m.what) % 9 === 0).map((a) => a.id);
    const stops = jobs.flatMap((job, i) => {
      const a = active.find((o) => o.job_id === job.id);
      if (a && leftOut.includes(a.id)) return [];
      const start = minutesLater(10 + i * 7, clock.now()).toISOString();
      const shift = a && (m.which + i) % 3 > 0 ? a.shift_id : shifts[(m.which + i) % shifts.length]!.id;
      return [
        {
          jobId: job.id,
          slot: 0,
          assignmentId: a?.id ?? null,
          shiftId: shift,
          position: i,
          plannedArrival: start,
          plannedStart: start,
          plannedEnd: minutesLater(30, new Date(start)).toISOString(),
        },
      ];
    });
    const planId = await aDraftPlan(city);
    await send(
      city.dispatcher,
      'area',
      parsed({
        type: 'plan.publish',
        planId,
        stops,
        leftOut,
        saw: {
          jobs: Object.fromEntries(jobs.map((j) => [j.id, j.planning_version])),
          shifts: Object.fromEntries(shifts.map((s) => [s.id, s.planning_version])),
        },
        freezeSeconds: 1800,
      }),
      {},
      m.twice,
    );
  };

  /** What is due, each in its own transaction; the timers table itself is locked as its loop does. */
  const runTimers = async (): Promise<void> => {
    const due = await db('timer')
      .whereNull('done_at')
      .where('due_at', '<=', clock.now())
      .orderBy(['due_at', 'id'])
      .limit(20)
      .select<{ id: string; kind: string; subject_id: string; due_at: Date }[]>('id', 'kind', 'subject_id', 'due_at');
    for (const t of due) {
      await inChange(
        tools,
        systemActor,
        async (change) => {
          const open: unknown = await change
            .tx('timer')
            .where({ id: t.id })
            .whereNull('done_at')
            .forUpdate()
            .skipLocked()
            .first('id');
          if (!open) return;
          const about = t.kind === 'shift_end' ? { shiftId: t.subject_id } : { assignmentId: t.subject_id };
          const command =
            t.kind === 'verification_timeout'
              ? {
                  type: 'visit.settle',
                  assignmentId: t.subject_id,
                  verification: t.subject_id > '8' ? 'verified' : 'unverified',
                  visitSeconds: null,
                }
              : { type: `timer.${t.kind}`, ...about };
          await apply(change, 'all', parsed(command)).catch((error: unknown) => {
            if (!(error instanceof Problem) || error.status >= 500) throw error;
          });
          await change.tx('timer').where({ id: t.id }).update({ done_at: change.now });
        },
        { at: t.due_at },
      );
    }
  };

  const report = (): Promise<unknown> =>
    inChange(tools, systemActor, (change) =>
      receiveCases(change, [aNewCase(city, { words: SECRET, contact: { name: SECRET, email: null, phone: null } })]),
    );

  for (let i = 0; i < 12; i++) await report();
  for (const row of await db('cases').orderBy('number').select<{ id: string }[]>('id')) {
    await send(
      city.dispatcher,
      'area',
      parsed({ type: 'case.make_job', caseIds: [row.id], cause: 'policy', job: aNewJob() }),
      {},
      false,
    );
  }
  await plan({ who: 'planner', what: 1, which: 0, other: 0, twice: false });

  return {
    city,
    sent,
    runTimers,
    async make(m: Move): Promise<void> {
      if (m.who === 'desk') return desk(m);
      if (m.who === 'planner') return plan(m);
      if (m.who === 'timers') return runTimers();
      if (m.who === 'reporter') return void (await report());
      return fact(m, m.who === 'late crew');
    },
    /** Long after: whoever asks again is told the same, and nothing happens. */
    async repeatSome(): Promise<void> {
      const before = await db('event').max<{ max: number }[]>('seq');
      for (const s of sent.filter((_, i) => i % 12 === 0)) {
        const again = await act(tools, s.actor, s.scope, s.envelope, s.command);
        expect({ ...again, body: plain(again.body) }).to.deep.equal({
          status: s.answer.status,
          body: plain(s.answer.body),
          repeated: true,
        });
      }
      expect(await db('event').max<{ max: number }[]>('seq')).to.deep.equal(before);
    },
  };
}

const TWO = [
  { skills: ['asphalt'], plant: [] },
  { skills: [], plant: [] },
];

/** As it travels: without what JSON does not carry. */
const plain = (body: unknown): unknown => JSON.parse(JSON.stringify(body));
