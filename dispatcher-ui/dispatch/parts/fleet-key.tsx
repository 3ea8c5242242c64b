import { useTranslation } from 'react-i18next';
import { minutesText } from '../../state/format.ts';
import { useDeskState } from '../desk-context.ts';

/** What the marks of single vehicles mean. */
export function FleetKey(): React.JSX.Element {
  const { t } = useTranslation();
  const freshSeconds = useDeskState((state) => state.city?.positionFreshSeconds ?? 300);
  return (
    <>
      <li>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8" />
        </svg>
        {t('fleetMap.key.dot')}
      </li>
      <li>
        <svg viewBox="0 0 24 24" className="key-quiet" aria-hidden="true">
          <circle cx="12" cy="12" r="5" />
        </svg>
        {t('fleetMap.key.other')}
      </li>
      <li>
        <svg viewBox="0 0 24 24" className="key-line" aria-hidden="true">
          <circle cx="12" cy="12" r="7" />
        </svg>
        {t('fleetMap.key.hollow', { time: minutesText(freshSeconds / 60) })}
      </li>
      <li>
        <svg viewBox="0 0 24 24" className="key-line" aria-hidden="true">
          <circle cx="12" cy="12" r="7" />
          <path d="M7 20 12 4M12 20 17 4" />
        </svg>
        {t('fleetMap.key.cutOff')}
      </li>
      <li>
        <svg viewBox="0 0 38 24" className="key-line" aria-hidden="true">
          <circle cx="6" cy="12" r="4" className="key-filled" />
          <path d="M11 12H27" strokeDasharray="4 3" />
          <circle cx="32" cy="12" r="4" />
        </svg>
        {t('fleetMap.key.ghost')}
      </li>
      <li>
        <span className="key-cluster" aria-hidden="true">
          42
        </span>
        {t('fleetMap.key.cluster')}
      </li>
    </>
  );
}
