import { IconCurrentLocation } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat } from '../../routing/units.ts';

/** Known worse than this, it shows the neighbourhood and not the spot. */
const ROUGH_METRES = 40;
const PATIENCE_MS = 15_000;

/** Asks the browser where it is, when somebody presses it and not before. */
export function MyLocation({ onFound }: { onFound(place: LonLat): void }): React.JSX.Element | null {
  const { t } = useTranslation();
  const [says, setSays] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Browsers have it on safe addresses only.
  if (!('geolocation' in navigator) || !window.isSecureContext) return null;
  const ask = (): void => {
    setBusy(true);
    setSays(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        const metres = Math.round(coords.accuracy);
        setSays(metres > ROUGH_METRES ? t('report.where.hereRough', { metres }) : null);
        onFound({ lon: coords.longitude, lat: coords.latitude });
      },
      (error) => {
        setBusy(false);
        setSays(error.code === error.PERMISSION_DENIED ? t('report.where.hereDenied') : t('report.where.hereAway'));
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 30_000 },
    );
  };
  return (
    <div className="here">
      <button type="button" onClick={ask} disabled={busy}>
        <IconCurrentLocation size={20} stroke={1.75} aria-hidden="true" />
        {busy ? t('report.where.hereBusy') : t('report.where.here')}
      </button>
      <p role="status">{says}</p>
    </div>
  );
}
