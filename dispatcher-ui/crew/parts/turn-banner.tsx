import {
  IconArrowBackUp,
  IconArrowBearLeft,
  IconArrowBearRight,
  IconArrowRoundaboutRight,
  IconArrowSharpTurnLeft,
  IconArrowSharpTurnRight,
  IconArrowUp,
  IconChevronDown,
  IconCornerUpLeft,
  IconCornerUpRight,
  IconFlag,
  IconNavigation,
  type Icon,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Turn, Way } from '../../../server/stages/crew-day/contract.ts';
import { distanceText } from '../../state/format.ts';
import { usePhone, usePhoneState } from '../phone-context.ts';
import { nextTurn } from '../way-progress.ts';

const ARROWS: Readonly<Record<Turn, Icon>> = {
  depart: IconNavigation,
  straight: IconArrowUp,
  slight_left: IconArrowBearLeft,
  left: IconCornerUpLeft,
  sharp_left: IconArrowSharpTurnLeft,
  slight_right: IconArrowBearRight,
  right: IconCornerUpRight,
  sharp_right: IconArrowSharpTurnRight,
  uturn: IconArrowBackUp,
  roundabout: IconArrowRoundaboutRight,
  arrive: IconFlag,
};

/** The arrow of a turn; the sentence beside it says the same. */
export function TurnArrow({ turn, size }: { turn: Turn | null; size: number }): React.JSX.Element {
  const Arrow = turn === null ? IconArrowUp : ARROWS[turn];
  return <Arrow size={size} stroke={2.4} aria-hidden="true" />;
}

/** In steps a driver can use: 10 m near by, 50 m further off. */
const roundedMetres = (metres: number): number => (metres < 100 ? Math.round(metres / 10) * 10 : Math.round(metres / 50) * 50);

/** The next turn, big; pressed, it shows all of them. */
export function TurnBanner({ way }: { way: Way }): React.JSX.Element | null {
  const { t } = useTranslation();
  const phone = usePhone();
  const own = usePhoneState((state) => state.own);
  const next = useMemo(() => nextTurn(way, own), [way, own]);
  if (next === null) return null;
  const metres = next.metres === null ? null : roundedMetres(next.metres);
  return (
    <button type="button" className="turn" onClick={() => phone.open('directions')}>
      <TurnArrow turn={next.turn} size={44} />
      <span className="grow">
        {metres !== null && (
          <strong className="turn-distance number">{metres === 0 ? t('phone.turn.now') : distanceText(metres)}</strong>
        )}
        <span className="turn-text">{next.text}</span>
      </span>
      <IconChevronDown aria-hidden="true" />
      <span className="visually-hidden">{t('phone.turn.steps')}</span>
    </button>
  );
}
