import { useCallback, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../server/stores/cases/contract.ts';
import { whenText } from '../../state/format.ts';
import { en } from '../../words/en.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';

const SHOWN = 6;

/** What became true about the job, the newest first, and who did it. */
export function JobHistory({ jobId, touched }: { jobId: string; touched: number }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const read = useCallback((signal: AbortSignal) => desk.reads.history(jobId, signal), [desk, jobId]);
  const { value, failed, again } = useReading(`${touched}`, read);
  const [all, setAll] = useState(false);
  const newest = value?.toReversed() ?? [];
  const shown = all ? newest : newest.slice(0, SHOWN);
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('job.history')}</h3>
      {value === null && !failed && <SkeletonLines lines={3} />}
      {failed && <PartFailed onRetry={again} />}
      <ol className="history">
        {shown.map((entry) => (
          <HistoryLine key={entry.seq} entry={entry} />
        ))}
      </ol>
      {newest.length > shown.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('job.historyMore', { count: newest.length })}
        </button>
      )}
    </section>
  );
}

function HistoryLine({ entry }: { entry: HistoryEntry }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const crew = useDeskState((state) => (entry.shiftId === null ? undefined : state.shifts.get(entry.shiftId)?.crewName));
  const word = entry.type.replaceAll('.', '_');
  const known = word in en.event ? word : 'other';
  const by = entry.by.role in en.by ? t(`by.${entry.by.role}`) : entry.by.role;
  return (
    <li>
      <time className="number" dateTime={entry.at}>
        {whenText(entry.at, zone, now)}
      </time>
      <span>
        {t(`event.${known}`, {
          type: entry.type,
          crew: crew ?? t('crews.crew'),
          state: stateWord(entry, t),
          verification: verificationWord(entry, t),
        })}
        <span className="muted"> · {by}</span>
      </span>
    </li>
  );
}

function stateWord(entry: HistoryEntry, t: (key: string) => string): string {
  const to = entry.body['to'] ?? entry.body['state'];
  if (typeof to !== 'string') return '';
  const words = entry.type.startsWith('assignment.') ? 'assignment' : 'state';
  return to in en[words] ? t(`${words}.${to}`) : to;
}

function verificationWord(entry: HistoryEntry, t: (key: string) => string): string {
  const to = entry.body['to'];
  return to === 'verified' || to === 'unverified' || to === 'pending' ? t(`crew.${to}`) : '';
}
