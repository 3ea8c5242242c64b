import { IconDots, IconListDetails, IconRoute } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewDay, CrewStop } from '../../../server/stages/crew-day/contract.ts';
import { minutesText } from '../../state/format.ts';
import { usePhone, usePhoneState } from '../phone-context.ts';
import { factOfStep, isUnderWay, nextStep, openJobs } from '../steps.ts';

/** A second press of the same finger is not the next step. */
const DOUBLE_PRESS_MS = 700;

/** The one big next thing, what else there is, and what comes after. */
export function StopActions({ day, stop }: { day: CrewDay; stop: CrewStop }): React.JSX.Element {
  const { t } = useTranslation();
  const phone = usePhone();
  const chosenId = usePhoneState((state) => state.chosenId);
  const step = nextStep(stop.state);
  const settled = useSettled(`${stop.assignmentId} ${stop.state}`);
  const open = openJobs(day);
  const following = open.find((job) => job !== stop);
  const other = open.find((job) => job !== stop && isUnderWay(job.state));
  const chosen = chosenId === stop.assignmentId && open[0] !== stop;

  return (
    <>
      {chosen && (
        <p className="hint">
          {other === undefined ? t('phone.stop.chosen') : t('phone.stop.underWay', { number: other.jobNumber })}{' '}
          <button type="button" className="link" onClick={() => phone.choose(null)}>
            {t('phone.stop.backToNext')}
          </button>
        </p>
      )}
      <div className="row-actions">
        <button type="button" onClick={() => phone.open('directions')} disabled={stop.way === null}>
          <IconRoute aria-hidden="true" />
          {t('phone.stop.directions')}
        </button>
        <button type="button" onClick={() => phone.open('day')}>
          <IconListDetails aria-hidden="true" />
          {t('phone.stop.list')}
        </button>
        <button type="button" onClick={() => phone.open('more')}>
          <IconDots aria-hidden="true" />
          {t('phone.stop.more')}
        </button>
      </div>
      <div className="card-end">
        {stop.arrivalSuggested && (
          <p className="suggestion" role="status">
            {t('phone.stop.youSeemThere')}
          </p>
        )}
        {step !== null && (
          <button
            type="button"
            className="primary main-action"
            aria-disabled={!settled}
            onClick={() => {
              if (settled) phone.say(stop, factOfStep(step, phone.fixesThrough()), { hold: step === 'complete' });
            }}
          >
            {t(`phone.step.${step}`)}
          </button>
        )}
      </div>
      <div className="card-foot">
        <span className="muted number">
          {following === undefined
            ? t('phone.stop.last')
            : `${t('phone.stop.next', { title: following.title })}${
                following.way === null ? '' : `, ${t('phone.stop.nextDrive', { time: minutesText(following.way.seconds / 60) })}`
              }`}
        </span>
        <button type="button" className="link" onClick={() => phone.open('cannot')}>
          {t('phone.stop.cannot')}
        </button>
      </div>
    </>
  );
}

/** False for a moment after `what` has changed under the finger. */
function useSettled(what: string): boolean {
  const [known, setKnown] = useState(what);
  useEffect(() => {
    const timer = setTimeout(() => setKnown(what), DOUBLE_PRESS_MS);
    return () => clearTimeout(timer);
  }, [what]);
  return known === what;
}
