import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BindableVehicle, EnrolledTracker, SeenTracker } from '../../../server/stores/accounts/contract.ts';
import { dismissTracker } from '../../state/desk-trackers.ts';
import { whenText } from '../../state/format.ts';
import { useCityNow, useDesk, useZone } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';
import { TrackerForm } from './tracker-form.tsx';
import { TrackerSettings } from './tracker-settings.tsx';
import './trackers.css';

interface TrackersDialogProps {
  readonly ref: React.RefObject<HTMLDialogElement | null>;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Trackers of other makers: who knocks, and how one is let in. Read only while it is open. */
export function TrackersDialog({ ref, open, onClose }: TrackersDialogProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <dialog ref={ref} aria-label={t('trackers.title')} className="trackers" onClose={onClose}>
      {open && <TrackersContent onClose={() => ref.current?.close()} />}
    </dialog>
  );
}

/** What the dialog shows. */
export function TrackersContent({ onClose }: { onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const [made, setMade] = useState<EnrolledTracker | null>(null);
  const [adopting, setAdopting] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const read = useCallback(
    async (signal: AbortSignal) => {
      const [seen, vehicles] = await Promise.all([desk.reads.seenTrackers(signal), desk.reads.vehicles(signal)]);
      return { seen, vehicles };
    },
    [desk],
  );
  const { value, failed, again } = useReading(`${round}`, read);
  const done = (tracker: EnrolledTracker): void => {
    setMade(tracker);
    setAdopting(null);
    setRound((n) => n + 1);
  };
  return (
    <>
      <h2>{t('trackers.title')}</h2>
      <p className="muted">{t('trackers.intro')}</p>
      {made !== null && <TrackerSettings key={made.deviceId} tracker={made} onClose={() => setMade(null)} />}
      <section aria-label={t('trackers.waiting')}>
        <h3>{t('trackers.waiting')}</h3>
        {value === null && !failed && <SkeletonLines lines={2} />}
        {failed && <PartFailed onRetry={again} />}
        {value?.seen.length === 0 && <p className="muted">{t('trackers.none')}</p>}
        <ul className="cards">
          {value?.seen.map((tracker) => {
            const key = `${tracker.protocol} ${tracker.trackerId}`;
            return (
              <SeenLine
                key={key}
                tracker={tracker}
                vehicles={value.vehicles}
                isAdopting={adopting === key}
                onAdopt={(is) => setAdopting(is ? key : null)}
                onDone={done}
                onDismiss={() => void dismissTracker(tracker).then(again)}
              />
            );
          })}
        </ul>
      </section>
      <details className="tracker-add">
        <summary>{t('trackers.add')}</summary>
        <p className="muted">{t('trackers.addHint')}</p>
        <TrackerForm of={null} vehicles={value?.vehicles ?? []} onDone={done} onCancel={null} />
      </details>
      <div className="buttons">
        <button type="button" onClick={onClose}>
          {t('dispatch.close')}
        </button>
      </div>
    </>
  );
}

interface SeenLineProps {
  readonly tracker: SeenTracker;
  readonly vehicles: readonly BindableVehicle[];
  readonly isAdopting: boolean;
  readonly onAdopt: (is: boolean) => void;
  readonly onDone: (tracker: EnrolledTracker) => void;
  readonly onDismiss: () => void;
}

function SeenLine({ tracker, vehicles, isAdopting, onAdopt, onDone, onDismiss }: SeenLineProps): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const { trackerId: id, about } = tracker;
  const degrees = (value: number): string => value.toFixed(2);
  return (
    <li className="card tracker-card">
      <div className="tracker-who">
        <p>
          <b>{id}</b>
        </p>
        <p className="muted number">
          {t(`trackers.protocol.${tracker.protocol}`)}
          {' · '}
          {t(`trackers.reason.${tracker.reason}`)}
          {' · '}
          {t('trackers.seen', { count: tracker.seenCount, time: whenText(tracker.lastSeenAt, zone, now) })}
          {about !== null && (
            <>
              {' · '}
              {t('trackers.about', { lat: degrees(about.lat), lon: degrees(about.lon) })}
            </>
          )}
        </p>
      </div>
      {isAdopting ? (
        <TrackerForm of={tracker} vehicles={vehicles} onDone={onDone} onCancel={() => onAdopt(false)} />
      ) : (
        <div className="buttons">
          <button type="button" className="primary" aria-label={t('trackers.adoptOf', { id })} onClick={() => onAdopt(true)}>
            {t('trackers.adopt')}
          </button>
          <button type="button" aria-label={t('trackers.dismissOf', { id })} onClick={onDismiss}>
            {t('trackers.dismiss')}
          </button>
        </div>
      )}
    </li>
  );
}
