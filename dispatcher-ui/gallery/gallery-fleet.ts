import { createStore } from 'zustand/vanilla';
import type { Fleet, FleetState } from '../fleet/fleet-state.ts';
import { aStatus, NOW, theCity, theSession } from './sample-city.ts';
import { aLedger } from './sample-ledger.ts';
import { aToday } from './sample-fleet.ts';

/** A fleet page that has just read its figures. */
const CALM: FleetState = {
  phase: 'ready',
  failure: null,
  session: theSession,
  city: { ...theCity, invented: false },
  clock: { kind: 'simulated', cityMs: Date.parse(NOW), wallMs: 0 },
  status: aStatus(),
  connected: true,
  // Later than anybody looks: figures and news do not grow old while they are looked at.
  heardAtMs: Number.MAX_SAFE_INTEGER,
  today: aToday(),
  readAtMs: Number.MAX_SAFE_INTEGER,
  behind: false,
  ledger: aLedger(),
  ledgerFailed: false,
};

/** A fleet that stands still: what is shown comes from samples, and nothing is asked of a server. */
export function galleryFleet(state: Partial<FleetState>): Fleet {
  const nothing = (): void => undefined;
  return { store: createStore<FleetState>(() => ({ ...CALM, ...state })), start: nothing, stop: nothing, readLedger: nothing };
}
