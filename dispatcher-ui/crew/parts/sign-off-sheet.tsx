import { useTranslation } from 'react-i18next';
import type { CrewDay } from '../../../server/stages/crew-day/contract.ts';
import { usePhone } from '../phone-context.ts';
import { isUnderWay, openJobs } from '../steps.ts';
import { Sheet } from './sheet.tsx';

/** The end of the shift cannot be taken back: what it means is said first. */
export function SignOffSheet({ day }: { day: CrewDay }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const open = openJobs(day);
  const underWay = open.find(({ state }) => isUnderWay(state));
  return (
    <Sheet title={t('phone.signOff.title')}>
      {underWay !== undefined && <p className="warn strong">{t('phone.signOff.underWay', { number: underWay.jobNumber })}</p>}
      <p>{open.length === 0 ? t('phone.signOff.nothing') : t('phone.signOff.open', { count: open.length })}</p>
      <p className="muted">{t('phone.signOff.position')}</p>
      <button
        type="button"
        className="primary main-action"
        onClick={() => {
          phone.close();
          phone.signOff();
        }}
      >
        {t('phone.signOff.go')}
      </button>
      <button type="button" className="second-action" onClick={phone.close}>
        {t('phone.signOff.stay')}
      </button>
    </Sheet>
  );
}
