import { CrewsPane } from '../dispatch/parts/crews-pane.tsx';
import { QueuePane } from '../dispatch/parts/queue-pane.tsx';
import { QueueRow } from '../dispatch/parts/queue-row.tsx';
import { NO_PLANNING } from '../state/desk-state.ts';
import type { DeskJob } from '../state/desk-job.ts';
import { aJob, anAssignment, aSpot, aShift, byId } from '../state/sample-desk.ts';
import { minutesFromNow, NOW } from './sample-city.ts';
import { aPlan } from './sample-plan.ts';
import { Specimen } from './specimen.tsx';

const titles = ['Pothole repair', 'Blocked drain clearing', 'Streetlight repair', 'Fallen tree clearing'];
/** Jobs of their own numbers, so that no two specimens hold the same element. */
const jobs = (from: number, count: number, over: Partial<DeskJob> = {}): DeskJob[] =>
  Array.from({ length: count }, (_, i) =>
    aJob(from + i, {
      title: titles[i % 4]!,
      priority: (i % 4) + 1,
      dueAt: minutesFromNow(i * 37 - 30),
      caseCount: i % 3 === 0 ? 3 : 1,
      ...over,
    }),
  );

const FULL = { state: { jobs: byId(...jobs(1, 12)), inForce: aPlan({ state: 'published', publishedAt: NOW }) } };
const LOADING = { state: { phase: 'loading' as const } };
const NOTHING = {};
const FILTERED = { state: { jobs: byId(...jobs(40, 3)), areaId: '00000000-0000-7000-8000-000000700001' } };

export function Queues(): React.JSX.Element {
  return (
    <>
      <Specimen is="full" desk={FULL} width={320} height={460}>
        <QueuePane />
      </Specimen>
      <Specimen is="loading" desk={LOADING} width={320} height={460}>
        <QueuePane />
      </Specimen>
      <Specimen is="empty" desk={NOTHING} width={320} height={460}>
        <QueuePane />
      </Specimen>
      <Specimen is="emptyFilter" desk={FILTERED} width={320} height={460}>
        <QueuePane />
      </Specimen>
    </>
  );
}

const held = (n: number, over: Parameters<typeof anAssignment>[1]): Partial<DeskJob> => ({
  assignments: [anAssignment(n, { plannedStart: minutesFromNow(40), ...over })],
});
/** One of each: not planned yet, left out (usual, and for a reason to act on), a draft's, and every state on the way. */
const ROWS: readonly DeskJob[] = [
  aJob(101, { createdAt: minutesFromNow(1), dueAt: minutesFromNow(200), title: 'Not in a plan yet' }),
  aJob(7, { dueAt: minutesFromNow(40), title: 'Left out: more urgent work' }),
  aJob(8, { dueAt: minutesFromNow(8), priority: 2, title: 'Left out: nobody can' }),
  aJob(104, { dueAt: minutesFromNow(-75), priority: 1, caseCount: 12, title: 'Late, twelve reports' }),
  aJob(105, { dueAt: null, priority: 4, title: 'No due time', placeText: null }),
  aJob(106, { state: 'planned', ...held(106, {}), title: 'Planned' }),
  aJob(107, { state: 'dispatched', ...held(107, { state: 'accepted' }), title: 'Accepted' }),
  aJob(108, { state: 'under_way', ...held(108, { state: 'working' }), title: 'Working' }),
  aJob(109, { state: 'on_hold', title: 'On hold' }),
  aJob(110, { state: 'draft', title: 'To be looked at' }),
  aJob(111, { state: 'completed', endedAt: NOW, title: 'Done' }),
  aJob(112, { state: 'cannot_complete', endedAt: NOW, title: 'Could not be done' }),
];
const ROWS_DESK = {
  state: {
    shifts: byId(aShift(1)),
    inForce: aPlan({ state: 'published', publishedAt: NOW }),
  },
};
const DRAFT_DESK = {
  state: {
    shifts: byId(aShift(1)),
    planning: { ...NO_PLANNING, draft: aPlan() },
  },
};
const ROW = 58;

export function Rows(): React.JSX.Element {
  return (
    <>
      <Specimen is="full" desk={ROWS_DESK} width={330} height={ROW * ROWS.length}>
        <RowList jobs={ROWS} selected={3} />
      </Specimen>
      <Specimen is="draft" desk={DRAFT_DESK} width={330} height={ROW * 2}>
        <RowList jobs={[aJob(1, { title: 'Given by the draft' }), aJob(9, { title: 'Left out by the draft' })]} selected={-1} />
      </Specimen>
    </>
  );
}

function RowList({ jobs: shown, selected }: { jobs: readonly DeskJob[]; selected: number }): React.JSX.Element {
  return (
    <div className="queue-rows" role="listbox" aria-label="rows">
      {shown.map((job, i) => (
        <QueueRow
          key={job.id}
          job={job}
          selected={i === selected}
          position={i + 1}
          size={shown.length}
          top={i * ROW}
          height={ROW}
          onSelect={() => undefined}
        />
      ))}
    </div>
  );
}

/** Every form a bar of the day can have, and crews in every state. */
const DAY_JOBS = byId(
  aJob(
    201,
    held(201, {
      plannedStart: minutesFromNow(-120),
      state: 'completed',
      onSiteAt: minutesFromNow(-120),
      endedAt: minutesFromNow(-80),
    }),
  ),
  aJob(
    202,
    held(202, {
      plannedStart: minutesFromNow(-70),
      state: 'cannot_complete',
      onSiteAt: minutesFromNow(-70),
      endedAt: minutesFromNow(-40),
    }),
  ),
  aJob(203, {
    ...held(203, { plannedStart: minutesFromNow(-20), state: 'working', onSiteAt: minutesFromNow(-20) }),
    priority: 1,
  }),
  aJob(204, { ...held(204, { plannedStart: minutesFromNow(30), state: 'accepted' }), priority: 2 }),
  aJob(205, { ...held(205, { plannedStart: minutesFromNow(80), state: 'dispatched' }), priority: 3 }),
  aJob(206, { ...held(206, { plannedStart: minutesFromNow(130) }), priority: 4, dueAt: minutesFromNow(100) }),
  aJob(207, held(207, { shiftId: aShift(2).id, state: 'travelling', plannedStart: minutesFromNow(5) })),
);
const CREWS = {
  state: {
    jobs: DAY_JOBS,
    shifts: byId(
      aShift(1),
      aShift(2),
      aShift(3),
      aShift(4, { crewName: 'Crew 4, lost signal' }),
      aShift(5, { state: 'scheduled' }),
      aShift(6, { state: 'ended' }),
    ),
  },
  positions: [
    aSpot(1, { fixAtMs: Date.parse(minutesFromNow(-0.2)) }),
    aSpot(2, { fixAtMs: Date.parse(minutesFromNow(-0.1)), source: 'tracker' }),
    aSpot(4, { fixAtMs: Date.parse(minutesFromNow(-14)) }),
  ],
};

export function Crews(): React.JSX.Element {
  return (
    <>
      <Specimen is="full" desk={CREWS} width={1040} height={260}>
        <CrewsPane />
      </Specimen>
      <Specimen is="loading" desk={LOADING} width={1040} height={220}>
        <CrewsPane />
      </Specimen>
      <Specimen is="empty" desk={NOTHING} width={1040} height={160}>
        <CrewsPane />
      </Specimen>
    </>
  );
}
