import { useTranslation } from 'react-i18next';
import { distanceText, minutesText } from '../../state/format.ts';
import { useCityNow, usePhone, usePhoneState } from '../phone-context.ts';
import { breakDue, breakUnderWay, depotOf, endedJobs, isThere, openJobs, stopInHand } from '../steps.ts';
import { Banners } from './banners.tsx';
import { BreakDue, BreakNow } from './break-cards.tsx';
import { OrderNotice } from './order-notice.tsx';
import { RecallCard } from './recall-card.tsx';
import { ShareQuestion } from './share-question.tsx';
import { Sheets } from './sheets.tsx';
import { StopActions } from './stop-actions.tsx';
import { StopCard } from './stop-card.tsx';
import { TopLine } from './top-line.tsx';
import { TurnBanner } from './turn-banner.tsx';
import { UndoToast } from './undo-toast.tsx';
import { WayMap } from './way-map.tsx';

/** The shift: where to, what there, and one big next thing to press. */
export function OnDutyScreen(): React.JSX.Element {
  const day = usePhoneState((state) => state.shown)!;
  const chosenId = usePhoneState((state) => state.chosenId);
  const now = useCityNow(10);
  const stop = stopInHand(day, chosenId);
  const pausing = breakUnderWay(day, now);
  const due = pausing === null ? breakDue(day, now) : null;
  const way = stop === null ? (depotOf(day)?.way ?? null) : stop.way;
  const takenBack = stop !== null && stop.requested !== null;
  const driving = stop === null || (!isThere(stop.state) && stop.state !== 'planned' && stop.state !== 'dispatched');

  return (
    <div className="phone">
      <TopLine />
      <Banners />
      {way !== null && driving && !takenBack && <TurnBanner way={way} />}
      <WayMap day={day} stopId={stop?.assignmentId ?? null} driving={stop?.state === 'travelling' && !takenBack} />
      <UndoToast />
      <main className="card">
        <ShareQuestion />
        <OrderNotice day={day} />
        {pausing !== null && <BreakNow untilMs={pausing.untilMs} />}
        {due !== null && !takenBack && <BreakDue stop={due} />}
        {stop === null ? (
          <Idle />
        ) : stop.requested !== null ? (
          <RecallCard stop={stop} />
        ) : (
          <>
            <StopCard stop={stop} />
            <StopActions key={stop.assignmentId} day={day} stop={stop} />
          </>
        )}
      </main>
      <Sheets day={day} stop={stop} />
    </div>
  );
}

/** Nothing to do: said plainly, with the way home. */
export function Idle(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const day = usePhoneState((state) => state.shown)!;
  const home = depotOf(day)?.way ?? null;
  const allDone = endedJobs(day).length > 0 && openJobs(day).length === 0;
  return (
    <section className="idle">
      <h1>{allDone ? t('phone.idle.done') : t('phone.idle.title')}</h1>
      <p className="muted">{t('phone.idle.hint')}</p>
      {home !== null && home.metres > 100 && (
        <p className="number">
          {t('phone.idle.home', { time: minutesText(home.seconds / 60), distance: distanceText(home.metres) })}
        </p>
      )}
      <div className="row-actions">
        <button type="button" onClick={() => phone.open('day')}>
          {t('phone.stop.list')}
        </button>
        <button type="button" onClick={() => phone.open('sign_off')}>
          {t('phone.settings.end')}
        </button>
      </div>
    </section>
  );
}
