import { Banners } from '../crew/parts/banners.tsx';
import { BeginScreen } from '../crew/parts/begin-screen.tsx';
import { EndedScreen } from '../crew/parts/ended-screen.tsx';
import { EnrolScreen } from '../crew/parts/enrol-screen.tsx';
import { ElsewhereScreen, FailedScreen, LoadingScreen, NoShiftScreen } from '../crew/parts/message-screens.tsx';
import { press, type Outbox, EMPTY_OUTBOX } from '../crew/outbox.ts';
import { aDay, assignmentId } from '../crew/sample-day.ts';
import { sampleId } from '../state/sample-desk.ts';
import { aFullDay, aGalleryStop, anEndedDay, phoneMinutes, theDevice, type GalleryPhone } from './gallery-phone.ts';
import { PhoneSpecimen } from './phone-specimen.tsx';
import type { Is } from './specimen-frame.tsx';

/** Pressed and not sent: two facts of the first stop. */
const unsent: Outbox = (['field.arrive', 'field.start'] as const).reduce(
  (outbox, type, i) =>
    press(
      outbox,
      { kind: 'fact', fact: { type, assignmentId: assignmentId(1) }, jobNumber: 2001 },
      { actionId: sampleId(i + 1), nowMs: Date.parse(phoneMinutes(-3)), holdMs: 0 },
    ),
  EMPTY_OUTBOX,
);

type Phones = readonly { readonly is: Is; readonly phone: GalleryPhone }[];

const noShift: GalleryPhone = { mine: { ...theDevice, shift: null }, share: null, sharing: 'off' };
const SCREENS: readonly { readonly is: Is; readonly phone: GalleryPhone; readonly Screen: () => React.JSX.Element }[] = [
  { is: 'signIn', phone: { phase: 'signed_out' }, Screen: () => <EnrolScreen revoked={false} /> },
  { is: 'enrolling', phone: { phase: 'signed_out', enrolling: true }, Screen: () => <EnrolScreen revoked={false} /> },
  {
    is: 'codeRefused',
    phone: { phase: 'signed_out', codeProblem: 'This code was used already. Ask the office for a new one.' },
    Screen: () => <EnrolScreen revoked={false} />,
  },
  { is: 'revoked', phone: { phase: 'revoked', outbox: unsent }, Screen: () => <EnrolScreen revoked /> },
  { is: 'elsewhere', phone: { phase: 'elsewhere' }, Screen: ElsewhereScreen },
  { is: 'loading', phone: { phase: 'starting' }, Screen: LoadingScreen },
  { is: 'failed', phone: { phase: 'failed', failure: 'The server cannot be reached.' }, Screen: FailedScreen },
  { is: 'noShift', phone: noShift, Screen: NoShiftScreen },
  { is: 'noVehicle', phone: { ...noShift, mine: { ...theDevice, shift: null, vehicleCode: null } }, Screen: NoShiftScreen },
];

/** What the phone says when there is no shift to show. */
export function MessageScreens(): React.JSX.Element {
  return (
    <>
      {SCREENS.map(({ is, phone, Screen }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <Screen />
        </PhoneSpecimen>
      ))}
    </>
  );
}

const scheduled = { state: 'scheduled' } as const;
const BEGIN: Phones = [
  { is: 'early', phone: { day: aFullDay(aGalleryStop(1), { ...scheduled, from: phoneMinutes(25) }), sharing: 'off' } },
  { is: 'late', phone: { day: aFullDay(aGalleryStop(1), { ...scheduled, from: phoneMinutes(-12) }), sharing: 'off' } },
  { is: 'emptyDay', phone: { day: aDay([], { ...scheduled, from: phoneMinutes(0) }), sharing: 'off' } },
];

/** Before the shift. */
export function BeginScreens(): React.JSX.Element {
  return (
    <>
      {BEGIN.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <BeginScreen />
        </PhoneSpecimen>
      ))}
    </>
  );
}

const ENDED: Phones = [
  { is: 'over', phone: { day: anEndedDay, sharing: 'off' } },
  { is: 'offlineWaiting', phone: { day: anEndedDay, sharing: 'off', outbox: unsent } },
  { is: 'empty', phone: { day: { ...anEndedDay, stops: [] }, sharing: 'off', mine: { ...theDevice, next: null } } },
];

/** After the shift. */
export function EndedScreens(): React.JSX.Element {
  return (
    <>
      {ENDED.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <EndedScreen />
        </PhoneSpecimen>
      ))}
    </>
  );
}

const day = aFullDay(aGalleryStop(1));
const lastSeen = { atMs: -9 * 60_000, lon: 11.97, lat: 57.7, accuracyMetres: 8, speedMps: 0, headingDegrees: null };
const BANNERS: Phones = [
  { is: 'offline', phone: { day, connected: false, heardAtMs: 0 } },
  { is: 'offlineWaiting', phone: { day, connected: false, heardAtMs: 0, outbox: unsent } },
  { is: 'positionDenied', phone: { day, sharing: 'denied' } },
  { is: 'positionLost', phone: { day, sharing: 'lost', own: lastSeen } },
  { is: 'positionUnsupported', phone: { day, sharing: 'unsupported' } },
  { is: 'keepFailed', phone: { day, keepFailed: true } },
  {
    is: 'takenBack',
    phone: { day, notices: [{ id: 1, kind: 'taken_back', assignmentId: assignmentId(9), jobNumber: 2009 }] },
  },
  { is: 'refused', phone: { day, notices: [{ id: 1, kind: 'refused', because: 'The job is not yours any more.' }] } },
  { is: 'codeNotUsed', phone: { day, notices: [{ id: 1, kind: 'code_not_used', because: 'It has run out.' }] } },
];

/** Whatever is not as usual. */
export function BannersOfPhone(): React.JSX.Element {
  return (
    <>
      {BANNERS.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <Banners />
        </PhoneSpecimen>
      ))}
    </>
  );
}
