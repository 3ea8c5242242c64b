import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { timeOfDay } from '../../state/format.ts';

interface ScrubberProps {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly atMs: number;
  readonly zone: string;
  readonly onMove: (atMs: number) => void;
}

const STEP_MS = 5 * 60_000;
const FRAME_MS = 150;

/** The moment of the day that map, counts and timeline show. */
export function Scrubber({ fromMs, untilMs, atMs, zone, onMove }: ScrubberProps): React.JSX.Element {
  const { t } = useTranslation();
  const [playing, setPlaying] = useState(false);
  const ended = atMs >= untilMs;
  useEffect(() => {
    if (!playing || ended) return;
    const timer = setTimeout(() => onMove(Math.min(untilMs, atMs + STEP_MS)), FRAME_MS);
    return () => clearTimeout(timer);
  }, [playing, ended, atMs, untilMs, onMove]);
  const running = playing && !ended;
  const toggle = (): void => {
    if (!running && ended) onMove(fromMs);
    setPlaying(!running);
  };
  return (
    <div className="scrubber number">
      <button type="button" onClick={toggle}>
        {running ? <IconPlayerPause size={15} aria-hidden="true" /> : <IconPlayerPlay size={15} aria-hidden="true" />}
        {running ? t('fleet.day.pause') : t('fleet.day.play')}
      </button>
      <input
        type="range"
        aria-label={t('fleet.day.time_scrub')}
        aria-valuetext={timeOfDay(atMs, zone)}
        min={fromMs}
        max={untilMs}
        step={STEP_MS}
        value={atMs}
        onChange={(event) => {
          setPlaying(false);
          onMove(Number(event.target.value));
        }}
      />
      <output>{timeOfDay(atMs, zone)}</output>
      <button
        type="button"
        disabled={ended}
        onClick={() => {
          setPlaying(false);
          onMove(untilMs);
        }}
      >
        {t('fleet.day.wholeDay')}
      </button>
    </div>
  );
}
