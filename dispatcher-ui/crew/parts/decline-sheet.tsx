import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { usePhone } from '../phone-context.ts';
import { DECLINE_REASONS } from '../reasons.ts';
import { Sheet } from './sheet.tsx';

/** A crew that has not agreed yet says why it does not. */
export function DeclineSheet({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <Sheet title={t('phone.decline.title', { number: stop.jobNumber })}>
      <div className="choices">
        {DECLINE_REASONS.map((reason) => (
          <button
            key={reason}
            type="button"
            onClick={() => {
              phone.close();
              phone.say(stop, { type: 'field.decline', reason }, { hold: true });
            }}
          >
            {t(`phone.decline.reason.${reason}`)}
          </button>
        ))}
      </div>
    </Sheet>
  );
}
