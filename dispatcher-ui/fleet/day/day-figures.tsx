import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordedDay, RecordedFigures } from '../../../server/stores/recorded-days/contract.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { wholeText } from '../figures.ts';
import { KINDS, minutesByKind } from './day-shape.ts';

/** The day's figures in one row, the most asked first. */
export function DayFigures({ figures, day }: { figures: RecordedFigures; day: RecordedDay }): React.JSX.Element {
  const { t } = useTranslation();
  const { late, done, plans, fixes } = figures;
  const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  const times = useMemo(() => minutesByKind(day.crews.flatMap(({ stretches }) => stretches)), [day]);
  const all = Math.max(
    1,
    KINDS.reduce((total, kind) => total + times[kind], 0),
  );
  const uncertified = plans.filter(({ certified }) => !certified).length;
  const median = late.medianMinutes === null ? '–' : minutesText(late.medianMinutes);
  const p90 = late.p90Minutes === null ? '–' : minutesText(late.p90Minutes);
  const rows: { label: string; value: string; note: string; tone?: string }[] = [
    {
      label: t('fleet.day.reports'),
      value: wholeText(figures.requests.inDay),
      note: t('fleet.day.onRoad', { count: figures.cases.onRoad }),
    },
    {
      label: t('fleet.day.jobs'),
      value: wholeText(figures.jobs.made),
      note: t('fleet.day.joined', { count: figures.clusters.reportsJoined }),
    },
    {
      label: t('fleet.day.done'),
      value: wholeText(done.jobs),
      note: t('fleet.day.doneVerified', { count: done.byVerification['verified'] ?? 0 }),
    },
    {
      label: t('fleet.day.late'),
      value: wholeText(late.jobs),
      note: late.jobs === 0 ? t('fleet.day.lateNone') : t('fleet.day.lateBy', { median, p90 }),
      tone: late.jobs > 0 ? 'warn' : '',
    },
    {
      label: t('fleet.day.notToday'),
      value: wholeText(figures.notToday),
      note: t('fleet.day.cannot', { count: sum(figures.cannotComplete) }),
    },
    {
      label: t('fleet.day.kilometres'),
      value: wholeText(figures.crews.kilometres),
      note: t('fleet.day.crews', { count: figures.crews.count }),
    },
    {
      label: t('fleet.day.plans'),
      value: wholeText(plans.length),
      note: uncertified === 0 ? t('fleet.day.certified') : t('fleet.day.notCertified', { count: uncertified }),
      tone: uncertified > 0 ? 'warn' : '',
    },
    {
      label: t('fleet.day.positions'),
      value: wholeText(fixes.stored),
      note: t('fleet.day.positionsLost', { count: fixes.lost }),
      tone: fixes.lost > 0 ? 'bad' : '',
    },
  ];
  return (
    <section aria-label={t('fleet.day.figures')}>
      <dl className="day-figures number">
        {rows.map(({ label, value, note, tone = '' }) => (
          <div key={label} className="card">
            <dt>{label}</dt>
            <dd>
              <b className={tone}>{value}</b>
              <span className="muted">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="card day-time">
        <h2>{t('fleet.day.time')}</h2>
        <div className="split" aria-hidden="true">
          {KINDS.map((kind) => (
            <span key={kind} className={`split-${kind}`} style={{ width: `${(times[kind] / all) * 100}%` }} />
          ))}
        </div>
        <ul className="legend number">
          {KINDS.map((kind) => (
            <li key={kind}>
              <span className={`split-${kind}`} aria-hidden="true" />
              {t(`fleet.day.kind.${kind}`)} <b>{hoursText(times[kind])}</b>{' '}
              <span className="muted">{t('fleet.percent', { share: Math.round((times[kind] / all) * 100) })}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Crews' hours together are not a time of day: 4091 min -> "68 h". */
const hoursText = (minutes: number): string => (minutes < 600 ? minutesText(minutes) : `${wholeText(minutes / 60)} h`);

/** What must be true after any day, checked from the database alone. */
export function DayPromises({ invariants }: { invariants: RecordedFigures['invariants'] }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="promises-title">
      <h2 id="promises-title">{t('fleet.day.promises')}</h2>
      <ul className="promises">
        {Object.entries(invariants).map(([name, holds]) => (
          <li key={name} className={holds ? '' : 'bad'}>
            {holds ? (
              <IconCircleCheck size={17} className="good" role="img" aria-label={t('fleet.day.promiseHolds')} />
            ) : (
              <IconAlertTriangle size={17} role="img" aria-label={t('fleet.day.promiseBroken')} />
            )}
            <span>{t(`fleet.day.promise.${name}`, { defaultValue: name.replaceAll('_', ' ') })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was killed on the way, how soon that was shown, and how soon all was well. */
export function DayFaults({ faults, zone }: { faults: RecordedFigures['timings']['faults']; zone: string }): React.JSX.Element {
  const { t } = useTranslation();
  const seconds = (value: number | null): string =>
    value === null ? t('fleet.day.faultNotSeen') : t('fleet.day.seconds', { seconds: value.toFixed(1) });
  return (
    <section className="card" aria-labelledby="faults-title">
      <h2 id="faults-title">{t('fleet.day.faults')}</h2>
      {faults.length === 0 ? (
        <p className="muted">{t('fleet.day.noFaults')}</p>
      ) : (
        <ul className="plain-list number">
          {faults.map(({ what, at, shownAfterSeconds, healedAfterSeconds }) => (
            <li key={`${what} ${at}`}>
              {t(shownAfterSeconds === null && healedAfterSeconds === 0 ? 'fleet.day.faultHealed' : 'fleet.day.fault', {
                time: timeOfDay(at, zone),
                what: t(`fleet.day.faultOf.${what}`, { defaultValue: what }),
                shown: seconds(shownAfterSeconds),
                healed: seconds(healedAfterSeconds),
              })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
