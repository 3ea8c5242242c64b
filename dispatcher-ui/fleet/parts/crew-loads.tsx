import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrewLoad } from '../../../server/stages/reporting/contract.ts';
import { minutesText } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { loadParts } from '../figures.ts';
import { Card } from './card.tsx';

const KINDS = ['worked', 'driven', 'workAhead', 'driveAhead'] as const;

/** Each crew's work and driving against its shift, done and still before it. */
export function CrewLoads({ crews, onOpen }: { crews: readonly CrewLoad[]; onOpen: (what: Behind) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const [order, setOrder] = useState<'number' | 'most' | 'least'>('number');
  const rows = crews.map((crew) => ({ crew, load: loadParts(crew) }));
  if (order !== 'number') rows.sort((a, b) => (order === 'most' ? -1 : 1) * (a.load.share - b.load.share));
  // Everybody on one scale: the longest bar, or a full shift.
  const scale = Math.max(1, ...rows.map(({ load }) => load.share));
  return (
    <Card
      id="crews"
      className="card-crews"
      title={t('fleet.crews.title')}
      aside={
        <select
          aria-label={t('fleet.crews.order')}
          value={order}
          onChange={(event) => setOrder(event.target.value as typeof order)}
        >
          <option value="number">{t('fleet.crews.byNumber')}</option>
          <option value="most">{t('fleet.crews.most')}</option>
          <option value="least">{t('fleet.crews.least')}</option>
        </select>
      }
    >
      <ul className="legend">
        {KINDS.map((kind) => (
          <li key={kind}>
            <span className={`load-${kind}`} aria-hidden="true" />
            {t(`fleet.crews.kind.${kind}`)}
          </li>
        ))}
      </ul>
      {rows.length === 0 ? (
        <p className="empty muted">{t('fleet.crews.empty')}</p>
      ) : (
        <div className="scroller scroller-tall" role="region" aria-label={t('fleet.crews.title')} tabIndex={0}>
          <table className="rows loads number">
            <thead>
              <tr>
                <th scope="col">{t('fleet.crews.crew')}</th>
                <th scope="col">{t('fleet.crews.load')}</th>
                <th scope="col" className="right">
                  {t('fleet.crews.work')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.crews.drive')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.crews.share')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.crews.stops')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ crew, load }) => (
                <tr key={crew.shiftId}>
                  <th scope="row">
                    <button type="button" className="link" onClick={() => onOpen({ kind: 'crew', shiftId: crew.shiftId })}>
                      {crew.crewName}
                    </button>
                  </th>
                  <td>
                    <div className="load-bar" aria-hidden="true">
                      {load.parts.map(({ kind, seconds }) => (
                        <span
                          key={kind}
                          className={`load-${kind}`}
                          style={{ width: `${(seconds / Math.max(crew.availableSeconds, 1) / scale) * 100}%` }}
                        />
                      ))}
                      <i className="load-full" style={{ left: `${100 / scale}%` }} />
                    </div>
                  </td>
                  <td className="right">{minutesText((crew.workedSeconds + crew.workAheadSeconds) / 60)}</td>
                  <td className="right">{minutesText((crew.drivenSeconds + crew.driveAheadSeconds) / 60)}</td>
                  <td className={`right ${load.share > 1 ? 'warn' : ''}`}>
                    <b>{t('fleet.percent', { share: Math.round(load.share * 100) })}</b>
                  </td>
                  <td className="right">
                    {t('fleet.of', { part: crew.done + crew.notDone, all: crew.done + crew.notDone + crew.open })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
