import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  TRACKER_PROTOCOLS,
  type BindableVehicle,
  type EnrolledTracker,
  type TrackerProtocol,
} from '../../../server/stores/accounts/contract.ts';
import { enrolTracker } from '../../state/desk-trackers.ts';

interface TrackerFormProps {
  /** The tracker to adopt; null: one that has not sent anything yet. */
  readonly of: { readonly protocol: TrackerProtocol; readonly trackerId: string } | null;
  readonly vehicles: readonly BindableVehicle[];
  readonly onDone: (tracker: EnrolledTracker) => void;
  readonly onCancel: (() => void) | null;
}

/** Which vehicle a tracker is in, and what it is called here. */
export function TrackerForm({ of, vehicles, onDone, onCancel }: TrackerFormProps): React.JSX.Element {
  const { t } = useTranslation();
  const ids = { protocol: useId(), tracker: useId(), vehicle: useId(), hint: useId() };
  const [protocol, setProtocol] = useState<TrackerProtocol>(of?.protocol ?? 'osmand');
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <form
      className="tracker-form"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const text = (name: string): string => {
          const value = data.get(name);
          return typeof value === 'string' ? value.trim() : '';
        };
        const vehicleId = text('vehicle');
        const label = t('trackers.label', { vehicle: vehicles.find(({ id }) => id === vehicleId)?.code ?? '' });
        setSaving(true);
        void enrolTracker({ protocol, trackerId: of?.trackerId ?? text('trackerId'), vehicleId, label }).then((became) => {
          setSaving(false);
          if ('tracker' in became) onDone(became.tracker);
          else setRefused(became.refused ?? t('trackers.away'));
        });
      }}
    >
      {of === null && (
        <>
          <label htmlFor={ids.protocol}>{t('trackers.kind')}</label>
          <select id={ids.protocol} value={protocol} onChange={(event) => setProtocol(event.target.value as TrackerProtocol)}>
            {TRACKER_PROTOCOLS.map((one) => (
              <option key={one} value={one}>
                {t(`trackers.protocol.${one}`)}
              </option>
            ))}
          </select>
          <label htmlFor={ids.tracker}>{t('trackers.id')}</label>
          <span>
            <input
              id={ids.tracker}
              name="trackerId"
              required
              maxLength={100}
              pattern={protocol === 'owntracks' ? '[^/+#\\s]+/[^/+#\\s]+' : '\\S+'}
              title={t(`trackers.idHint.${protocol}`)}
              autoComplete="off"
              spellCheck={false}
              aria-describedby={ids.hint}
            />
            <span id={ids.hint} className="muted">
              {t(`trackers.idHint.${protocol}`)}
            </span>
          </span>
        </>
      )}
      <label htmlFor={ids.vehicle}>{t('trackers.vehicle')}</label>
      <select id={ids.vehicle} name="vehicle" required defaultValue="" autoFocus={of !== null}>
        <option value="" disabled>
          {t(vehicles.length === 0 ? 'trackers.noVehicles' : 'trackers.choose')}
        </option>
        {vehicles.map(({ id, code }) => (
          <option key={id} value={id}>
            {code}
          </option>
        ))}
      </select>
      <p className="muted tracker-wide">{t('trackers.replaces')}</p>
      {refused !== null && (
        <p className="callout callout-warning tracker-wide" role="alert">
          {refused}
        </p>
      )}
      <div className="buttons tracker-wide">
        <button className="primary" disabled={saving}>
          {t(saving ? 'trackers.saving' : 'trackers.save')}
        </button>
        {onCancel !== null && (
          <button type="button" onClick={onCancel}>
            {t('trackers.cancel')}
          </button>
        )}
      </div>
    </form>
  );
}
