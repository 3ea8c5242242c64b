import { useTranslation } from 'react-i18next';
import { FleetKey } from './fleet-key.tsx';
import { SWITCHED_LAYERS, type MapLayersShown, type SwitchedLayer } from '../use-map-layers.ts';
import { PriorityMark } from './priority-mark.tsx';

interface MapKeyProps {
  readonly shown: MapLayersShown;
  /** Whether the city has any boundary to draw. */
  readonly hasAreas: boolean;
  readonly open?: boolean;
  readonly onShow: (layer: SwitchedLayer, shown: boolean) => void;
}

/** What is shown, as switches, and what the marks mean: shapes and words, not colours alone. */
export function MapKey({ shown, hasAreas, open = false, onShow }: MapKeyProps): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <details className="map-key" open={open}>
      <summary>{t('layers.title')}</summary>
      <fieldset>
        <legend>{t('layers.show')}</legend>
        {SWITCHED_LAYERS.map((layer) => (
          <label key={layer}>
            <input
              type="checkbox"
              checked={shown[layer] && (layer !== 'areas' || hasAreas)}
              disabled={layer === 'areas' && !hasAreas}
              onChange={(event) => onShow(layer, event.target.checked)}
            />
            {t(`layers.${layer}`)}
          </label>
        ))}
        {!hasAreas && <p className="muted">{t('layers.areasNone')}</p>}
      </fieldset>
      <p className="map-key-title">{t('layers.meaning')}</p>
      <ul>
        {(['on_the_way', 'on_site', 'free'] as const).map((state) => (
          <li key={state}>
            <span className={`key-tag crew-${state}`}>C4</span>
            {t(`crewState.${state}`)}
          </li>
        ))}
        <li>
          <span className="key-tag key-stale">C4</span>
          {t('mapKey.stale')}
        </li>
        <li>
          <svg viewBox="0 0 24 24" className="key-heading" aria-hidden="true">
            <path d="M12 3 19 20 12 16 5 20Z" />
          </svg>
          {t('mapKey.moving')}
        </li>
        <FleetKey />
        <li>
          <svg viewBox="0 0 24 24" className="key-pale" aria-hidden="true">
            <rect x="4" y="4" width="16" height="16" rx="2" />
          </svg>
          {t('mapKey.pale')}
        </li>
        <li>
          <span className="key-mark" aria-hidden="true">
            <PriorityMark priority={3} small />
            ×3
          </span>
          {t('layers.reports')}
        </li>
        <li>
          <span className="key-mark" aria-hidden="true">
            <PriorityMark priority={1} small />
            24
          </span>
          {t('layers.group')}
        </li>
        <li>
          <svg viewBox="0 0 24 24" className="key-depot" aria-hidden="true">
            <path d="M3 11 12 4 21 11V20H3Z" />
          </svg>
          {t('mapKey.depot')}
        </li>
      </ul>
    </details>
  );
}
