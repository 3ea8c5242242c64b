import type { Alarm } from '../crew/alarm.ts';
import type { Sheet } from '../crew/phone-state.ts';
import { Sheets } from '../crew/parts/sheets.tsx';
import { aFullDay, aGalleryStop, anEmptyDay, NOW_MS } from './gallery-phone.ts';
import { PhoneSpecimen } from './phone-specimen.tsx';
import type { Is } from './specimen-frame.tsx';

const own = { atMs: Date.now(), lon: 11.97, lat: 57.7, accuracyMetres: 7, speedMps: 0, headingDegrees: null };
const stop = aGalleryStop(1, { state: 'working' });
const fresh = aGalleryStop(1);
const shownAs = (is: Is, sheet: Sheet, inHand: typeof stop | null) => {
  const day = inHand === null ? anEmptyDay : aFullDay(inHand);
  return { is, day, stop: inHand, phone: { day, sheet, own, unsentFixes: 3, screenStaysOn: true } };
};
const withAlarm = (is: Is, alarm: Alarm) => {
  const one = shownAs(is, 'alarm', stop);
  return { ...one, phone: { ...one.phone, alarm } };
};
const SHEETS = [
  shownAs('cannot', 'cannot', stop),
  shownAs('day', 'day', stop),
  shownAs('emptyDay', 'day', null),
  shownAs('directions', 'directions', fresh),
  shownAs('more', 'more', stop),
  shownAs('decline', 'decline', fresh),
  shownAs('settings', 'settings', stop),
  shownAs('signOff', 'sign_off', stop),
  shownAs('alarm', 'alarm', stop),
  withAlarm('alarmCalling', { phase: 'calling', sinceMs: 0 }),
  withAlarm('alarmTold', { phase: 'told', atMs: NOW_MS }),
  withAlarm('alarmRefused', { phase: 'refused', because: 'This shift has no vehicle that could be looked for.' }),
];

/** Every sheet that lies over the shift's screen. */
export function PhoneSheets(): React.JSX.Element {
  return (
    <>
      {SHEETS.map(({ is, day, stop: inHand, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <Sheets day={day} stop={inHand} />
        </PhoneSpecimen>
      ))}
    </>
  );
}
