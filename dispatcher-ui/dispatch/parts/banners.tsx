import { IconAlertTriangle, IconDatabaseOff, IconInfoCircle, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DependencyStatus } from '../../../server/platform/contract.ts';
import { ageText, timeOfDay } from '../../state/format.ts';
import { useDeskState, useWallNow, useZone } from '../desk-context.ts';

/** What is degraded, in words, for as long as it is. */
export function Banners(): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const status = useDeskState((state) => state.status);
  const invented = useDeskState((state) => state.city?.invented === true);
  const cut = useDeskState((state) => state.heardAtMs !== null && !state.connected);
  const cityMs = useDeskState((state) => state.clock?.cityMs ?? 0);
  const ill = status?.dependencies.filter(({ state }) => state !== 'ok') ?? [];
  return (
    <div className="banners" role="status">
      {cut && (
        <p className="banner banner-danger">
          <IconPlugConnectedX size={18} aria-hidden="true" />
          {t('live.reconnecting', { time: timeOfDay(cityMs, zone) })}
        </p>
      )}
      {status?.closing === true && (
        <p className="banner banner-warning">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('live.closing')}
        </p>
      )}
      {ill.map((dependency) => (
        <Ill key={dependency.name} dependency={dependency} />
      ))}
      {invented && (
        <p className="banner banner-info">
          <IconInfoCircle size={18} aria-hidden="true" />
          {t('live.invented')}
        </p>
      )}
    </div>
  );
}

function Ill({ dependency }: { dependency: DependencyStatus }): React.JSX.Element {
  const { t } = useTranslation();
  const detail = dependency.detail ?? '';
  switch (dependency.name) {
    case 'database':
      return dependency.state === 'degraded' ? (
        <p className="banner banner-info">
          <IconInfoCircle size={18} aria-hidden="true" />
          {t('live.embedded')}
        </p>
      ) : (
        <p className="banner banner-danger">
          <IconDatabaseOff size={18} aria-hidden="true" />
          {t('live.database')} <Since at={dependency.since} />
        </p>
      );
    case 'router':
      return (
        <p className="banner banner-warning">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('live.router')} <Since at={dependency.since} />
        </p>
      );
    case 'planner':
      return (
        <p className="banner banner-warning">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('live.planner', { detail })}
        </p>
      );
    case 'live':
    case 'timers':
    case 'deliveries':
    case 'servers':
    case 'mqtt':
    case 'positions':
    case 'jobs':
      return (
        <p className="banner banner-warning">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {t('live.other', { detail })}
        </p>
      );
    default:
      return dependency.name satisfies never;
  }
}

/** Wall time: a simulated city's clock says nothing about how long a machine has been away. Not read out every second. */
function Since({ at }: { at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const seconds = (useWallNow() - Date.parse(at)) / 1000;
  return (
    <span className="banner-since number" aria-hidden="true">
      {t('live.since', { time: ageText(seconds) })}
    </span>
  );
}
