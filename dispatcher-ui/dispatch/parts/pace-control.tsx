import { IconAlertTriangle, IconPlayerPauseFilled, IconPlayerTrackNextFilled } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClockPace } from '../../../server/platform/contract.ts';
import { may } from '../../state/desk-state.ts';
import { pacesWith, wishPace } from '../../state/pace.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import './pace-control.css';

/** How fast a simulated city goes, to be chosen; nothing where the clock is real or nobody plays the city. */
export function PaceControl(): React.JSX.Element | null {
  const pace = useDeskState((state) => state.status?.clock.pace);
  const allowed = useDeskState((state) => may(state, 'clock.pace'));
  if (pace === undefined) return null;
  return (
    <div className="pace">
      {pace.driver === 'playing' || pace.driver === 'hurrying' ? (
        allowed && <Choice pace={pace} />
      ) : (
        <Standing driver={pace.driver} />
      )}
      <span className="pace-said" role="status">
        <Said pace={pace} />
      </span>
    </div>
  );
}

function Choice({ pace }: { pace: ClockPace }): React.JSX.Element {
  const { t } = useTranslation();
  const group = useId();
  const desk = useDesk();
  // Shown as chosen until the server has said what holds.
  const [asked, setAsked] = useState<number | null>(null);
  const choose = (wished: number): void => {
    setAsked(wished);
    void wishPace(desk, wished).finally(() => setAsked(null));
  };
  return (
    <fieldset className="pace-choice number">
      <legend className="visually-hidden">{t('pace.label')}</legend>
      {pacesWith(pace.wished).map((one) => {
        const label = one === 0 ? t('pace.pause') : t('pace.timesLabel', { pace: one });
        return (
          <label key={one} title={label}>
            <input
              type="radio"
              name={group}
              className="visually-hidden"
              aria-label={label}
              checked={(asked ?? pace.wished) === one}
              onChange={() => choose(one)}
            />
            <span>{one === 0 ? <IconPlayerPauseFilled size={13} aria-hidden="true" /> : t('pace.times', { pace: one })}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

function Standing({ driver }: { driver: 'ended' | 'failed' | 'away' }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <span
      className={driver === 'ended' ? 'pace-word pace-word-over' : 'pace-word pace-word-warning'}
      title={t(`pace.${driver}Hint`)}
    >
      {driver !== 'ended' && <IconAlertTriangle size={15} aria-hidden="true" />}
      {t(`pace.${driver}`)}
    </span>
  );
}

/** One word of what the speed alone does not say. */
function Said({ pace }: { pace: ClockPace }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (pace.driver === 'hurrying') {
    return (
      <span className="pace-word" title={t('pace.hurryingHint')}>
        <IconPlayerTrackNextFilled size={13} aria-hidden="true" />
        {t('pace.hurrying')}
      </span>
    );
  }
  if (pace.driver !== 'playing') return null;
  if (pace.wished === 0) return <b className="pace-word pace-word-warning">{t('pace.paused')}</b>;
  if (!pace.deskHeld) return null;
  return (
    <span className="pace-word" title={t('pace.heldHint')}>
      {t('pace.held')}
    </span>
  );
}
