import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Behind } from '../behind.ts';
import { useFleetState } from '../fleet-context.ts';
import { AreaTable } from './area-table.tsx';
import { BehindPanel } from './behind-panel.tsx';
import { CrewLoads } from './crew-loads.tsx';
import { DoneCard, EmergencyCard, LateCard, WaitingCard } from './figure-cards.tsx';
import { HoursChart } from './hours-chart.tsx';
import { KilometresCard } from './kilometres-card.tsx';
import { OverridesCard } from './overrides-card.tsx';
import { PlansTable } from './plans-table.tsx';

/** The service day in figures; each opens what it is made of. */
export function TodayPage(): React.JSX.Element {
  const { t } = useTranslation();
  const today = useFleetState((state) => state.today);
  const title = useFleetState((state) => state.city?.title ?? null);
  const [behind, setBehind] = useState<Behind | null>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    document.title = `${t('fleet.today.title')}${title === null ? '' : ` - ${title}`} - ${t('product')}`;
  }, [title, t]);
  const open = (what: Behind): void => {
    opener.current = document.activeElement;
    setBehind(what);
  };
  const close = (): void => {
    setBehind(null);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <main className="page" id="figures" tabIndex={-1} aria-busy={today === null}>
      <h1 className="visually-hidden">{t('fleet.today.title')}</h1>
      {today === null ? (
        <Skeleton />
      ) : (
        <div className="today">
          <DoneCard today={today} onOpen={open} />
          <LateCard today={today} onOpen={open} />
          <WaitingCard today={today} onOpen={open} />
          <EmergencyCard today={today} onOpen={open} />
          <HoursChart hours={today.hours} onOpen={open} />
          <AreaTable areas={today.waiting.areas} onOpen={open} />
          <CrewLoads crews={today.crews} onOpen={open} />
          <div className="today-side">
            <KilometresCard kilometres={today.kilometres} onOpen={open} />
            <PlansTable plans={today.plans} onOpen={open} />
          </div>
          <OverridesCard />
        </div>
      )}
      {behind !== null && today !== null && <BehindPanel what={behind} today={today} onClose={close} onOpen={setBehind} />}
    </main>
  );
}

/** Where the figures will stand. */
function Skeleton(): React.JSX.Element {
  return (
    <div className="today" aria-hidden="true">
      {Array.from({ length: 4 }, (_, i) => (
        <div className="card" key={i}>
          <span className="skeleton" style={{ width: 90 }} />
          <span className="skeleton" style={{ width: 70, height: 40, marginTop: 14 }} />
          <span className="skeleton" style={{ width: '80%', marginTop: 18 }} />
          <span className="skeleton" style={{ width: '60%', marginTop: 10 }} />
        </div>
      ))}
      <div className="card card-hours">
        <span className="skeleton" style={{ width: 160 }} />
        <span className="skeleton" style={{ width: '100%', height: 180, marginTop: 18 }} />
      </div>
      <div className="card card-areas">
        <span className="skeleton" style={{ width: 120 }} />
        <span className="skeleton" style={{ width: '100%', height: 180, marginTop: 18 }} />
      </div>
    </div>
  );
}
