import { IconArrowBackUp, IconMoon, IconSun } from '@tabler/icons-react';
import { useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { isLate, isWaiting } from '../../state/desk-job.ts';
import { undo } from '../../state/desk-actions.ts';
import { dayText, timeOfDay } from '../../state/format.ts';
import { chosenTheme, keepTheme, listenTheme } from '../../state/theme.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveChip } from './live-chip.tsx';
import { PaceControl } from './pace-control.tsx';

/** The city, its time, how much waits and is late, how many crews there are, and how live all this is. */
export function TopBar({
  onHelp,
  onGuide,
  onTrackers,
}: {
  onHelp: () => void;
  onGuide: () => void;
  onTrackers: () => void;
}): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const ready = useDeskState((state) => state.phase !== 'loading' || state.jobs.size > 0);
  const title = useDeskState((state) => state.city?.title);
  const theme = useSyncExternalStore(listenTheme, chosenTheme);
  const dark = theme === 'dark';
  return (
    <header className="top-bar">
      <div className="brand">
        <span className="brand-mark" aria-hidden="true" />
        {t('product')}
      </div>
      <h1 className="city">
        {title ?? (
          <>
            <span className="visually-hidden">{t('dispatch.title')}</span>
            <span className="skeleton" style={{ width: 96 }} />
          </>
        )}
      </h1>
      {title !== undefined && <CityTime />}
      <PaceControl />
      {ready ? <Counts /> : <span className="skeleton" style={{ width: 280, height: 28 }} />}
      <span className="grow" />
      <LiveChip />
      <button type="button" className="quiet" onClick={() => void undo(desk, null)} aria-keyshortcuts="Control+Z">
        <IconArrowBackUp size={18} stroke={1.8} aria-hidden="true" />
        {t('dispatch.undo')} <kbd>Ctrl Z</kbd>
      </button>
      <button
        type="button"
        className="icon"
        onClick={() => keepTheme(dark ? 'light' : 'dark')}
        title={dark ? t('dispatch.toLight') : t('dispatch.toDark')}
        aria-label={dark ? t('dispatch.toLight') : t('dispatch.toDark')}
      >
        {dark ? <IconSun size={20} stroke={1.8} aria-hidden="true" /> : <IconMoon size={20} stroke={1.8} aria-hidden="true" />}
      </button>
      <AccountMenu onGuide={onGuide} onHelp={onHelp} onTrackers={onTrackers} />
    </header>
  );
}

function CityTime(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(1);
  const simulated = useDeskState((state) => state.clock?.kind === 'simulated');
  return (
    <p className="city-time number" title={t('dispatch.cityTime')}>
      {dayText(now, zone)} <b>{timeOfDay(now, zone)}</b>
      {simulated && <span className="tag">{t('dispatch.simulated')}</span>}
    </p>
  );
}

function Counts(): React.JSX.Element {
  const { t } = useTranslation();
  const jobs = useDeskState((state) => state.jobs);
  const shifts = useDeskState((state) => state.shifts);
  const minute = useCityNow(60);
  const counts = useMemo(() => {
    const all = [...jobs.values()];
    const crews = [...shifts.values()];
    return {
      waiting: all.filter(isWaiting).length,
      late: all.filter((job) => isLate(job, minute)).length,
      onDuty: crews.filter(({ state }) => state === 'on_duty').length,
      crews: crews.length,
    };
  }, [jobs, shifts, minute]);
  return (
    <ul className="counts number">
      <li className={counts.late > 0 ? 'count-late' : ''}>
        <b>{counts.late}</b> {t('dispatch.late', { count: counts.late })}
      </li>
      <li>
        <b>{counts.waiting}</b> {t('dispatch.waiting', { count: counts.waiting })}
      </li>
      <li>
        <b>
          {counts.onDuty}/{counts.crews}
        </b>{' '}
        {t('dispatch.onDuty')}
      </li>
    </ul>
  );
}
