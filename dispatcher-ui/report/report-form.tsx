import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { NearReports } from '../../server/stages/intake/contract.ts';
import { api } from '../state/api.ts';
import { DetailsStep } from './details-step.tsx';
import { EMPTY_DRAFT, openDraft, stepOf, type Draft, type Step } from './draft.ts';
import { Frame } from './frame.tsx';
import { NearStep } from './near-step.tsx';
import { SentStep } from './sent-step.tsx';
import { useCity } from './use-city.ts';
import { useSending } from './use-sending.ts';
import { WhatStep } from './what-step.tsx';
import { WhereStep } from './where-step.tsx';

const store = openDraft(sessionStorage);

/** Nobody waits longer to hear that nothing was reported near by. */
const NEAR_PATIENCE_MS = 5_000;
/** As people count: looking at what is near belongs to saying what it is. */
const COUNTED = ['where', 'what', 'details'] as const;

const listenHash = (heard: () => void): (() => void) => {
  addEventListener('hashchange', heard);
  return () => removeEventListener('hashchange', heard);
};

/** The form for reports: one question a page, the browser's Back goes back, and what was typed is kept. */
export function ReportForm(): React.JSX.Element {
  const { t } = useTranslation();
  const { city, away } = useCity();
  useEffect(() => {
    document.title =
      city === null ? t('report.heading') : t('report.pageTitle', { heading: t('report.heading'), city: city.title });
  }, [city, t]);
  return <Frame city={city}>{city === null ? <Waiting away={away} /> : <Steps city={city} />}</Frame>;
}

/** Before the city is known. */
export function Waiting({ away }: { away: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="step" role="status">
      {away ? <p className="waiting">{t('report.cityAway')}</p> : <span className="visually-hidden">{t('report.loading')}</span>}
      <span className="skeleton skeleton-title" />
      <span className="skeleton skeleton-line" />
      <span className="skeleton skeleton-box" />
    </div>
  );
}

function Steps({ city }: { city: CityView }): React.JSX.Element {
  const draft = useStore(store);
  const sending = useSending(store);
  const wanted = useSyncExternalStore(listenHash, () => location.hash.slice(1));
  const [near, setNear] = useState<NearReports['reports']>([]);
  const [looking, setLooking] = useState(false);
  const change = (part: Partial<Draft>): void => store.setState(part);
  const goTo = (step: Step): void => {
    location.hash = step;
  };
  let step = stepOf(draft, wanted);
  // After a reload nobody has looked yet: what was answered stands, or is asked on the way again.
  if (step === 'near' && near.length === 0) step = 'what';

  // The address says where one is: who may not be at the step asked for is taken to the one that comes first.
  useEffect(() => {
    if (step !== wanted && wanted !== '') history.replaceState(null, '', `#${step}`);
  }, [step, wanted]);

  const askNear = async (): Promise<void> => {
    setLooking(true);
    const found = await lookNear(draft);
    setLooking(false);
    setNear(found);
    goTo(found.length > 0 ? 'near' : 'details');
  };
  // Not the browser's own Back: after a reload that leads away from here.
  const before: Record<Step, Step> = {
    where: 'where',
    what: 'where',
    near: 'what',
    details: near.length > 0 ? 'near' : 'what',
    sent: 'sent',
  };
  const common = { city, draft, change };
  return (
    <>
      {step !== 'sent' && (
        <StepsBar step={step} back={step === 'where' || sending.state !== 'resting' ? null : () => goTo(before[step])} />
      )}
      {step === 'where' && <WhereStep {...common} onNext={() => goTo('what')} />}
      {step === 'what' && <WhatStep {...common} busy={looking} onNext={() => void askNear()} />}
      {step === 'near' && <NearStep {...common} reports={near} onNext={() => goTo('details')} />}
      {step === 'details' && <DetailsStep {...common} sending={sending} goTo={goTo} />}
      {step === 'sent' && draft.receipt !== null && (
        <SentStep
          city={city}
          draft={draft}
          receipt={draft.receipt}
          arrivedBefore={sending.arrivedBefore}
          onAnother={() => {
            store.setState(EMPTY_DRAFT, true);
            goTo('where');
          }}
        />
      )}
    </>
  );
}

/** Open work near by; none where it cannot be asked: a report is more important than its being the first. */
async function lookNear({ place, placeQuality, serviceType }: Draft): Promise<NearReports['reports']> {
  if (place === null || serviceType === null || (placeQuality !== null && placeQuality !== 'on_road')) return [];
  const query = new URLSearchParams({ lon: place.lon.toFixed(6), lat: place.lat.toFixed(6), serviceType });
  try {
    return (await api.get<NearReports>(`/api/near?${query}`, AbortSignal.timeout(NEAR_PATIENCE_MS))).reports;
  } catch {
    return [];
  }
}

function StepsBar({ step, back }: { step: Exclude<Step, 'sent'>; back: (() => void) | null }): React.JSX.Element {
  const { t } = useTranslation();
  const now = COUNTED.indexOf(step === 'near' ? 'what' : step);
  return (
    <nav className="steps" aria-label={t('report.steps')}>
      {back !== null && (
        <button type="button" className="icon" aria-label={t('report.back')} onClick={back}>
          <IconArrowLeft size={22} stroke={1.75} />
        </button>
      )}
      <ol>
        {COUNTED.map((one, i) => (
          <li key={one} className={i < now ? 'is-done' : i === now ? 'is-now' : ''} aria-current={i === now ? 'step' : undefined}>
            <span className="visually-hidden">{t('report.stepOf', { step: i + 1, of: COUNTED.length })}: </span>
            {t(`report.stepName.${one}`)}
          </li>
        ))}
      </ol>
    </nav>
  );
}
