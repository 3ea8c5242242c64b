import type { ClockPace } from '../../server/platform/contract.ts';
import { HelpContent } from '../dispatch/parts/help-dialog.tsx';
import { DispatchApp } from '../dispatch/dispatch-app.tsx';
import { GuideCard, STEPS } from '../dispatch/parts/guide.tsx';
import { PaceControl } from '../dispatch/parts/pace-control.tsx';
import { PlanProofPart } from '../dispatch/parts/plan-proof.tsx';
import { PlanCurve } from '../dispatch/parts/plan-curve.tsx';
import { PlanPanel } from '../dispatch/parts/plan-panel.tsx';
import { TopBar } from '../dispatch/parts/top-bar.tsx';
import { NO_PLANNING, type DeskState, type Planning } from '../state/desk-state.ts';
import { aJob, aShift, byId } from '../state/sample-desk.ts';
import { aStatus, minutesFromNow, NOW } from './sample-city.ts';
import type { GalleryDesk } from './gallery-desk.ts';
import { aBetter, anUnproven, aProof, NOT_CHECKED } from './sample-why.ts';
import { anOutcome, aPhase, aPlan, aProgress, aQuestion, aRequest } from './sample-plan.ts';
import type { Is } from './specimen-frame.tsx';
import { Specimen } from './specimen.tsx';

const nothing = (): void => undefined;

const CITY: Partial<DeskState> = {
  jobs: byId(...Array.from({ length: 10 }, (_, i) => aJob(i + 1, { priority: (i % 4) + 1 }))),
  shifts: byId(aShift(1), aShift(2), aShift(3, { state: 'scheduled' })),
};
const planning = (over: Partial<Planning>, state: Partial<DeskState> = {}) => ({
  state: { ...CITY, planning: { ...NO_PLANNING, ...over }, ...state },
});
const making = (request: Parameters<typeof aRequest>[0], over: Partial<Planning> = {}) =>
  planning({ request: aRequest(request), busy: 'asking', ...over });
const unchanged = aPlan();
const NONE = { added: 0, moved: 0, takenOff: 0, lateAfter: 4, lateSecondsAfter: 5_400 };

const PROOFS: readonly { is: Is; desk: GalleryDesk }[] = [
  { is: 'proven', desk: {} },
  { is: 'provenWeakly', desk: { proof: aProof({ kind: 'arrivals', bound: 9_800, gapPercent: 46.8, relaxed: [] }) } },
  { is: 'provenBest', desk: { proof: aProof({ bound: 18_420, gapPercent: 0, relaxed: [] }) } },
  { is: 'provenBetter', desk: { proof: aProof({ better: aBetter }) } },
  { is: 'provenBetterPast', desk: { proof: aProof({ better: { ...aBetter, offered: false } }) } },
  { is: 'proofNone', desk: { proof: anUnproven('waiting') } },
  { is: 'proofWorking', desk: { proof: anUnproven('working') } },
  { is: 'proofNotChecked', desk: { proof: anUnproven('not_checked', NOT_CHECKED) } },
  { is: 'proofRefused', desk: { proof: anUnproven('refused') } },
  { is: 'proofNever', desk: { proof: anUnproven('not_proven', { why: 'superseded' }) } },
  { is: 'proofFailed', desk: { proof: anUnproven('not_proven', { why: 'failed' }) } },
  { is: 'loading', desk: { reading: 'coming' } },
  { is: 'failed', desk: { reading: 'failed' } },
];

/** What is proven of a plan, and what fewer changes would cost. */
export function Proofs(): React.JSX.Element {
  return (
    <>
      {PROOFS.map(({ is, desk }) => (
        <Specimen key={is} is={is} desk={desk} width={360}>
          <div className="drawer">
            <PlanProofPart plan={unchanged} onBetter={nothing} />
            <PlanCurve draft={unchanged} />
          </div>
        </Specimen>
      ))}
    </>
  );
}

