import type { AlternativeView, FittingChangeView, JobWhy, Refined, Why, Curve } from '../../server/stages/explaining/contract.ts';
import type { PlanProof } from '../../server/stages/planning/proving/contract.ts';
import { aShift, sampleId } from '../state/sample-desk.ts';
import { minutesFromNow, NOW } from './sample-city.ts';

const planId = sampleId(200_001) as JobWhy['planId'];
const slotOf = (n: number) => ({ jobId: sampleId(n), slot: 0 });

const anAlternative = (n: number, price: number, over: Partial<AlternativeView> = {}): AlternativeView => ({
  shiftId: aShift(n).id,
  position: 1,
  price,
  start: minutesFromNow(25 + n),
  lateSeconds: 0,
  extraTravelSeconds: 400,
  extraMetres: 3_100,
  extraOvertimeSeconds: 0,
  slips: [],
  moved: [],
  leftOut: [],
  ...over,
});

const aFitting = (code: string, params: Record<string, unknown>, price: number, n = 2): FittingChangeView => ({
  changes: [{ code, params }],
  shiftId: aShift(n).id,
  position: 1,
  start: minutesFromNow(95),
  price,
});

const PLACED: Why = {
  answer: 'placed',
  ...slotOf(1),
  shiftId: aShift(1).id,
  start: minutesFromNow(15),
  lateSeconds: 0,
  saved: 4_100,
  alternatives: [
    anAlternative(2, 7_200, { slips: [{ ...slotOf(4), seconds: 540, lateSeconds: 0 }] }),
    anAlternative(3, 21_600, {
      lateSeconds: 1_500,
      slips: [
        { ...slotOf(5), seconds: 1_320, lateSeconds: 600 },
        { ...slotOf(6), seconds: 900, lateSeconds: 0 },
      ],
      moved: [{ ...slotOf(7), shiftId: aShift(1).id }],
      leftOut: [slotOf(9)],
    }),
  ],
  blocked: [{ shiftId: aShift(4).id, reason: { code: 'no_crew_with_skills', params: { missing: ['asphalt'] } } }],
};

const LEFT_OUT: Why = {
  answer: 'left_out',
  ...slotOf(8),
  reason: { code: 'not_today', params: { cheapestShiftId: aShift(2).id, extraCost: 9_000 } },
  shifts: [
    { shiftId: aShift(1).id, blockedBy: { code: 'no_room', params: {} }, price: null },
    { shiftId: aShift(2).id, blockedBy: null, price: 9_000 },
    { shiftId: aShift(3).id, blockedBy: { code: 'no_crew_with_skills', params: { missing: ['asphalt'] } }, price: null },
  ],
  changes: [
    aFitting('no_break', { shiftId: aShift(2).id, breakId: 'lunch' }, -2_400),
    aFitting('overtime', { shiftId: aShift(2).id, seconds: 720 }, 5_400),
    aFitting('more_changes', { more: 2 }, 7_200),
    aFitting('accept_price', {}, 9_000),
    aFitting('skills', { shiftId: aShift(3).id, names: ['asphalt'] }, -1_200, 3),
    {
      ...aFitting('due', { at: minutesFromNow(180) }, 0),
      changes: [
        { code: 'due', params: { at: minutesFromNow(180) } },
        { code: 'instead_of', params: slotOf(5) },
      ],
    },
  ],
};

/** The eighth job was left out, every other one has a crew. */
export const aWhy = (jobId: string): JobWhy => ({
  planId,
  madeAt: NOW,
  why: jobId === sampleId(8) ? LEFT_OUT : { ...PLACED, jobId },
  names: {
    crews: Object.fromEntries([1, 2, 3, 4].map((n) => [aShift(n).id, `Crew ${n}`])),
    jobs: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [sampleId(n), { number: 1_000 + n, title: 'Pothole repair' }])),
  },
});

const aPoint = (moves: number | null, changes: number, cost: number, late: number): Curve['points'][number] => ({
  moves,
  changes,
  cost,
  late,
  lateSeconds: late * 900,
  unserved: moves === 0 ? 2 : 1,
});

export const aCurve: Curve = {
  answer: 'curve',
  points: [aPoint(0, 0, 31_200, 14), aPoint(2, 2, 24_600, 5), aPoint(6, 6, 20_100, 3), aPoint(null, 11, 18_420, 2)],
};

export const aRefined = (jobId: string, slot: number, shiftId: string): Refined => ({
  answer: 'refined',
  jobId,
  slot,
  shiftId,
  price: 6_600,
  alternative: anAlternative(2, 6_600),
  savedWithout: 0,
  iterations: 41_000,
});

export const aProof = (over: Partial<PlanProof> = {}): PlanProof => ({
  planId,
  state: 'proven',
  why: null,
  cost: 18_420,
  bound: 18_273,
  gapPercent: 0.8,
  kind: 'routes',
  relaxed: ['breaks', 'linked_jobs'],
  refusals: [],
  programme: { passes: 14, routes: 2_310, cuts: 6 },
  seconds: 8.4,
  madeAt: NOW,
  better: null,
  ...over,
});

/** One of which nothing is claimed. */
export const anUnproven = (state: PlanProof['state'], over: Partial<PlanProof> = {}): PlanProof =>
  aProof({
    state,
    bound: null,
    gapPercent: null,
    kind: null,
    relaxed: [],
    programme: null,
    seconds: null,
    madeAt: null,
    ...over,
  });

export const aBetter: NonNullable<PlanProof['better']> = { cost: 18_199, cheaperPercent: 1.2, planId: null, offered: true };

/** A certificate that is too large to be checked here. */
export const NOT_CHECKED: Partial<PlanProof> = {
  kind: 'routes',
  relaxed: ['repeated_visits', 'early_starts'],
  refusals: ['too_many_labels'],
  programme: { passes: 3, routes: 41_200, cuts: 0 },
  seconds: 62.5,
};
