import { useTranslation } from 'react-i18next';
import type { FleetToday } from '../../../server/stages/reporting/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { axisSteps, wholeText } from '../figures.ts';
import { useZone } from '../fleet-context.ts';
import { Card } from './card.tsx';

const WIDTH = 1000;
const HEIGHT = 200;

/** Reports in against jobs done, hour by hour; the same as a table below, and each hour opens what it is made of. */
export function HoursChart({ hours, onOpen }: { hours: FleetToday['hours']; onOpen: (what: Behind) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const steps = axisSteps(Math.max(...hours.map(({ reports, done }) => Math.max(reports, done)), 1));
  const top = steps.at(-1)!;
  const column = WIDTH / Math.max(hours.length, 1);
  const bar = Math.min(22, column * 0.34);
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const sums = hours.reduce((sum, hour) => ({ reports: sum.reports + hour.reports, done: sum.done + hour.done }), {
    reports: 0,
    done: 0,
  });
  return (
    <Card
      id="hours"
      className="card-hours"
      title={t('fleet.hours.title')}
      aside={
        <ul className="legend number">
          <li>
            <span className="legend-reports" aria-hidden="true" />
            {t('fleet.hours.reports')} <b>{wholeText(sums.reports)}</b>
          </li>
          <li>
            <span className="legend-done" aria-hidden="true" />
            {t('fleet.hours.done')} <b>{wholeText(sums.done)}</b>
          </li>
        </ul>
      }
    >
      {hours.length === 0 ? (
        <p className="empty muted">{t('fleet.hours.empty')}</p>
      ) : (
        <>
          <div className="chart">
            <div className="chart-axis number" aria-hidden="true">
              {steps.map((step) => (
                <span key={step} style={{ bottom: `${(step / top) * 100}%` }}>
                  {step}
                </span>
              ))}
            </div>
            <div className="chart-plot">
              <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
                {steps.map((step) => (
                  <line
                    key={step}
                    x1="0"
                    x2={WIDTH}
                    y1={y(step)}
                    y2={y(step)}
                    className="chart-line"
                    vectorEffect="non-scaling-stroke"
                  />
                ))}
                {hours.map(({ hour, reports, done }, i) => (
                  <g key={hour}>
                    <rect
                      className="bar-reports"
                      x={(i + 0.5) * column - bar - 1}
                      y={y(reports)}
                      width={bar}
                      height={HEIGHT - y(reports)}
                    />
                    <rect className="bar-done" x={(i + 0.5) * column + 1} y={y(done)} width={bar} height={HEIGHT - y(done)} />
                  </g>
                ))}
              </svg>
              <div className="chart-hours number">
                {hours.map(({ hour, from, reports, done }) => {
                  const label = t('fleet.hours.label', { time: timeOfDay(from, zone), reports, done });
                  return (
                    <button
                      key={hour}
                      type="button"
                      title={label}
                      aria-label={label}
                      onClick={() => onOpen({ kind: 'hour', hour, from })}
                    >
                      <span aria-hidden="true">{timeOfDay(from, zone).slice(0, 2)}</span>
                    </button>
                  );
                })}
              </div>
            </div>
          </div>
          <details className="twin">
            <summary>{t('fleet.asTable')}</summary>
            <table className="number">
              <thead>
                <tr>
                  <th scope="col">{t('fleet.hours.hour')}</th>
                  <th scope="col" className="right">
                    {t('fleet.hours.reports')}
                  </th>
                  <th scope="col" className="right">
                    {t('fleet.hours.done')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {hours.map(({ hour, from, reports, done }) => (
                  <tr key={hour}>
                    <th scope="row">{timeOfDay(from, zone)}</th>
                    <td className="right">{reports}</td>
                    <td className="right">{done}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </Card>
  );
}