const PLANS: readonly { is: Is; desk: ReturnType<typeof planning> }[] = [
  { is: 'ask', desk: planning({}) },
  { is: 'loading', desk: { state: { phase: 'loading', planning: NO_PLANNING } } },
  {
    is: 'draftWaits',
    desk: planning(
      {},
      {
        plans: [{ ...aPlan(), assigned: 6, leftOut: 3 }],
        inForce: aPlan({ state: 'published', publishedAt: minutesFromNow(-40) }),
        questions: [aQuestion(1, 'done_after_recall'), aQuestion(2, 'shift_end_unsynchronised')],
      },
    ),
  },
  { is: 'askLimited', desk: planning({}, { maxChanges: 5 }) },
  { is: 'askOwnLimit', desk: planning({}, { maxChanges: 12 }) },
  { is: 'progressWaiting', desk: making({ state: 'waiting', maxChanges: null, progress: aPhase('waiting') }) },
  { is: 'progressRoads', desk: making({ maxChanges: 0, progress: aPhase('roads') }) },
  { is: 'progress', desk: making({}) },
  {
    is: 'progressFirst',
    desk: making({ progress: aProgress({ elapsedSeconds: 0.3, curve: [{ seconds: 0.2, cost: 31_900 }], bestCost: 31_900 }) }),
  },
  { is: 'progressUnlimited', desk: making({ maxChanges: null, progress: aProgress({ budgetSeconds: null, share: null }) }) },
  { is: 'progressZones', desk: making({ maxChanges: null, progress: aPhase('solving', { share: 0.4 }) }) },
  { is: 'progressFinishing', desk: making({ progress: aProgress({ finishing: true }) }) },
  { is: 'progressUnheard', desk: making({}, { unheard: true }) },
  { is: 'draft', desk: planning({ draft: aPlan() }) },
  {
    is: 'draftOlder',
    desk: planning({ draft: aPlan({ costNow: null, changes: null, forcedChanges: null, maxChanges: null }) }),
  },
  {
    is: 'draftWorse',
    desk: planning({
      draft: aPlan({
        costNow: { ...unchanged.cost, unserved: 0, total: 14_420 },
        changes: 1,
        forcedChanges: 0,
        maxChanges: null,
      }),
    }),
  },
  {
    is: 'estimate',
    desk: planning({ draft: aPlan({ roadsSource: 'estimate', estimatedPairs: 812, bound: 17_900 }), busy: 'publishing' }),
  },
  {
    is: 'draftNothing',
    desk: planning({
      draft: aPlan({
        costNow: unchanged.cost,
        changes: 0,
        forcedChanges: 0,
        maxChanges: 0,
        stops: [],
        leftOut: [],
        lp: [],
        summary: { ...unchanged.summary, ...NONE, leftOut: 0 },
      }),
    }),
  },
  { is: 'draftSuperseded', desk: planning({ draft: aPlan({ state: 'superseded' }) }) },
  { is: 'outcome', desk: planning({ outcome: { outcome: anOutcome, draft: aPlan() } }) },
  { is: 'planFailed', desk: planning({ failure: 'The travel times could not be had within 20 seconds.' }) },
];

export function Plans(): React.JSX.Element {
  return (
    <>
      {PLANS.map(({ is, desk }) => (
        <Specimen key={is} is={is} desk={desk} width={360}>
          <PlanPanel />
        </Specimen>
      ))}
    </>
  );
}

export function GuideSteps(): React.JSX.Element {
  return (
    <>
      {STEPS.map(({ name }, at) => (
        <Specimen key={name} is="step" step={at + 1} width={360} height={240}>
          <GuideCard at={at} onStep={nothing} onEnd={nothing} />
        </Specimen>
      ))}
    </>
  );
}

const BAR = { state: { ...CITY, jobs: byId(aJob(1, { dueAt: minutesFromNow(-9) }), aJob(2), aJob(3, { endedAt: NOW })) } };
const paced = (wished: number, driver: ClockPace['driver'], deskHeld = false) => ({
  state: { status: { ...aStatus(), clock: { kind: 'simulated' as const, now: NOW, pace: { wished, driver, deskHeld } } } },
});

const PACED = [
  paced(10, 'playing', true),
  paced(0, 'playing'),
  paced(30, 'hurrying'),
  paced(10, 'ended'),
  paced(10, 'failed'),
  paced(10, 'away'),
];

export function Paces(): React.JSX.Element {
  return (
    <>
      {PACED.map((desk, i) => (
        <Specimen key={i} is="pace" desk={desk}>
          <PaceControl />
        </Specimen>
      ))}
    </>
  );
}

const BAR_LOADING = { state: { phase: 'loading' as const, city: null, clock: null, heardAtMs: null, session: null } };
const SIGNED_OUT = { state: { phase: 'signed_out' as const } };
const NO_RIGHT = { state: { phase: 'no_right' as const } };
const FAILED = { state: { phase: 'failed' as const, city: null, failure: 'The server does not answer.' } };

export function Pages(): React.JSX.Element {
  return (
    <>
      <Specimen is="topBar" desk={BAR} width={1280} heardAgoMs={800}>
        <TopBar onHelp={nothing} onGuide={nothing} onTrackers={nothing} />
      </Specimen>
      <Specimen is="help" width={440}>
        <div className="help">
          <HelpContent onGuide={nothing} />
        </div>
      </Specimen>
      <Specimen is="topBarLoading" desk={BAR_LOADING} width={1280}>
        <TopBar onHelp={nothing} onGuide={nothing} onTrackers={nothing} />
      </Specimen>
      <Specimen is="signedOut" desk={SIGNED_OUT} width={520}>
        <DispatchApp />
      </Specimen>
      <Specimen is="noRight" desk={NO_RIGHT} width={520}>
        <DispatchApp />
      </Specimen>
      <Specimen is="startFailed" desk={FAILED} width={520}>
        <DispatchApp />
      </Specimen>
    </>
  );
}
