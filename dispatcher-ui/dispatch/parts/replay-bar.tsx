import { IconHistory, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { dayText, timeOfDay } from '../../state/format.ts';
import { REPLAY_SPEEDS } from '../../state/replay.ts';
import { useZone } from '../desk-context.ts';
import type { ReplayPlayer } from '../use-replay.ts';

const STEP_MS = 10_000;

/** Says that the map shows the past, and drives it: a slider for the time, play, speed, and the way back. */
export function ReplayBar({ player, onClose }: { player: ReplayPlayer; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const { atMs, fromMs, untilMs, playing, speed } = player;
  const time = timeOfDay(atMs, zone);
  const Icon = playing ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  return (
    <section className="replay" aria-label={t('fleetMap.replay.title')}>
      <p className="replay-title">
        <IconHistory size={18} aria-hidden="true" />
        <strong>{t('fleetMap.replay.title')}</strong>
        <span className="number">
          {dayText(atMs, zone)} {time}
        </span>
        <button type="button" onClick={onClose} className="replay-close">
          {t('fleetMap.replay.close')}
        </button>
      </p>
      <div className="replay-drive">
        <button
          type="button"
          onClick={() => player.play(!playing)}
          aria-label={t(`fleetMap.replay.${playing ? 'pause' : 'play'}`)}
        >
          <Icon size={16} aria-hidden="true" />
        </button>
        <input
          type="range"
          min={fromMs}
          max={untilMs}
          step={STEP_MS}
          value={atMs}
          aria-label={t('fleetMap.replay.at')}
          aria-valuetext={time}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
        <label>
          <span className="visually-hidden">{t('fleetMap.replay.speed')}</span>
          <select value={speed} onChange={(event) => player.setSpeed(Number(event.target.value))}>
            {REPLAY_SPEEDS.map((one) => (
              <option key={one} value={one} aria-label={t('fleetMap.replay.timesLabel', { speed: one })}>
                {t('fleetMap.replay.times', { speed: one })}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="replay-note" role="status">
        {player.failed
          ? t('fleetMap.replay.failed')
          : player.read < 1
            ? t('fleetMap.replay.reading', { percent: Math.floor(player.read * 100) })
            : player.isEmpty
              ? t('fleetMap.replay.none')
              : t('fleetMap.replay.note')}
      </p>
    </section>
  );
}
