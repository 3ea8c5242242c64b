import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordedCrew } from '../../../server/stores/recorded-days/contract.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { kilometresText } from '../figures.ts';
import { KINDS, minutesByKind } from './day-shape.ts';

/** A minute of standing between arriving and starting says nothing. */
const SHORTEST_SHOWN_MS = 3 * 60_000;

/** The chosen crew's day in words: the twin of its row in the timeline and of its way on the map. */
export function CrewOfDay(props: {
  crew: RecordedCrew | null;
  atMs: number;
  zone: string;
  onClose: () => void;
}): React.JSX.Element {
  const { t } = useTranslation();
  const { crew, atMs, zone, onClose } = props;
  if (crew === null) {
    return (
      <div className="crew-of-day">
        <p className="muted">{t('fleet.day.noCrew')}</p>
      </div>
    );
  }
  const minutes = minutesByKind(crew.stretches);
  const shown = crew.stretches.filter(
    ({ kind, from, until }) => kind !== 'idle' || Date.parse(until) - Date.parse(from) >= SHORTEST_SHOWN_MS,
  );
  const stops = crew.stretches.filter(({ kind }) => kind === 'work').length;
  return (
    <section className="crew-of-day" aria-label={crew.name}>
      <header className="card-head">
        <h3>{crew.name}</h3>
        <button type="button" className="icon" onClick={onClose} aria-label={t('fleet.day.closeCrew', { crew: crew.name })}>
          <IconX size={17} aria-hidden="true" />
        </button>
      </header>
      <p className="muted number">
        {t('fleet.day.crewTotals', {
          metres: kilometresText(crew.metres),
          stops: t('fleet.day.crewStops', { count: stops }),
        })}
      </p>
      <p className="muted number">
        {KINDS.filter((kind) => minutes[kind] > 0)
          .map((kind) => `${t(`fleet.day.kind.${kind}`)} ${minutesText(minutes[kind])}`)
          .join(' · ')}
      </p>
      <ol className="stretches number" tabIndex={0} aria-label={crew.name}>
        {shown.map((stretch) => {
          const now = Date.parse(stretch.from) <= atMs && atMs < Date.parse(stretch.until);
          const later = Date.parse(stretch.from) > atMs;
          return (
            <li
              key={stretch.from + stretch.kind}
              className={`${now ? 'now' : ''} ${later ? 'later' : ''}`}
              aria-current={now ? 'time' : undefined}
            >
              <span>
                {timeOfDay(stretch.from, zone)}–{timeOfDay(stretch.until, zone)}
              </span>
              <span className={`stretch-name stretch-name-${stretch.kind}`}>
                {t(`fleet.day.kind.${stretch.kind}`)}
                {stretch.jobNumber !== null && `, ${t('fleet.day.job', { number: stretch.jobNumber })}`}
              </span>
              <span className="muted">{minutesText((Date.parse(stretch.until) - Date.parse(stretch.from)) / 60_000)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
