import { CLOSED_CASE_STATES, type CaseState, type PublicCase } from '../../server/stores/cases/contract.ts';

/** Reported at 06:00 UTC of 2 March 2026 and looked at at 11:00; what is closed was at 10:00. */
export const aPublicCase = (state: CaseState, over: Partial<PublicCase> = {}): PublicCase => ({
  number: '26-00001',
  serviceType: 'pothole',
  serviceLabel: 'Pothole',
  placeText: 'Main Street',
  placeQuality: 'on_road',
  place: { lon: 11.97, lat: 57.7 },
  state,
  originalState: null,
  otherReports: 0,
  beingConfirmed: false,
  reportedAt: '2026-03-02T06:00:00.000Z',
  dueAt: '2026-03-03T06:00:00.000Z',
  expectedFrom: null,
  expectedUntil: null,
  crewOnTheWay: false,
  closedAt: CLOSED_CASE_STATES.includes(state) ? '2026-03-02T10:00:00.000Z' : null,
  asOf: '2026-03-02T11:00:00.000Z',
  messages: [],
  ...over,
});
