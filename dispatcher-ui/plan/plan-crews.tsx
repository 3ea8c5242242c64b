import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../server/stores/plans/contract.ts';
import { useZone } from '../dispatch/desk-context.ts';
import { reasonText } from '../dispatch/reasons.ts';
import { minutesText, timeOfDay } from '../state/format.ts';

const minutes = (seconds: number): string => minutesText(seconds / 60);

/** What the plan gives each crew. */
export function PlanCrews({ plan: { shifts } }: { plan: PlanView }): React.JSX.Element | null {
  const { t } = useTranslation();
  const zone = useZone();
  if (shifts.length === 0) return null;
  const busy = shifts
    .filter(({ stops }) => stops > 0)
    .sort((a, b) => a.crewName.localeCompare(b.crewName, 'en', { numeric: true }));
  const idle = shifts.length - busy.length;
  return (
    <section className="part plan-wide" aria-labelledby="plan-crews">
      <h3 id="plan-crews">{t('planPage.crews')}</h3>
      <div className="scroller" role="region" aria-label={t('planPage.crews')} tabIndex={0}>
        <table className="plan-table number">
          <thead>
            <tr>
              <th scope="col">{t('planPage.crew')}</th>
              {(['stops', 'drive', 'work', 'overtime', 'ends'] as const).map((column) => (
                <th scope="col" className="right" key={column}>
                  {t(`planPage.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {busy.map((one) => (
              <tr key={one.shiftId}>
                <th scope="row">
                  {one.crewName}
                  {one.breaksSkipped.length > 0 && (
                    <small className="warn">{t('planPage.noBreak', { breaks: one.breaksSkipped.join(', ') })}</small>
                  )}
                </th>
                <td className="right">{one.stops}</td>
                <td className="right">{minutes(one.travelSeconds)}</td>
                <td className="right">{minutes(one.workSeconds)}</td>
                <td className={`right ${one.overtimeSeconds > 0 ? 'warn' : 'muted'}`}>
                  {one.overtimeSeconds > 0 ? minutes(one.overtimeSeconds) : '–'}
                </td>
                <td className="right">{timeOfDay(one.endsAt, zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {idle > 0 && <p className="muted">{t('planPage.idle', { count: idle })}</p>}
    </section>
  );
}

/** Jobs that the plan leaves out, each with its reason; a line leads to the job. */
export function PlanLeftOutList({ plan: { leftOut } }: { plan: PlanView }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (leftOut.length === 0) return null;
  return (
    <section className="part plan-wide" aria-labelledby="plan-left-out">
      <h3 id="plan-left-out">{t('planPage.leftOutWhy')}</h3>
      <ul className="plan-left-out">
        {leftOut.map((left) => (
          <li key={`${left.jobId} ${left.slot}`}>
            <a href={`/?job=${left.jobNumber}`} className="number">
              {left.jobNumber}
            </a>{' '}
            {left.title} <span className="muted">{reasonText(t, 'reason', left.reason)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
