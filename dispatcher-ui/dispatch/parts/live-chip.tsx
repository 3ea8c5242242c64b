import { useTranslation } from 'react-i18next';
import { livenessOf } from '../../state/city-clock.ts';
import { timeOfDay } from '../../state/format.ts';
import { useDeskState, useWallNow, useZone } from '../desk-context.ts';

/** How old what one sees is: green to 5 s, amber to 15 s, then frozen, with the city time it shows. */
export function LiveChip(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const heardAtMs = useDeskState((state) => state.heardAtMs);
  const cityMs = useDeskState((state) => state.clock?.cityMs ?? null);
  const now = useWallNow();
  const liveness = livenessOf(heardAtMs, now);
  if (liveness === 'connecting' || heardAtMs === null) {
    return <span className="live live-connecting">{t('live.connecting')}</span>;
  }
  const age = Math.max(0, (now - heardAtMs) / 1000);
  const time = cityMs === null ? '–' : timeOfDay(cityMs, zone);
  const label = t(`live.${liveness}Label`, { age: Math.round(age), time });
  return (
    <span className={`live live-${liveness} number`} role="img" aria-label={label} title={label}>
      <span className="live-dot" />
      {liveness === 'frozen' ? t('live.frozen', { time }) : t(`live.${liveness}`)}
      {liveness !== 'frozen' && <span className="live-age">{t('live.seconds', { age: age.toFixed(1) })}</span>}
    </span>
  );
}
