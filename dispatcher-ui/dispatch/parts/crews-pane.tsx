import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewSeen } from '../../state/crew-load.ts';
import { ageText, timeOfDay } from '../../state/format.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { dayWindow, hoursIn, type DayWindow } from '../day-strip.ts';
import { useCrews } from '../use-crews.ts';
import { CrewMark } from './crew-mark.tsx';
import { CrewStrip } from './crew-strip.tsx';

const KEY = 'thuma.crewsPane';

/** The crews of the day: what they do, how full they are, what comes next, how old their place is, and the day as a strip. */
export function CrewsPane(): React.JSX.Element {
  const { t } = useTranslation();
  const crews = useCrews();
  const zone = useZone();
  const loading = useDeskState((state) => state.phase === 'loading' && state.shifts.size === 0);
  const [open, setOpen] = useState(() => localStorage.getItem(KEY) !== 'closed');
  const minute = useCityNow(60);
  const shifts = useDeskState((state) => state.shifts);
  const window = useMemo(() => dayWindow([...shifts.values()], minute), [shifts, minute]);
  const hours = useMemo(() => (window === null ? [] : hoursIn(window)), [window]);
  return (
    <section className={`pane crews${open ? '' : ' crews-closed'}`} aria-labelledby="crews-title">
      <header className="pane-head">
        <h2 id="crews-title">{t('crews.title')}</h2>
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
      {open && (
        <div className="crews-scroll" tabIndex={0} role="region" aria-labelledby="crews-title">
          {loading ? (
            <div className="skeleton-lines" aria-busy="true">
              {Array.from({ length: 5 }, (_, i) => (
                <span className="skeleton" key={i} style={{ height: 22 }} />
              ))}
            </div>
          ) : crews.length === 0 ? (
            <div className="empty">
              <p>{t('crews.empty')}</p>
              <p className="muted">{t('crews.emptyHint')}</p>
            </div>
          ) : (
            <table>
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
                {crews.map((crew) => (
                  <CrewRow key={crew.shift.id} crew={crew} window={window} minute={minute} hours={hours} />
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </section>
  );
}

interface CrewRowProps {
  readonly crew: CrewSeen;
  readonly window: DayWindow | null;
  readonly minute: number;
  readonly hours: readonly { readonly ms: number; readonly share: number }[];
}

const CrewRow = memo(function CrewRow({ crew, window, minute, hours }: CrewRowProps): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const selected = useDeskState(({ selection }) => selection?.kind === 'shift' && selection.id === crew.shift.id);
  const select = (): void => desk.select({ kind: 'shift', id: crew.shift.id });
  const { next } = crew;
  return (
    <tr className={selected ? 'row-selected' : ''} onClick={select}>
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
      </td>
      <td className="day">{window !== null && <CrewStrip crew={crew} window={window} nowMs={minute} hours={hours} />}</td>
    </tr>
  );
});
