import { useTranslation } from 'react-i18next';
import { greatCircleMetres, type LonLat } from '../../routing/units.ts';
import type { NearReports } from '../../server/stages/intake/contract.ts';
import { StepTitle } from './step-title.tsx';
import type { StepProps } from './where-step.tsx';

type NearReport = NearReports['reports'][number];
/** Both ends are rounded: a nearer figure would be invented. */
const EXACT_METRES = 10;

/** Open reports near by, before another is made: the same, or not. Whoever answers gets their own number either way. */
export function NearStep({
  draft,
  change,
  onNext,
  reports,
}: StepProps & { readonly reports: readonly NearReport[] }): React.JSX.Element {
  const { t } = useTranslation();
  const answer = (near: 'same' | 'another') => () => {
    change({ near });
    onNext();
  };
  return (
    <div className="step">
      <StepTitle>{t('report.near.title')}</StepTitle>
      <p className="lead">{t('report.near.lead', { count: reports.length })}</p>
      <ul className="near">
        {reports.map((one) => (
          <NearCard key={`${one.place.lon} ${one.place.lat} ${one.hoursAgo}`} report={one} from={draft.place} />
        ))}
      </ul>
      <div className="near-answers">
        <button type="button" className="answer" onClick={answer('same')}>
          <strong>{t('report.near.same')}</strong>
          <small>{t('report.near.sameMore')}</small>
        </button>
        <button type="button" className="answer" onClick={answer('another')}>
          <strong>{t('report.near.another')}</strong>
          <small>{t('report.near.anotherMore')}</small>
        </button>
      </div>
      <p className="muted">{t('report.near.own')}</p>
    </div>
  );
}

function NearCard({ report, from }: { report: NearReport; from: LonLat | null }): React.JSX.Element {
  const { t } = useTranslation();
  const metres = from === null ? 0 : Math.round(greatCircleMetres(from, report.place) / EXACT_METRES) * EXACT_METRES;
  const days = Math.floor(report.hoursAgo / 24);
  const age =
    report.hoursAgo === 0
      ? t('report.near.justNow')
      : days === 0
        ? t('report.near.hoursAgo', { count: report.hoursAgo })
        : t('report.near.daysAgo', { count: days });
  return (
    <li className="near-card">
      <strong>{report.label}</strong>
      <span>{report.placeText}</span>
      <span className="muted">{metres <= EXACT_METRES ? t('report.near.atPlace') : t('report.near.metres', { metres })}</span>
      <span>
        {t('report.near.by', { count: report.reports })}, {age}
      </span>
      <span className={`badge badge-${report.state}`}>{t(`report.near.state.${report.state}`)}</span>
    </li>
  );
}
