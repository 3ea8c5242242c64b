import '../plan/plan-page.css';
import type { PlanListed } from '../../server/stores/plans/contract.ts';
import { PlanList } from '../plan/plan-list.tsx';
import { PlanParts } from '../plan/plan-detail.tsx';
import { minutesFromNow, NOW } from './sample-city.ts';
import type { GalleryDesk } from './gallery-desk.ts';
import { anOrigin, aPlan, aShiftOfPlan } from './sample-plan.ts';
import { anUnproven, aProof, NOT_CHECKED } from './sample-why.ts';
import { sampleId } from '../state/sample-desk.ts';
import type { Is } from './specimen-frame.tsx';
import { Specimen } from './specimen.tsx';

const nothing = (): void => undefined;
const inForce = aPlan({
  state: 'published',
  publishedAt: NOW,
  bound: 18_273,
  shifts: [aShiftOfPlan(1), aShiftOfPlan(2, { overtimeSeconds: 1_500, breaksSkipped: ['lunch'] }), aShiftOfPlan(3, { stops: 0 })],
});
const draft = aPlan({ state: 'draft', zones: [], costNow: null });

const PAGES: readonly { is: Is; plan: typeof inForce; origin?: Parameters<typeof anOrigin>[0]; desk: GalleryDesk }[] = [
  { is: 'planInForce', plan: inForce, desk: { proof: aProof() } },
  {
    is: 'planDraftOfCheaper',
    plan: draft,
    origin: { reason: null, cheaperThan: inForce.id },
    desk: { proof: aProof({ relaxed: [] }) },
  },
  {
    is: 'planNotChecked',
    plan: aPlan({ state: 'superseded', leftOut: [], roadsSource: 'estimate' }),
    origin: { requestedBy: null, reason: 'interval' },
    desk: { proof: anUnproven('not_checked', NOT_CHECKED) },
  },
];

const listed = (n: number, over: Partial<PlanListed>): PlanListed => ({
  ...aPlan({ madeAt: minutesFromNow(-n * 25) }),
  id: sampleId(200_100 + n) as PlanListed['id'],
  assigned: 6,
  leftOut: 3,
  ...over,
});
const DAY = [
  listed(0, {}),
  listed(1, { state: 'published', publishedAt: minutesFromNow(-20), bound: 18_273 }),
  listed(2, { state: 'superseded', publishedAt: minutesFromNow(-45), bound: 18_420 }),
  listed(3, { state: 'superseded' }),
  listed(4, { state: 'discarded' }),
];

/** The page of one plan, and the list of a day. */
export function PlanPages(): React.JSX.Element {
  return (
    <>
      {PAGES.map(({ is, plan, origin, desk }) => (
        <Specimen key={is} is={is} desk={desk} width={1100}>
          <div className="plan-detail">
            <PlanParts plan={plan} origin={anOrigin(origin)} go={nothing} />
          </div>
        </Specimen>
      ))}
      <Specimen is="planList" width={280}>
        <PlanList day="2026-03-02" plans={DAY} chosen={DAY[1]?.id ?? null} onDay={nothing} onChoose={nothing} />
      </Specimen>
      <Specimen is="planListEmpty" width={280}>
        <PlanList day="2026-03-03" plans={[]} chosen={null} onDay={nothing} onChoose={nothing} />
      </Specimen>
    </>
  );
}
