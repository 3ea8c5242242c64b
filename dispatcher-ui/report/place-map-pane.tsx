import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LonLat } from '../../routing/units.ts';
import type { CityView } from '../../server/stages/city/contract.ts';
import type { PlaceMap } from '../map/place-map.ts';
import { useTheme } from './frame.tsx';

interface PlaceMapPaneProps {
  readonly city: CityView;
  readonly place: LonLat | null;
  readonly label: string;
  /** Left out: a picture of the place. */
  readonly onMoved?: (middle: LonLat, isNear: boolean) => void;
}

/** Somebody pays for each megabyte, or waits long for it: then the map comes when it is asked for. */
function isSlow(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return connection?.saveData === true || /2g/.test(connection?.effectiveType ?? '');
}

/** The map with the cross in its middle. It comes after everything else; the page is of use before it and without it. */
export function PlaceMapPane({ city, place, label, onMoved }: PlaceMapPaneProps): React.JSX.Element {
  const { t } = useTranslation();
  const theme = useTheme();
  const [wanted, setWanted] = useState(() => !isSlow());
  const [state, setState] = useState<'loading' | 'shown' | 'away'>('loading');
  const container = useRef<HTMLDivElement>(null);
  const map = useRef<PlaceMap | null>(null);
  const middle = useRef<LonLat | null>(null);
  const latest = useRef({ onMoved, theme, place });
  useEffect(() => {
    latest.current = { onMoved, theme, place };
  });

  const moves = onMoved !== undefined;
  const { bounds, attribution } = city;
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    import('../map/place-map.ts').then(
      ({ openPlaceMap }) => {
        if (gone || container.current === null) return;
        try {
          const opened = openPlaceMap({
            container: container.current,
            theme: latest.current.theme,
            bounds,
            attribution,
            place: latest.current.place,
            label,
            ...(moves
              ? {
                  onMoved: (to: LonLat, isNear: boolean) => {
                    middle.current = isNear ? to : null;
                    latest.current.onMoved?.(to, isNear);
                  },
                }
              : {}),
          });
          map.current = opened;
          middle.current = latest.current.place;
          setState('shown');
        } catch {
          // No WebGL in this browser.
          setState('away');
        }
      },
      () => gone || setState('away'),
    );
    return () => {
      gone = true;
      map.current?.remove();
      map.current = null;
    };
  }, [wanted, bounds, attribution, label, moves]);

  useEffect(() => map.current?.setTheme(theme), [theme]);
  useEffect(() => {
    // What the map itself said is where it is already.
    if (place === null || (middle.current?.lon === place.lon && middle.current.lat === place.lat)) return;
    middle.current = place;
    map.current?.goTo(place);
  }, [place, state]);

  // Whoever looks for a place has another way to it.
  const without = moves ? ` ${t('report.where.mapWithout')}` : '';
  if (state === 'away')
    return (
      <p className="map-away">
        {t('report.where.mapAway')}
        {without}
      </p>
    );
  if (!wanted)
    return (
      <div className="map-away">
        <p>
          {t('report.where.mapShowWhy')}
          {without}
        </p>
        <button type="button" onClick={() => setWanted(true)}>
          {t('report.where.mapShow')}
        </button>
      </div>
    );
  return (
    <div className={moves ? 'map' : 'map map-picture'} data-map-state={state}>
      <div ref={container} className="map-canvas" />
      {state === 'loading' && <span className="map-loading">{t('report.loading')}</span>}
      {moves ? <Cross /> : state === 'shown' && <span className="map-dot" />}
      {moves && (
        <div className="map-zoom">
          <button type="button" className="icon" aria-label={t('report.where.zoomIn')} onClick={() => map.current?.zoomBy(1)}>
            <IconPlus size={22} stroke={1.75} />
          </button>
          <button type="button" className="icon" aria-label={t('report.where.zoomOut')} onClick={() => map.current?.zoomBy(-1)}>
            <IconMinus size={22} stroke={1.75} />
          </button>
        </div>
      )}
    </div>
  );
}

/** Its point is the middle of the map. */
function Cross(): React.JSX.Element {
  return (
    <svg className="map-cross" viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      <g className="map-cross-halo">
        <path d="M32 2v20M32 42v20M2 32h20M42 32h20" />
        <circle cx="32" cy="32" r="10" />
      </g>
      <g className="map-cross-line">
        <path d="M32 2v20M32 42v20M2 32h20M42 32h20" />
        <circle cx="32" cy="32" r="10" />
      </g>
      <circle className="map-cross-point" cx="32" cy="32" r="2.5" />
    </svg>
  );
}
