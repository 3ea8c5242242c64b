import { useTranslation } from 'react-i18next';
import { dueClock, minutesText } from '../../state/format.ts';
import { useCityNow } from '../desk-context.ts';

/** How long until it is due; the colour comes with a word for those who do not see it. */
export function DueClock({ dueAt }: { dueAt: string | null }): React.JSX.Element {
  const { t } = useTranslation();
  const clock = dueClock(dueAt, useCityNow(60));
  const said =
    clock.minutes === null
      ? t('due.none')
      : t(clock.minutes < 0 ? 'due.late' : 'due.in', { time: minutesText(Math.abs(clock.minutes)) });
  return (
    <span className={`due due-${clock.tone} number`}>
      <span aria-hidden="true">{clock.text}</span>
      <span className="visually-hidden">{said}</span>
    </span>
  );
}
