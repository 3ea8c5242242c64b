import { IconAlertTriangle, IconInfoCircle, IconMoon, IconSun } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { livenessOf } from '../../state/city-clock.ts';
import { dayText, timeOfDay } from '../../state/format.ts';
import { chosenTheme, keepTheme, listenTheme } from '../../state/theme.ts';
import { useCityNow, useFleetState, useWallNow, useZone } from '../fleet-context.ts';
import type { FleetPage } from '../page-of.ts';

/** The city, its time, the ways to the other pages, and how live all this is. */
export function PageHead({ page }: { page: FleetPage }): React.JSX.Element {
  const { t } = useTranslation();
  const title = useFleetState((state) => state.city?.title);
  const dark = useSyncExternalStore(listenTheme, chosenTheme) === 'dark';
  const here = (kind: FleetPage['kind']) => (page.kind === kind ? ({ 'aria-current': 'page' } as const) : {});
  return (
    <>
      <header className="fleet-head">
        <p className="brand">
          <span className="brand-mark" aria-hidden="true" />
          {t('product')}
        </p>
        <p className="city">{title ?? <span className="skeleton" style={{ width: 96 }} />}</p>
        <nav aria-label={t('fleet.pages')}>
          <a href="/fleet" {...here('today')}>
            {t('fleet.today.title')}
          </a>
          <a href="/fleet/day" {...here('days')}>
            {t('fleet.days.title')}
          </a>
          <a href="/">{t('dispatch.title')}</a>
        </nav>
        <span className="grow" />
        {page.kind === 'today' && <Freshness />}
        <button
          type="button"
          className="icon"
          onClick={() => keepTheme(dark ? 'light' : 'dark')}
          title={dark ? t('dispatch.toLight') : t('dispatch.toDark')}
          aria-label={dark ? t('dispatch.toLight') : t('dispatch.toDark')}
        >
          {dark ? <IconSun size={20} stroke={1.8} aria-hidden="true" /> : <IconMoon size={20} stroke={1.8} aria-hidden="true" />}
        </button>
      </header>
      <Banners live={page.kind === 'today'} />
    </>
  );
}

/** The city's time, and how old what one sees is. */
function Freshness(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const cityMs = useCityNow(1);
  const simulated = useFleetState((state) => state.clock?.kind === 'simulated');
  const heardAtMs = useFleetState((state) => state.heardAtMs);
  const readAtMs = useFleetState((state) => state.readAtMs);
  const figuresAt = useFleetState((state) => state.today?.at ?? null);
  const behind = useFleetState((state) => state.behind);
  const now = useWallNow();
  const stream = livenessOf(heardAtMs, now);
  // Fresh news is no comfort when the figures themselves could not be read.
  const liveness = behind && stream !== 'connecting' ? 'frozen' : stream;
  const time = figuresAt === null ? '–' : timeOfDay(figuresAt, zone);
  const age = readAtMs === null ? 0 : Math.max(0, Math.round((now - readAtMs) / 1000));
  if (readAtMs === null) return <span className="live live-connecting">{t('live.connecting')}</span>;
  const label = liveness === 'frozen' ? t('live.frozenLabel', { time }) : t('fleet.today.figuresLabel', { time, age });
  return (
    <>
      <p className="city-time number" title={t('dispatch.cityTime')}>
        {dayText(cityMs, zone)} <b>{timeOfDay(cityMs, zone)}</b>
        {simulated && <span className="tag">{t('dispatch.simulated')}</span>}
      </p>
      <span className={`live live-${liveness} number`} role="img" aria-label={label} title={label}>
        <span className="live-dot" />
        {liveness === 'frozen' ? t('live.frozen', { time }) : t(`live.${liveness === 'connecting' ? 'connecting' : liveness}`)}
        {liveness !== 'frozen' && <span className="live-age">{t('live.seconds', { age })}</span>}
      </span>
    </>
  );
}

/** What is degraded, in words, for as long as it is. */
function Banners({ live }: { live: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const invented = useFleetState((state) => state.city?.invented === true);
  const cut = useFleetState((state) => live && state.heardAtMs !== null && !state.connected);
  const behind = useFleetState((state) => live && state.behind);
  const figuresAt = useFleetState((state) => state.today?.at ?? null);
  const ill = useFleetState((state) => state.status?.degraded.join(' ') ?? '');
  const time = figuresAt === null ? '–' : timeOfDay(figuresAt, zone);
  return (
    <div className="banners" role="status">
      {(cut || behind) && (
        <p className="banner banner-danger">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('fleet.today.behind', { time })}
        </p>
      )}
      {ill.includes('router') && (
        <p className="banner banner-warning">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('live.router')}
        </p>
      )}
      {invented && (
        <p className="banner banner-info">
          <IconInfoCircle size={18} aria-hidden="true" />
          {t('live.invented')}
        </p>
      )}
    </div>
  );
}
