import type { Override, OverrideLedger } from '../../server/stores/overrides/contract.ts';
import { sampleId } from '../state/sample-desk.ts';
import { minutesFromNow } from './sample-city.ts';

const crew = (n: number): NonNullable<Override['from']> => ({
  shiftId: sampleId(800_000 + n),
  crewNumber: n,
  crewName: `Crew ${n}`,
});

const anOverride = (n: number, over: Partial<Override> = {}): Override => ({
  actionId: sampleId(400_000 + n),
  at: minutesFromNow(-n * 23),
  by: 'Thandi Nkosi',
  kind: 'move',
  against: 'plan',
  jobId: sampleId(100_000 + n),
  jobNumber: 1_040 + n,
  title: 'Pothole, Main Street near 5th Street',
  jobType: 'pothole',
  from: crew(4),
  to: crew(2),
  reason: null,
  price: 4_200,
  outcome: 'open',
  lateSeconds: null,
  ...over,
});

const EMPTY: OverrideLedger = {
  from: minutesFromNow(-28 * 1_440),
  until: minutesFromNow(0),
  total: 0,
  againstPlan: 0,
  patterns: [],
  overrides: [],
};

export const anEmptyLedger = EMPTY;

/** A ledger with something of everything. */
export const aLedger = (): OverrideLedger => ({
  ...EMPTY,
  total: 61,
  againstPlan: 52,
  patterns: [
    {
      what: 'refused',
      crewNumber: 4,
      crewName: 'Crew 4',
      area: 'East',
      hours: { from: 15, until: null },
      jobType: null,
      jobTypeLabel: null,
      support: 37,
      of: 41,
      elsewhere: 0.02,
    },
    {
      what: 'chosen',
      crewNumber: 2,
      crewName: 'Crew 2',
      area: null,
      hours: null,
      jobType: 'fallen-tree',
      jobTypeLabel: 'Fallen tree clearing',
      support: 9,
      of: 12,
      elsewhere: 0.11,
    },
  ],
  overrides: [
    anOverride(1, { reason: 'Crew 4 has no key to the yard' }),
    anOverride(2, { kind: 'give', against: 'left_out', from: null, price: 19_400, outcome: 'late', lateSeconds: 1_440 }),
    anOverride(3, { kind: 'take_off', to: null, price: null, by: 'Pieter de Wet', outcome: 'on_time' }),
    anOverride(4, { kind: 'lock', from: crew(3), to: crew(3), price: null, outcome: 'not_done' }),
    anOverride(5, { kind: 'reorder', from: crew(1), to: crew(1), price: null, outcome: 'undone' }),
    anOverride(6, { kind: 'give', against: 'nothing', from: null, price: 0, outcome: 'changed_again' }),
  ],
});

/** Changes, but none that could be a rule. */
export const aLedgerWithoutPatterns = (): OverrideLedger => ({ ...aLedger(), patterns: [], againstPlan: 4, total: 6 });
