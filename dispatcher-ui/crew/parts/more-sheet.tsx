import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { usePhone } from '../phone-context.ts';
import { factOfStep, mayDecline, mayPause, stepsToJumpTo } from '../steps.ts';
import { Sheet } from './sheet.tsx';

/** Everything else that can be said of the job in hand: a later step, a pause, no. */
export function MoreSheet({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const jumps = stepsToJumpTo(stop.state);
  return (
    <Sheet title={t('phone.more.title', { number: stop.jobNumber })}>
      {jumps.length > 0 && (
        <>
          <h2>{t('phone.more.jump')}</h2>
          <div className="choices">
            {jumps.map((step) => (
              <button
                key={step}
                type="button"
                onClick={() => {
                  phone.close();
                  phone.say(stop, factOfStep(step, phone.fixesThrough()), { hold: step === 'complete' });
                }}
              >
                {t(`phone.step.${step}`)}
              </button>
            ))}
          </div>
          <h2>{t('phone.more.other')}</h2>
        </>
      )}
      <div className="choices">
        {mayPause(stop.state) && (
          <button
            type="button"
            onClick={() => {
              phone.close();
              phone.say(stop, { type: 'field.pause' });
            }}
          >
            {t('phone.more.pause')}
          </button>
        )}
        {mayDecline(stop.state) && (
          <button type="button" onClick={() => phone.open('decline')}>
            {t('phone.more.decline')}
          </button>
        )}
        <button type="button" onClick={() => phone.open('cannot')}>
          {t('phone.more.cannot')}
        </button>
      </div>
    </Sheet>
  );
}
