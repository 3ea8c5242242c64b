import type { CrewDay, CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { usePhoneState } from '../phone-context.ts';
import { AlarmSheet } from './alarm-sheet.tsx';
import { CannotSheet } from './cannot-sheet.tsx';
import { DaySheet } from './day-sheet.tsx';
import { DeclineSheet } from './decline-sheet.tsx';
import { DirectionsSheet } from './directions-sheet.tsx';
import { MoreSheet } from './more-sheet.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { SignOffSheet } from './sign-off-sheet.tsx';

/** The sheet that is open, if any. */
export function Sheets({ day, stop }: { day: CrewDay; stop: CrewStop | null }): React.JSX.Element | null {
  const sheet = usePhoneState((state) => state.sheet);
  switch (sheet) {
    case null:
      return null;
    case 'day':
      return <DaySheet day={day} inHand={stop} />;
    case 'directions':
      return <DirectionsSheet day={day} stop={stop} />;
    case 'settings':
      return <SettingsSheet day={day} />;
    case 'alarm':
      return <AlarmSheet />;
    case 'sign_off':
      return <SignOffSheet day={day} />;
    case 'more':
      return stop === null ? null : <MoreSheet stop={stop} />;
    case 'cannot':
      return stop === null ? null : <CannotSheet stop={stop} />;
    case 'decline':
      return stop === null ? null : <DeclineSheet stop={stop} />;
    default:
      return sheet satisfies never;
  }
}
