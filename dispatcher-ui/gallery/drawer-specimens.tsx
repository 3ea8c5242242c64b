import { CrewDrawer } from '../dispatch/parts/crew-drawer.tsx';
import { CrewPhones } from '../dispatch/parts/crew-phones.tsx';
import { JobDrawer } from '../dispatch/parts/job-drawer.tsx';
import { PhoneCode } from '../dispatch/parts/phone-code.tsx';
import type { DeskJob } from '../state/desk-job.ts';
import type { DeskState } from '../state/desk-state.ts';
import { aJob, anAssignment, aSpot, aShift, byId } from '../state/sample-desk.ts';
import type { Reading } from './gallery-desk.ts';
import { aCode, aDay, minutesFromNow, NOW, theAreas } from './sample-city.ts';
import { aPlan } from './sample-plan.ts';
import type { Is } from './specimen-frame.tsx';
import { Specimen } from './specimen.tsx';

const nothing = (): void => undefined;
const WIDTH = 360;

const published = aPlan({ state: 'published', publishedAt: NOW });
const aDesk = (job: DeskJob, reading: Reading = 'there') => ({
  reading,
  state: {
    jobs: byId(job),
    shifts: byId(aShift(1), aShift(2), aShift(3)),
    inForce: published,
    plans: [{ ...published, assigned: 6, leftOut: 3 }],
  } satisfies Partial<DeskState>,
});
const given = (n: number, over: Parameters<typeof anAssignment>[1]) =>
  anAssignment(n, { planId: published.id, plannedStart: minutesFromNow(15), ...over });

const JOBS: readonly { is: Is; desk: ReturnType<typeof aDesk>; id: string }[] = (
  [
    ['waiting', aJob(8, { areaIds: [theAreas[0]!.id], caseCount: 2, emergency: true, priority: 1 }), 'there'],
    ['loading', aJob(8), 'coming'],
    ['failed', aJob(8), 'failed'],
    ['held', aJob(1, { state: 'under_way', assignments: [given(1, { state: 'travelling' })] }), 'there'],
    [
      'several',
      aJob(2, {
        state: 'dispatched',
        slots: [
          { skills: ['asphalt'], plant: ['roller'] },
          { skills: [], plant: [] },
        ],
        windows: [{ from: NOW, until: minutesFromNow(120) }],
        assignments: [
          given(2, {
            state: 'accepted',
            promisedFrom: minutesFromNow(10),
            promisedUntil: minutesFromNow(70),
            shiftId: aShift(2).id,
          }),
          given(3, { slot: 1, lockCrew: true, planId: null, shiftId: aShift(3).id }),
          given(4, { slot: 1, state: 'travelling', requested: 'cancel' }),
        ],
      }),
      'there',
    ],
    [
      'over',
      aJob(3, {
        state: 'completed',
        endedAt: NOW,
        followUpOf: aJob(9).id,
        followUpReason: 'needs_part',
        assignments: [given(5, { state: 'completed', endedAt: NOW, verification: 'verified' })],
      }),
      'there',
    ],
    ['hold', aJob(4, { state: 'on_hold', decidedReason: 'weather' }), 'there'],
  ] as const
).map(([is, job, reading]) => ({ is, desk: aDesk(job, reading), id: job.id }));
const GONE = {};

export function JobDrawers(): React.JSX.Element {
  return (
    <>
      {JOBS.map(({ is, desk, id }) => (
        <Specimen key={is} is={is} desk={desk} width={WIDTH}>
          <JobDrawer id={id} onClose={nothing} />
        </Specimen>
      ))}
      <Specimen is="gone" desk={GONE} width={WIDTH}>
        <JobDrawer id={aJob(99).id} onClose={nothing} />
      </Specimen>
    </>
  );
}

const aCrewDesk = (state: Partial<DeskState>, reading: Reading = 'there') => ({
  reading,
  positions: [aSpot(1, { fixAtMs: Date.parse(minutesFromNow(-0.2)) })],
  state: { shifts: byId(aShift(1, { orderVersion: 3, orderAcknowledged: 2, plant: ['roller'] })), ...state },
});
const CREWS: readonly { is: Is; desk: ReturnType<typeof aCrewDesk> }[] = [
  { is: 'full', desk: aCrewDesk({ day: aDay('osrm') }) },
  { is: 'estimate', desk: aCrewDesk({ day: aDay('estimate') }) },
  { is: 'noStops', desk: aCrewDesk({ day: aDay('osrm', 'none') }) },
  { is: 'loading', desk: aCrewDesk({}, 'coming') },
  { is: 'failed', desk: aCrewDesk({ dayFailed: true }, 'failed') },
];

export function CrewDrawers(): React.JSX.Element {
  return (
    <>
      {CREWS.map(({ is, desk }) => (
        <Specimen key={is} is={is} desk={desk} width={WIDTH}>
          <CrewDrawer id={aShift(1).id} onClose={nothing} />
        </Specimen>
      ))}
    </>
  );
}

const GOOD = aCode(13);
const OLD = aCode(-1);

export function Phones(): React.JSX.Element {
  return (
    <>
      <Specimen is="code" width={WIDTH}>
        <PhoneCode code={GOOD} vehicleCode="van-1" before={NOBODY} devices={[]} onClose={nothing} />
      </Specimen>
      <Specimen is="codeExpired" width={WIDTH}>
        <PhoneCode code={OLD} vehicleCode="van-1" before={NOBODY} devices={[]} onClose={nothing} />
      </Specimen>
      <Specimen is="codeUsed" width={WIDTH}>
        <PhoneCode code={GOOD} vehicleCode="van-1" before={NOBODY} devices={[{ id: 'new' }]} onClose={nothing} />
      </Specimen>
      <Specimen is="noVehicle" width={WIDTH}>
        <CrewPhones crewName="Crew 1" vehicle={null} />
      </Specimen>
    </>
  );
}

const NOBODY: ReadonlySet<string> = new Set();
