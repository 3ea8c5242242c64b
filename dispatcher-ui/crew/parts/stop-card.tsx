import { IconAlertTriangle, IconClock, IconMapPin, IconRoute, IconTool, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { PriorityMark } from '../../dispatch/parts/priority-mark.tsx';
import { distanceText, dueClock, minutesText, timeOfDay, whenText } from '../../state/format.ts';
import { useCityNow, useZone } from '../phone-context.ts';
import { isThere } from '../steps.ts';

/** A code of the city's catalogue as words: "bucket-truck" -> "bucket truck". */
export const codeWords = (code: string): string => code.replace(/[-_]/g, ' ');

/** Within this the minutes left say more than the time of day. */
const SOON_MINUTES = 60;

/** What the job in hand is, where, until when, and what it takes. */
export function StopCard({ stop }: { stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(10);
  const due = dueClock(stop.dueAt, now);
  const proof = stop.proof.map((kind) => t(`phone.stop.proofNames.${kind}`, { defaultValue: codeWords(kind) })).join(', ');

  return (
    <section className="stop" aria-label={t('phone.stop.number', { number: stop.jobNumber })}>
      <div className="stop-head">
        <PriorityMark priority={stop.priority} />
        <span className="stop-number number">#{stop.jobNumber}</span>
        <span className="state-tag">{t(`phone.state.${stop.state}`)}</span>
        <span className={`due due-${due.tone} number`}>
          {due.tone !== 'none' && <IconClock size={18} aria-hidden="true" />}
          {due.minutes === null
            ? t('phone.stop.noDue')
            : due.minutes < 0
              ? t('phone.stop.late', { time: minutesText(-due.minutes) })
              : due.minutes > SOON_MINUTES
                ? t('phone.stop.dueAt', { time: whenText(stop.dueAt!, zone, now) })
                : t('phone.stop.due', { time: due.text })}
        </span>
      </div>
      <h1>{stop.title}</h1>
      <p className="stop-place">
        <IconMapPin size={20} aria-hidden="true" />
        <span>{stop.placeText ?? t('phone.stop.noPlace')}</span>
      </p>
      <ul className="stop-facts">
        {stop.emergency && (
          <li className="bad strong">
            <IconAlertTriangle size={20} aria-hidden="true" />
            {t('phone.stop.emergency')}
          </li>
        )}
        <Times stop={stop} />
        <li>
          <IconTool size={20} aria-hidden="true" />
          <span>
            {[
              t('phone.stop.minutes', { time: minutesText(stop.serviceSeconds / 60) }),
              ...(stop.plant.length === 0 ? [] : [t('phone.stop.bring', { what: stop.plant.map(codeWords).join(', ') })]),
              ...(stop.skills.length === 0 ? [] : [t('phone.stop.skills', { what: stop.skills.map(codeWords).join(', ') })]),
              ...(proof === '' ? [] : [t('phone.stop.proof', { what: proof })]),
            ].join(' · ')}
          </span>
        </li>
        {stop.slots > 1 && (
          <li className="strong">
            <IconUsers size={20} aria-hidden="true" />
            {t('phone.stop.crews', { slot: stop.slot + 1, slots: stop.slots })}
          </li>
        )}
        {stop.promisedFrom !== null && stop.promisedUntil !== null && (
          <li className="number strong">
            <IconClock size={20} aria-hidden="true" />
            {t('phone.stop.promised', {
              from: whenText(stop.promisedFrom, zone, now),
              until: timeOfDay(stop.promisedUntil, zone),
            })}
          </li>
        )}
        {stop.windows.map(({ from, until }) => (
          <li key={from} className="number">
            <IconClock size={20} aria-hidden="true" />
            {t('phone.stop.windows', { from: whenText(from, zone, now), until: timeOfDay(until, zone) })}
          </li>
        ))}
      </ul>
      {stop.eta?.source === 'estimate' && <p className="hint warn">{t('phone.stop.estimate')}</p>}
      {stop.state === 'planned' && <p className="hint muted">{t('phone.stop.mayChange')}</p>}
    </section>
  );
}

/** The drive that is still to come, or when the work should end. */
function Times({ stop }: { stop: CrewStop }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  if (stop.eta === null) return null;
  if (isThere(stop.state)) {
    return (
      <li className="number">
        <IconClock size={20} aria-hidden="true" />
        {t('phone.stop.end', { at: timeOfDay(stop.eta.end, zone) })}
      </li>
    );
  }
  if (stop.way === null) return null;
  return (
    <li className="number">
      <IconRoute size={20} aria-hidden="true" />
      <span>
        {t('phone.stop.drive', {
          time: minutesText(stop.way.seconds / 60),
          distance: distanceText(stop.way.metres),
          at: timeOfDay(stop.eta.arrival, zone),
        })}
      </span>
    </li>
  );
}
