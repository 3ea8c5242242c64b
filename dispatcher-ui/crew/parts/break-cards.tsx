import { IconCoffee } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BreakStop } from '../../../server/stages/crew-day/contract.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { usePhone, useZone } from '../phone-context.ts';

/** The crew has its break. */
export function BreakNow({ untilMs }: { untilMs: number }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <section className="notice calm" role="status">
      <h2 className="number">
        <IconCoffee aria-hidden="true" />
        {t('phone.break.now', { time: timeOfDay(untilMs, zone) })}
      </h2>
    </section>
  );
}

/** The break comes before the next job. */
export function BreakDue({ stop }: { stop: BreakStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const zone = useZone();
  return (
    <section className="notice calm">
      <h2>
        <IconCoffee aria-hidden="true" />
        {t('phone.break.due')}
      </h2>
      <p className="number muted">
        {t('phone.break.length', {
          time: minutesText(stop.lengthSeconds / 60),
          earliest: timeOfDay(stop.earliest, zone),
          latest: timeOfDay(stop.latest, zone),
        })}
      </p>
      <button type="button" onClick={() => phone.takeBreak(stop.breakId)}>
        {t('phone.break.take')}
      </button>
    </section>
  );
}
