import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaWaiting } from '../../../server/stages/reporting/contract.ts';
import { minutesText } from '../../state/format.ts';
import type { Behind } from '../behind.ts';
import { wholeText } from '../figures.ts';
import { Card } from './card.tsx';

/** What waits in each area, the fullest first, with the age of its oldest. A city may cut itself in several ways. */
export function AreaTable({
  areas,
  onOpen,
}: {
  areas: readonly AreaWaiting[];
  onOpen: (what: Behind) => void;
}): React.JSX.Element {
  const { t } = useTranslation();
  const kinds = [...new Set(areas.map(({ kind }) => kind))];
  const [wanted, setWanted] = useState<string | null>(null);
  // The way of cutting in which most of what waits lies somewhere.
  const placed = (kind: string): number => areas.reduce((sum, a) => sum + (a.kind === kind && a.areaId !== null ? a.jobs : 0), 0);
  const best = [...kinds].sort((a, b) => placed(b) - placed(a))[0] ?? null;
  const kind = wanted !== null && kinds.includes(wanted) ? wanted : best;
  const rows = areas.filter((area) => area.kind === kind);
  const most = Math.max(...rows.map(({ jobs }) => jobs), 1);
  const nameOf = (area: AreaWaiting): string => area.name ?? t('fleet.areas.none');
  return (
    <Card
      id="areas"
      className="card-areas"
      title={t('fleet.areas.title')}
      aside={
        kinds.length > 1 && (
          <select aria-label={t('fleet.areas.kind')} value={kind ?? ''} onChange={(event) => setWanted(event.target.value)}>
            {kinds.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="empty muted">{t('fleet.areas.empty')}</p>
      ) : (
        <div className="scroller" role="region" aria-label={t('fleet.areas.title')} tabIndex={0}>
          <table className="rows number">
            <thead>
              <tr>
                <th scope="col">{t('fleet.areas.area')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('fleet.areas.share')}</span>
                </th>
                <th scope="col" className="right">
                  {t('fleet.areas.jobs')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.areas.withoutCrew')}
                </th>
                <th scope="col" className="right">
                  {t('fleet.areas.oldest')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((area) => (
                <tr key={area.areaId ?? 'none'}>
                  <th scope="row">
                    <button
                      type="button"
                      className="link"
                      onClick={() =>
                        onOpen({
                          kind: 'jobs',
                          title: t('fleet.areas.behind', { area: nameOf(area) }),
                          query: `of=waiting&areaKind=${encodeURIComponent(area.kind)}${area.areaId === null ? '' : `&areaId=${area.areaId}`}`,
                          say: 'waits',
                        })
                      }
                    >
                      {nameOf(area)}
                    </button>
                  </th>
                  <td className="area-bar" aria-hidden="true">
                    <span style={{ width: `${(area.jobs / most) * 100}%` }}>
                      <i style={{ width: `${(area.withCrew / Math.max(area.jobs, 1)) * 100}%` }} />
                    </span>
                  </td>
                  <td className="right">{wholeText(area.jobs)}</td>
                  <td className="right">{wholeText(area.jobs - area.withCrew)}</td>
                  <td className="right">{minutesText(area.oldestSeconds / 60)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
