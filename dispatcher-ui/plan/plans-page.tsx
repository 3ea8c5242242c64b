import { IconMoon, IconSun } from '@tabler/icons-react';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanListed } from '../../server/stores/plans/contract.ts';
import { useDesk, useDeskState, useZone } from '../dispatch/desk-context.ts';
import { PartFailed, SkeletonLines } from '../dispatch/parts/drawer-head.tsx';
import { useReading } from '../dispatch/use-reading.ts';
import { dayText, timeOfDay } from '../state/format.ts';
import { chosenTheme, keepTheme, listenTheme } from '../state/theme.ts';
import type { PlanAddress } from './address.ts';
import { PlanDetail } from './plan-detail.tsx';
import { PlanList } from './plan-list.tsx';

/** Plans are made every few minutes. */
const AGAIN_MS = 15_000;

interface PlansPageProps {
  readonly address: PlanAddress;
  readonly go: (to: string) => void;
}

/** The plans of a day beside one of them. */
export function PlansPage({ address: { planId, day: asked }, go }: PlansPageProps): React.JSX.Element {
  const { t } = useTranslation();
  const today = useDeskState((state) => state.serviceDay);
  const [planDay, setPlanDay] = useState<string | null>(null);
  const day = asked ?? planDay ?? (planId === null ? today : null);
  return (
    <>
      <a className="skip" href="#plan">
        {t('planPage.skip')}
      </a>
      <PlansHead />
      <div className="plans-page">
        {day === null ? (
          <aside className="plans-aside" aria-label={t('planPage.title')}>
            <SkeletonLines lines={5} />
          </aside>
        ) : (
          <DayPlans day={day} planId={planId} go={go} />
        )}
        <main id="plan" tabIndex={-1} className="plan-detail">
          {planId === null ? (
            <div className="empty muted">
              <h1 className="visually-hidden">{t('planPage.title')}</h1>
              <p>{t('planPage.choose')}</p>
            </div>
          ) : (
            <PlanDetail key={planId} planId={planId} onDay={setPlanDay} go={go} />
          )}
        </main>
      </div>
    </>
  );
}

/** The list of a day, read again now and then; it says when it is old. */
function DayPlans({ day, planId, go }: { day: string; planId: string | null; go: (to: string) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const [tick, setTick] = useState(0);
  const [readAt, setReadAt] = useState(0);
  const read = useCallback(
    async (signal: AbortSignal): Promise<{ readonly day: string; readonly plans: readonly PlanListed[] }> => {
      const plans = await desk.reads.plans(day, signal);
      desk.store.setState({ plans });
      setReadAt(Date.now());
      return { day, plans };
    },
    [desk, day],
  );
  const { value, failed, again } = useReading(`${day} ${tick}`, read);
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  // Of the day that was looked at before.
  const plans = value?.day === day ? value.plans : null;
  return (
    <aside className="plans-aside" aria-label={t('planPage.title')}>
      {failed && plans !== null && (
        <p className="callout callout-danger" role="status">
          {t('planPage.away', { time: timeOfDay(readAt, zone) })}
        </p>
      )}
      {plans === null && !failed && <SkeletonLines lines={5} />}
      {plans === null && failed && <PartFailed onRetry={again} />}
      {plans !== null && (
        <PlanList
          day={day}
          plans={plans}
          chosen={planId}
          onDay={(other) => go(`/plan?day=${other}`)}
          onChoose={(id) => {
            go(`/plan/${id}`);
            document.getElementById('plan')?.focus({ preventScroll: true });
          }}
        />
      )}
    </aside>
  );
}

function PlansHead(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const title = useDeskState((state) => state.city?.title);
  const cityMs = useDeskState((state) => state.clock?.cityMs ?? null);
  const dark = useSyncExternalStore(listenTheme, chosenTheme) === 'dark';
  const other = dark ? t('dispatch.toLight') : t('dispatch.toDark');
  return (
    <header className="plans-head">
      <p className="brand">
        <span className="brand-mark" aria-hidden="true" />
        {t('product')}
      </p>
      <p className="city">{title ?? <span className="skeleton" style={{ width: 96 }} />}</p>
      <nav aria-label={t('planPage.pages')}>
        <a href="/">{t('dispatch.title')}</a>
        <a href="/plan" aria-current="page">
          {t('planPage.title')}
        </a>
        <a href="/fleet">{t('menu.fleet')}</a>
      </nav>
      <span className="grow" />
      {cityMs !== null && <p className="muted number">{dayText(cityMs, zone)}</p>}
      <button type="button" className="icon" onClick={() => keepTheme(dark ? 'light' : 'dark')} title={other} aria-label={other}>
        {dark ? <IconSun size={20} stroke={1.8} aria-hidden="true" /> : <IconMoon size={20} stroke={1.8} aria-hidden="true" />}
      </button>
    </header>
  );
}
