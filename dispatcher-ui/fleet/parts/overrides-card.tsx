import { useTranslation } from 'react-i18next';
import type { Override, OverrideLedger } from '../../../server/stores/overrides/contract.ts';
import { minutesText, whenText } from '../../state/format.ts';
import { drivingMinutes } from '../../state/plan-cost.ts';
import { useCityNow, useFleet, useFleetState, useZone } from '../fleet-context.ts';
import { wholeText } from '../figures.ts';
import { patternText, shareText } from '../pattern-text.ts';
import { Card } from './card.tsx';

const DAY_MS = 86_400_000;

/** What dispatchers changed against the plans: what they do again and again, and the last changes. */
export function OverridesCard(): React.JSX.Element {
  const { t } = useTranslation();
  const fleet = useFleet();
  const ledger = useFleetState((state) => state.ledger);
  const failed = useFleetState((state) => state.ledgerFailed);
  const days = ledger === null ? 0 : Math.round((Date.parse(ledger.until) - Date.parse(ledger.from)) / DAY_MS);
  return (
    <Card
      id="overrides"
      className="card-overrides"
      title={t('ledger.title')}
      aside={ledger !== null && <span className="muted number">{t('ledger.count', { count: ledger.againstPlan, days })}</span>}
    >
      {failed && (
        <p role="status" className="warn">
          {t('ledger.failed')}{' '}
          <button type="button" className="link" onClick={() => fleet.readLedger()}>
            {t('ledger.again')}
          </button>
        </p>
      )}
      {ledger === null ? (
        !failed && <span className="skeleton" style={{ width: '60%' }} aria-hidden="true" />
      ) : ledger.total === 0 ? (
        <p className="empty muted">{t('ledger.empty', { days })}</p>
      ) : (
        <div className="overrides">
          <Patterns ledger={ledger} />
          <LastChanges overrides={ledger.overrides} />
        </div>
      )}
    </Card>
  );
}

function Patterns({ ledger: { patterns } }: { ledger: OverrideLedger }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="override-patterns">
      <h3 id="override-patterns">{t('ledger.patterns')}</h3>
      {patterns.length === 0 ? (
        <p className="muted">{t('ledger.noPatterns')}</p>
      ) : (
        <>
          <ol className="override-patterns">
            {patterns.map((pattern) => (
              <li key={`${pattern.what} ${patternText(t, pattern)}`}>
                <b className="number">{t('ledger.overrides', { count: pattern.support })}</b>
                <span>
                  {patternText(t, pattern)}
                  <small className="muted number">{shareText(t, pattern)}</small>
                </span>
              </li>
            ))}
          </ol>
          <p className="muted override-hint">{t('ledger.patternsHint')}</p>
        </>
      )}
    </section>
  );
}

function LastChanges({ overrides }: { overrides: readonly Override[] }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const minuteCost = useFleetState((state) => state.city?.drivingMinuteCost ?? 0);
  return (
    <section aria-labelledby="override-last">
      <h3 id="override-last">{t('ledger.last')}</h3>
      <div className="scroller-wide scroller" role="region" aria-label={t('ledger.last')} tabIndex={0}>
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">{t('ledger.at')}</th>
              <th scope="col">{t('ledger.job')}</th>
              <th scope="col">{t('ledger.change')}</th>
              <th scope="col">{t('ledger.why')}</th>
              <th scope="col" className="right">
                {t('ledger.price')}
              </th>
              <th scope="col">{t('ledger.outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {overrides.map((one) => (
              <tr key={one.actionId}>
                <th scope="row" className="number">
                  {whenText(one.at, zone, now)}
                  <small className="muted">{one.by ?? t('ledger.server')}</small>
                </th>
                <td>
                  <a href={`/?job=${one.jobNumber}`} className="number">
                    {one.jobNumber}
                  </a>
                  <small className="muted">{one.title}</small>
                </td>
                <td>
                  {t(`ledger.kind.${one.kind}`, {
                    from: one.from?.crewName ?? t('ledger.nothing'),
                    to: one.to?.crewName ?? t('ledger.nothing'),
                  })}
                  <small className="muted">{t(`ledger.against.${one.against}`)}</small>
                </td>
                <td className="override-why">{one.reason ?? <span className="muted">–</span>}</td>
                <td className="right number">
                  <Price points={one.price} minuteCost={minuteCost} />
                </td>
                <td className={one.outcome === 'late' || one.outcome === 'not_done' ? 'bad' : ''}>
                  {t(`ledger.outcomeOf.${one.outcome}`, { late: minutesText((one.lateSeconds ?? 0) / 60) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** In minutes of driving where the city says what one costs, else in points. */
function Price({ points, minuteCost }: { points: number | null; minuteCost: number }): React.JSX.Element {
  const { t } = useTranslation();
  if (points === null) return <span className="muted">{t('ledger.noPrice')}</span>;
  const minutes = drivingMinutes(points, minuteCost);
  const sign = points < 0 ? '−' : '+';
  if (points === 0) return <>0</>;
  if (minutes === null) return <>{sign + wholeText(Math.abs(points))}</>;
  return <>{minutes < 1 ? t('ledger.underMinute') : sign + minutesText(minutes)}</>;
}
