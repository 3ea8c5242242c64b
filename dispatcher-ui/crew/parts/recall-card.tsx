import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { usePhone } from '../phone-context.ts';
import { factOfStep } from '../steps.ts';

/** The office wants the job in hand back: the crew leaves it, or says that it is done. What was done stands. */
export function RecallCard({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const what =
    stop.requested === 'cancel'
      ? t('phone.recall.cancel', { number: stop.jobNumber })
      : t('phone.recall.recall', { number: stop.jobNumber });
  return (
    <section className="recall" role="alert">
      <h1>
        <IconHandStop aria-hidden="true" />
        {what}
      </h1>
      <p>
        {stop.title}
        {stop.placeText !== null && `, ${stop.placeText}`}
      </p>
      <p className="muted">{t('phone.recall.hint')}</p>
      <button type="button" className="primary main-action" onClick={() => phone.say(stop, { type: 'field.acknowledge_recall' })}>
        {t('phone.recall.ok')}
      </button>
      <button
        type="button"
        className="second-action"
        onClick={() => phone.say(stop, factOfStep('complete', phone.fixesThrough()), { hold: true })}
      >
        {t('phone.recall.done')}
      </button>
    </section>
  );
}
