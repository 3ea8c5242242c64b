import type { MovementView } from '../../server/stores/movements/contract.ts';
import { aJob } from '../state/sample-desk.ts';
import { minutesFromNow } from './sample-city.ts';

const VEHICLE = '00000000-0000-7000-8000-000000700001';
const aMovement = (over: Partial<MovementView>): MovementView => ({
  vehicleId: VEHICLE,
  kind: 'fence',
  subject: '',
  since: minutesFromNow(-20),
  until: null,
  facts: { lon: 11.97, lat: 57.7 },
  ...over,
});

/** One of every kind: what goes on, what is over. */
export const theMovements: MovementView[] = [
  aMovement({
    kind: 'off_way',
    subject: 'leg',
    since: minutesFromNow(-4),
    facts: { metres: 1240, limitMetres: 400, seconds: 200 },
  }),
  aMovement({ kind: 'panic', since: minutesFromNow(-6), until: minutesFromNow(-1) }),
  aMovement({ subject: 'a', since: minutesFromNow(-34), until: minutesFromNow(-12), facts: { jobId: aJob(2).id } }),
  aMovement({
    kind: 'speeding',
    since: minutesFromNow(-41),
    until: minutesFromNow(-39),
    facts: { speedMps: 36.4, limitMps: 33 },
  }),
  aMovement({ kind: 'long_stop', since: minutesFromNow(-90), until: minutesFromNow(-60), facts: { seconds: 1260 } }),
  aMovement({ kind: 'silent', since: minutesFromNow(-130), until: minutesFromNow(-110), facts: { seconds: 960 } }),
  aMovement({ subject: 'depot:east', since: minutesFromNow(-190), until: minutesFromNow(-150), facts: { depot: 'east' } }),
];
