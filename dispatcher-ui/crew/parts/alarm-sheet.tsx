import { IconUrgent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { timeOfDay } from '../../state/format.ts';
import { usePhone, usePhoneState, useZone } from '../phone-context.ts';
import { Sheet } from './sheet.tsx';

/** A call for help: two touches from anywhere, and then how it stands, in the largest letters there are. */
export function AlarmSheet(): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  const alarm = usePhoneState((state) => state.alarm);
  return (
    <Sheet title={t('phone.alarm.title')}>
      {alarm === null && (
        <>
          <p>{t('phone.alarm.means')}</p>
          <button type="button" className="primary main-action alarm-action" onClick={phone.alarm}>
            <IconUrgent size={28} aria-hidden="true" />
            {t('phone.alarm.go')}
          </button>
          <button type="button" className="second-action" onClick={phone.close}>
            {t('phone.alarm.not')}
          </button>
        </>
      )}
      <div role="alert">
        {alarm?.phase === 'calling' && <p className="alarm-state warn strong">{t('phone.alarm.calling')}</p>}
        {alarm?.phase === 'told' && (
          <p className="alarm-state strong">{t('phone.alarm.told', { time: timeOfDay(alarm.atMs, zone) })}</p>
        )}
        {alarm?.phase === 'refused' && <p className="alarm-state bad strong">{alarm.because}</p>}
      </div>
      {alarm !== null && (
        <>
          <p className="muted">{t('phone.alarm.phone')}</p>
          <button
            type="button"
            className="second-action"
            onClick={() => {
              phone.endAlarm();
              phone.close();
            }}
          >
            {t(alarm.phase === 'calling' ? 'phone.alarm.stop' : 'phone.close')}
          </button>
        </>
      )}
    </Sheet>
  );
}
