import { IconChevronRight, IconCurrentLocation, IconCurrentLocationOff, IconSettings, IconUrgent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Sharing } from '../phone-state.ts';
import { usePhone, usePhoneState } from '../phone-context.ts';
import { endedJobs, openJobs, stopInHand } from '../steps.ts';

const SAID: Readonly<Record<Sharing, string>> = {
  on: 'shared',
  starting: 'starting',
  off: 'notShared',
  denied: 'noPosition',
  lost: 'noPosition',
  unsupported: 'noPosition',
};

/** Who this is, whether its position is shared, which stop of how many, and the way to the settings. */
export function TopLine(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const crew = usePhoneState((state) => state.mine?.shift?.crewName ?? '');
  const vehicle = usePhoneState((state) => state.mine?.vehicleCode ?? '');
  const sharing = usePhoneState((state) => state.sharing);
  const day = usePhoneState((state) => state.shown)!;
  const chosenId = usePhoneState((state) => state.chosenId);
  const open = openJobs(day);
  const stop = stopInHand(day, chosenId);
  const ended = endedJobs(day).length;
  const all = ended + open.length;
  const number = stop === null ? all : ended + open.indexOf(stop) + 1;
  const Icon = sharing === 'on' || sharing === 'starting' ? IconCurrentLocation : IconCurrentLocationOff;

  return (
    <header className="top">
      <div className="top-who">
        <span>
          <strong>{crew}</strong> <span className="vehicle">{vehicle}</span>
        </span>
        <span className={`sharing sharing-${sharing}`}>
          <Icon size={16} aria-hidden="true" />
          {t(`phone.top.${SAID[sharing]}`)}
        </span>
      </div>
      <button type="button" className="chip number" onClick={() => phone.open('day')}>
        {stop === null ? t('phone.top.day') : t('phone.top.stop', { number, all })}
        <IconChevronRight size={18} aria-hidden="true" />
        <span className="visually-hidden">{t('phone.top.openDay')}</span>
      </button>
      <button type="button" className="icon alarm-icon" onClick={() => phone.open('alarm')} aria-label={t('phone.alarm.open')}>
        <IconUrgent aria-hidden="true" />
      </button>
      <button type="button" className="icon" onClick={() => phone.open('settings')} aria-label={t('phone.top.settings')}>
        <IconSettings aria-hidden="true" />
      </button>
    </header>
  );
}
