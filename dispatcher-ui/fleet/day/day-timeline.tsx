import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedCrew } from '../../../server/stores/recorded-days/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import { KINDS, type Kind } from './day-shape.ts';

interface TimelineProps {
  readonly crews: readonly RecordedCrew[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly atMs: number;
  readonly zone: string;
  readonly chosen: number | null;
  readonly onChoose: (crew: number | null) => void;
}

const HOUR_MS = 3_600_000;
const WIDTH = 1000;
const HEIGHTS: Record<Kind, readonly [top: number, height: number]> = {
  drive: [9, 6],
  work: [3, 18],
  break: [6, 12],
  idle: [11.5, 1],
};

/** What every crew did, hour by hour; a crew's row opens its day. */
export function DayTimeline({ crews, fromMs, untilMs, atMs, zone, chosen, onChoose }: TimelineProps): React.JSX.Element {
  const { t } = useTranslation();
  const share = (ms: number): number => ((ms - fromMs) / (untilMs - fromMs)) * 100;
  const hours = (untilMs - fromMs) / HOUR_MS;
  const step = hours > 16 ? 2 : 1;
  const marks = Array.from({ length: Math.floor((hours - 0.5) / step) }, (_, i) => fromMs + (i + 1) * step * HOUR_MS);
  return (
    <div className="timeline">
      <div className="timeline-hours number" aria-hidden="true">
        {marks.map((ms) => (
          <span key={ms} style={{ left: `${share(ms)}%` }}>
            {timeOfDay(ms, zone)}
          </span>
        ))}
      </div>
      <ul className="timeline-rows" aria-label={t('fleet.day.timeline')}>
        {crews.map((crew) => (
          <li key={crew.number} className={crew.number === chosen ? 'chosen' : ''}>
            <button
              type="button"
              aria-pressed={crew.number === chosen}
              onClick={() => onChoose(crew.number === chosen ? null : crew.number)}
            >
              <span className="timeline-name">{crew.name}</span>
              <Strip crew={crew} fromMs={fromMs} untilMs={untilMs} />
            </button>
          </li>
        ))}
      </ul>
      <div className="timeline-overlay" aria-hidden="true">
        {marks.map((ms) => (
          <i key={ms} style={{ left: `${share(ms)}%` }} />
        ))}
        {atMs >= fromMs && atMs <= untilMs && <b style={{ left: `${share(atMs)}%` }} />}
      </div>
    </div>
  );
}

/** One path a kind: forty crews are a hundred and sixty shapes, not two thousand. Its words are in the crew's own list. */
const Strip = memo(function Strip({
  crew,
  fromMs,
  untilMs,
}: {
  crew: RecordedCrew;
  fromMs: number;
  untilMs: number;
}): React.JSX.Element {
  const x = (iso: string): number => ((Date.parse(iso) - fromMs) / (untilMs - fromMs)) * WIDTH;
  const boxes = (
    list: readonly { readonly from: string; readonly until: string }[],
    [top, height]: readonly [number, number],
  ): string =>
    list
      .map(({ from, until }) => `M${x(from).toFixed(1)} ${top}H${x(until).toFixed(1)}V${top + height}H${x(from).toFixed(1)}Z`)
      .join('');
  return (
    <svg className="timeline-strip" viewBox={`0 0 ${WIDTH} 24`} preserveAspectRatio="none" aria-hidden="true">
      {KINDS.map((kind) => (
        <path
          key={kind}
          className={`stretch-${kind}`}
          d={boxes(
            crew.stretches.filter((stretch) => stretch.kind === kind),
            HEIGHTS[kind],
          )}
        />
      ))}
      <path className="stretch-silent" d={boxes(crew.silences, [22, 2])} />
    </svg>
  );
});

/** What the shapes mean. */
export function TimelineLegend(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <ul className="legend">
      {KINDS.map((kind) => (
        <li key={kind}>
          <svg width="22" height="14" viewBox="0 0 22 24" preserveAspectRatio="none" aria-hidden="true">
            <path className={`stretch-${kind}`} d={`M0 ${HEIGHTS[kind][0]}H22V${HEIGHTS[kind][0] + HEIGHTS[kind][1]}H0Z`} />
          </svg>
          {t(`fleet.day.kind.${kind}`)}
        </li>
      ))}
      <li>
        <svg width="22" height="14" viewBox="0 0 22 24" preserveAspectRatio="none" aria-hidden="true">
          <path className="stretch-silent" d="M0 18H22V24H0Z" />
        </svg>
        {t('fleet.day.silent')}
      </li>
    </ul>
  );
}
