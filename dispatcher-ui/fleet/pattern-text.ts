import type { TFunction } from 'i18next';
import type { OverridePattern } from '../../server/stores/overrides/contract.ts';

/** "Crew 4 not used for “Pothole repair” in the East after 15:00" */
export function patternText(t: TFunction, { what, crewName, area, hours, jobTypeLabel }: OverridePattern): string {
  return t(`ledger.${what}`, {
    crew: crewName,
    what: jobTypeLabel === null ? '' : t('ledger.what', { jobType: jobTypeLabel }),
    where: area === null ? '' : t('ledger.where', { area }),
    when: hoursText(t, hours),
  });
}

function hoursText(t: TFunction, hours: OverridePattern['hours']): string {
  if (hours === null) return '';
  const { from, until } = hours;
  if (until === null) return from === null ? '' : t('ledger.after', { from });
  return from === null ? t('ledger.before', { until }) : t('ledger.between', { from, until });
}

/** "37 of 41 times, elsewhere 2 %" */
export const shareText = (t: TFunction, { support, of, elsewhere }: OverridePattern): string =>
  t('ledger.share', { support, of, elsewhere: Math.round(elsewhere * 100) });
