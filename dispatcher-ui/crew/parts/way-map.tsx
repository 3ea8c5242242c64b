import { IconFocusCentered } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewDay } from '../../../server/stages/crew-day/contract.ts';
import type { CrewMap, MapView } from '../../map/crew-map.ts';
import type { Theme } from '../../state/theme.ts';
import { usePhoneState } from '../phone-context.ts';

const themeNow = (): Theme => (document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

/** The map with the way and the phone on it. It is loaded after everything else; what it shows is in words too. */
export function WayMap({ day, stopId, driving }: { day: CrewDay; stopId: string | null; driving: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const city = usePhoneState((state) => state.city);
  const own = usePhoneState((state) => state.own);
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CrewMap | null>(null);
  const [view, setView] = useState<MapView>('whole');
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  /** There is a phone on the map to follow. */
  const followable = driving && own !== null;
  const attribution = city?.attribution;
  // The city is read again at every start: the same numbers are the same map.
  const corners = city?.bounds.join();
  const bounds = useMemo(() => corners?.split(',').map(Number) as [number, number, number, number] | undefined, [corners]);

  useEffect(() => {
    const container = box.current;
    if (container === null || bounds === undefined || attribution === undefined) return;
    let gone = false;
    let opened: CrewMap | null = null;
    const watch = new ResizeObserver(() => opened?.resize());
    const dress = new MutationObserver(() => opened?.setTheme(themeNow()));
    import('../../map/crew-map.ts').then(
      ({ openCrewMap }) => {
        if (gone) return;
        opened = openCrewMap({ container, theme: themeNow(), bounds, attribution, onView: setView });
        watch.observe(container);
        dress.observe(document.documentElement, { attributeFilter: ['data-theme'] });
        setMap(opened);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      watch.disconnect();
      dress.disconnect();
      setMap(null);
      opened?.remove();
    };
  }, [bounds, attribution, attempt]);

  useEffect(() => map?.show(day, stopId, driving), [map, day, stopId, driving]);
  useEffect(() => map?.showOwn(own), [map, own]);

  return (
    <section className="map-pane" aria-label={t('phone.map.label')}>
      <div ref={box} className="map" data-testid="map" />
      {map === null && !failed && (
        <p className="map-wait skeleton" role="status">
          <span className="visually-hidden">{t('phone.map.loading')}</span>
        </p>
      )}
      {failed && (
        <div className="map-wait">
          <p>{t('phone.map.failed')}</p>
          <button
            type="button"
            onClick={() => {
              setFailed(false);
              setAttempt((n) => n + 1);
            }}
          >
            {t('phone.retry')}
          </button>
        </div>
      )}
      {map !== null && (followable || view === 'free') && (
        <button type="button" className="map-centre" onClick={() => map.look(followable && view !== 'drive' ? 'drive' : 'whole')}>
          <IconFocusCentered aria-hidden="true" />
          {followable ? (view === 'drive' ? t('phone.map.whole') : t('phone.map.drive')) : t('phone.map.centre')}
        </button>
      )}
    </section>
  );
}
