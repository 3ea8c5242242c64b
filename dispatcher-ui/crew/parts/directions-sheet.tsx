import { useTranslation } from 'react-i18next';
import type { CrewDay, CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { distanceText, minutesText } from '../../state/format.ts';
import { usePhoneState } from '../phone-context.ts';
import { depotOf } from '../steps.ts';
import { nextTurn } from '../way-progress.ts';
import { Sheet } from './sheet.tsx';
import { TurnArrow } from './turn-banner.tsx';

/** Every step of the way, with the one that comes next marked. */
export function DirectionsSheet({ day, stop }: { day: CrewDay; stop: CrewStop | null }): React.JSX.Element {
  const { t } = useTranslation();
  const own = usePhoneState((state) => state.own);
  const way = stop === null ? (depotOf(day)?.way ?? null) : stop.way;
  const next = way === null ? null : nextTurn(way, own);
  return (
    <Sheet title={stop === null ? t('phone.directions.home') : t('phone.directions.title', { number: stop.jobNumber })}>
      {way === null ? (
        <p className="muted">{t('phone.directions.none')}</p>
      ) : (
        <>
          <p className="number">
            {t('phone.directions.total', { time: minutesText(way.seconds / 60), distance: distanceText(way.metres) })}
          </p>
          {way.source === 'estimate' && <p className="hint warn">{t('phone.stop.estimate')}</p>}
          {way.directions.instead !== null && <p className="hint muted">{t('phone.directions.language')}</p>}
          <ol className="steps">
            {way.directions.steps.map((step, i) => (
              <li key={i} aria-current={i === next?.index ? 'step' : undefined}>
                <TurnArrow turn={step.turn} size={30} />
                <span className="grow">{step.text}</span>
                {step.metres > 0 && <span className="number muted">{distanceText(step.metres)}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </Sheet>
  );
}
