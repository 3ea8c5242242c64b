import { encode } from '@googlemaps/polyline-codec';
import type { RecordedCrew, RecordedJob, RecordedStretch } from '../../../server/stores/recorded-days/contract.ts';

/** That time of 2 March 2026, UTC. */
export const iso = (time: string): string => `2026-03-02T${time}:00.000Z`;

/** Due at 10:00, begun half an hour late. */
export const aRecordedJob = (over: Partial<RecordedJob> = {}): RecordedJob => ({
  number: 1,
  title: 'Fill pothole',
  priority: 3,
  emergency: false,
  place: { lon: 11.97, lat: 57.7 },
  placeText: null,
  reports: 1,
  reportedAt: iso('08:00'),
  dueAt: iso('10:00'),
  begunAt: iso('10:30'),
  endedAt: iso('11:00'),
  outcome: 'done',
  verification: 'verified',
  lateMinutes: 30,
  reason: null,
  crewNumber: 4,
  ...over,
});

/** What a crew did between two times; `line` is latitude first. */
export const aStretch = (
  kind: RecordedStretch['kind'],
  from: string,
  until: string,
  line: [number, number][],
): RecordedStretch => ({
  kind,
  from: iso(from),
  until: iso(until),
  jobNumber: null,
  line: { points: encode(line, 5), precision: 5 },
});

/** Out from 08:00 to 09:00: it drives east and works there. */
export const aRecordedCrew = (over: Partial<RecordedCrew> = {}): RecordedCrew => ({
  number: 4,
  name: 'Crew 4',
  from: iso('07:00'),
  until: iso('15:00'),
  metres: 1000,
  stretches: [
    aStretch('drive', '08:00', '08:10', [
      [57.7, 11.97],
      [57.7, 11.98],
      [57.7, 11.99],
    ]),
    aStretch('work', '08:10', '09:00', [[57.7, 11.99]]),
  ],
  silences: [{ from: iso('08:05'), until: iso('08:20') }],
  ...over,
});
