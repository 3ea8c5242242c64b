import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewSeen } from '../../state/crew-load.ts';
import { ageText, timeOfDay } from '../../state/format.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { dayWindow, hoursIn, type DayWindow } from '../day-strip.ts';
import { en } from '../../words/en.ts';
import { useCrews } from '../use-crews.ts';
import { CrewMark } from './crew-mark.tsx';
import { CrewStrip } from './crew-strip.tsx';

const KEY = 'thuma.crewsPane';
const ROW_PIXELS = 30;
const HEAD_PIXELS = 24;

/** The crews of the day: what they do, how full they are, what comes next, how old their place is, and the day as a strip. */
export function CrewsPane(): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const crews = useCrews();
  const loading = useDeskState((state) => state.phase === 'loading' && state.shifts.size === 0);
  const [open, setOpen] = useState(() => localStorage.getItem(KEY) !== 'closed');
  return (
    <section className={`pane crews${open ? '' : ' crews-closed'}`} aria-labelledby={titleId}>
      <header className="pane-head">
        <h2 id={titleId}>{t('crews.title')}</h2>
        <span className="muted number">{crews.length > 0 && crews.length}</span>
        <span className="grow" />
        <button
          type="button"
          className="quiet"
          aria-expanded={open}
          onClick={() => {
            localStorage.setItem(KEY, open ? 'closed' : 'open');
            setOpen(!open);
          }}
        >
          {open ? <IconChevronDown size={16} aria-hidden="true" /> : <IconChevronUp size={16} aria-hidden="true" />}
          {open ? t('crews.hide') : t('crews.show')}
        </button>
      </header>
      {open &&
        (loading ? (
          <div className="crews-scroll">
            <div className="skeleton-lines" aria-busy="true">
              {Array.from({ length: 5 }, (_, i) => (
                <span className="skeleton" key={i} style={{ height: 14 }} />
              ))}
            </div>
          </div>
        ) : crews.length === 0 ? (
          <div className="empty">
            <p>{t('crews.empty')}</p>
            <p className="muted">{t('crews.emptyHint')}</p>
          </div>
        ) : (
          <CrewTable crews={crews} />
        ))}
    </section>
  );
}

/** Only what is in sight is in the page: the crews of a large city come with their days. */
function CrewTable({ crews }: { crews: readonly CrewSeen[] }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const minute = useCityNow(60);
  const shifts = useDeskState((state) => state.shifts);
  const window = useMemo(() => dayWindow([...shifts.values()], minute), [shifts, minute]);
  const hours = useMemo(() => (window === null ? [] : hoursIn(window)), [window]);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: crews.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    scrollMargin: HEAD_PIXELS,
    overscan: 6,
    getItemKey: (index) => crews[index]?.shift.id ?? index,
  });
  const shown = rows.getVirtualItems().map(({ index, start, end }) => ({
    index,
    start: start - HEAD_PIXELS,
    end: end - HEAD_PIXELS,
  }));
  const selected = useDeskState(({ selection }) => (selection?.kind === 'shift' ? selection.id : null));
  const latest = useRef({ crews, rows });
  useEffect(() => {
    latest.current = { crews, rows };
  });
  // What is selected elsewhere is brought into sight here, once.
  useEffect(() => {
    const at = latest.current.crews.findIndex(({ shift }) => shift.id === selected);
    if (at >= 0) latest.current.rows.scrollToIndex(at, { align: 'auto' });
  }, [selected]);
  return (
    <div ref={box} className="crews-scroll" tabIndex={0} role="region" aria-label={t('crews.title')}>
      <table aria-rowcount={crews.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('crews.crew')}</th>
            <th scope="col">{t('crews.state')}</th>
            <th scope="col" className="right">
              {t('crews.load')}
            </th>
            <th scope="col">{t('crews.next')}</th>
            <th scope="col">{t('crews.fix')}</th>
            <th scope="col" className="day-head">
              <span className="visually-hidden">{t('crews.day')}</span>
              <div className="hours" aria-hidden="true">
                {hours.map(({ ms, share }) => (
                  <span key={ms} className="hour number" style={{ left: `${share * 100}%` }}>
                    {timeOfDay(ms, zone)}
                  </span>
                ))}
              </div>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap pixels={shown[0]?.start ?? 0} />
          {shown.map(({ index }) => {
            const crew = crews[index];
            if (crew === undefined) return null;
            return <CrewRow key={crew.shift.id} row={index + 2} crew={crew} window={window} minute={minute} hours={hours} />;
          })}
          <Gap pixels={rows.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  );
}

/** Holds the place of rows that are out of sight. */
function Gap({ pixels }: { pixels: number }): React.JSX.Element | null {
  return pixels <= 0 ? null : (
    <tr aria-hidden="true" className="gap" style={{ height: pixels }}>
      <td colSpan={6} />
    </tr>
  );
}

interface CrewRowProps {
  readonly row: number;
  readonly crew: CrewSeen;
  readonly window: DayWindow | null;
  readonly minute: number;
  readonly hours: readonly { readonly ms: number; readonly share: number }[];
}

const CrewRow = memo(function CrewRow({ row, crew, window, minute, hours }: CrewRowProps): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const selected = useDeskState(({ selection }) => selection?.kind === 'shift' && selection.id === crew.shift.id);
  const select = (): void => desk.select({ kind: 'shift', id: crew.shift.id });
  const { next } = crew;
  return (
    <tr className={selected ? 'row-selected' : ''} onClick={select} aria-rowindex={row}>
      <th scope="row">
        <button type="button" className="link" aria-current={selected ? 'true' : undefined} onClick={select}>
          {crew.shift.crewName}
        </button>
      </th>
      <td>
        <CrewMark crew={crew} />
      </td>
      <td className="right number" title={t('crews.stops', { done: crew.done, all: crew.done + crew.open })}>
        {Math.round(crew.load * 100)} %
      </td>
      <td className="next">
        {next === null ? (
          <span className="muted">–</span>
        ) : (
          <>
            {next.assignment.plannedStart !== null && (
              <span className="number muted">{timeOfDay(next.assignment.plannedStart, zone)} </span>
            )}
            {next.job.title}
          </>
        )}
      </td>
      <td className={`number fix${crew.signal === 'lost' ? ' fix-lost' : ''}`}>
        {crew.ageSeconds === null
          ? t('crews.noFix')
          : t(crew.signal === 'lost' ? 'crews.lost' : 'crews.age', { age: ageText(crew.ageSeconds) })}
        {crew.signal !== 'lost' &&
          crew.source !== null &&
          crew.source in en.crews.source &&
          ` · ${t(`crews.source.${crew.source}`)}`}
      </td>
      <td className="day">
        {window !== null && <CrewStrip shift={crew.shift} stops={crew.stops} window={window} nowMs={minute} hours={hours} />}
      </td>
    </tr>
  );
});
