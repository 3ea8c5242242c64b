import { useEffect } from 'react';
import { BeginScreen } from './parts/begin-screen.tsx';
import { EnrolScreen } from './parts/enrol-screen.tsx';
import { EndedScreen } from './parts/ended-screen.tsx';
import { ElsewhereScreen, FailedScreen, LoadingScreen, NoShiftScreen } from './parts/message-screens.tsx';
import { OnDutyScreen } from './parts/on-duty-screen.tsx';
import { useCityNow, usePhoneState, useZone } from './phone-context.ts';
import { chooseTheme, hourIn, themeChoice } from './phone-theme.ts';

/** Which screen there is: one for each state of the phone and of its shift. */
export function PhoneApp(): React.JSX.Element {
  const phase = usePhoneState((state) => state.phase);
  const shift = usePhoneState((state) => state.shown?.state ?? null);
  const noShift = usePhoneState((state) => state.mine !== null && state.mine.shift === null);
  useThemeOfTheHour();
  switch (phase) {
    case 'signed_out':
    case 'revoked':
      return <EnrolScreen revoked={phase === 'revoked'} />;
    case 'elsewhere':
      return <ElsewhereScreen />;
    case 'failed':
      return <FailedScreen />;
    case 'starting':
      return <LoadingScreen />;
    case 'ready':
      if (noShift) return <NoShiftScreen />;
      if (shift === null) return <LoadingScreen />;
      if (shift === 'scheduled') return <BeginScreen />;
      return shift === 'ended' ? <EndedScreen /> : <OnDutyScreen />;
    default:
      return phase satisfies never;
  }
}

/** Dark from evening to morning, unless the crew has chosen. */
function useThemeOfTheHour(): void {
  const zone = useZone();
  const hour = hourIn(zone, useCityNow(600));
  const known = usePhoneState((state) => state.clock !== null && state.city !== null);
  useEffect(() => {
    if (known) chooseTheme(themeChoice(), hour);
  }, [hour, known]);
}
