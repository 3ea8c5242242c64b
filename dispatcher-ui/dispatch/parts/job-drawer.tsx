import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { act } from '../../state/desk-actions.ts';
import { isOver, type DeskJob } from '../../state/desk-job.ts';
import { minutesText, whenText } from '../../state/format.ts';
import { may } from '../../state/desk-state.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';
import { causeText } from '../reasons.ts';
import { useReading } from '../use-reading.ts';
import { Candidates } from './candidates.tsx';
import { DrawerHead } from './drawer-head.tsx';
import { DueClock } from './due-clock.tsx';
import { Explained } from './explained.tsx';
import { Holders } from './holders.tsx';
import { JobCases } from './job-cases.tsx';
import { JobHistory } from './job-history.tsx';
import { PriorityMark } from './priority-mark.tsx';

/** All about one job: facts, who does it or could, the reports it answers, what happened. */
export function JobDrawer({ id, onClose }: { id: string; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const job = useDeskState((state) => state.jobs.get(id));
  if (job === undefined) {
    return (
      <div className="drawer">
        <DrawerHead mark={null} title={t('job.gone')} below="" onClose={onClose} />
      </div>
    );
  }
  return <JobBody job={job} onClose={onClose} />;
}

function JobBody({ job, onClose }: { job: DeskJob; onClose: () => void }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const touched = useDeskState((state) => state.touched.get(job.id) ?? 0);
  const mayChange = useDeskState((state) => may(state, 'assignment.change'));
  const read = useCallback((signal: AbortSignal) => desk.reads.casesOf(job.id, signal), [desk, job.id]);
  const cases = useReading(`${touched}`, read);
  const over = isOver(job);
  return (
    <div className="drawer">
      <DrawerHead
        mark={<PriorityMark priority={job.priority} />}
        title={job.title}
        below={
          <>
            <span className="number">{t('job.number', { number: job.number })}</span>
            {' · '}
            {t(`state.${job.state}`)}
            {job.emergency && <span className="tag tag-danger">{t('job.emergency')}</span>}
          </>
        }
        onClose={onClose}
      />
      <Facts job={job} />
      <Holders job={job} />
      <Explained job={job} />
      {!over && job.state !== 'on_hold' && job.state !== 'draft' && mayChange && <Candidates job={job} />}
      {!over && mayChange && <HoldOrRelease job={job} />}
      <JobCases reading={cases} />
      <JobHistory jobId={job.id} touched={touched} />
    </div>
  );
}

function Facts({ job }: { job: DeskJob }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const now = useCityNow(60);
  const earlier = useDeskState((state) => (job.followUpOf === null ? undefined : state.jobs.get(job.followUpOf)?.number));
  const named = useDeskState((state) => state.areas);
  const areas = named.filter(({ id }) => job.areaIds.includes(id)).map(({ name }) => name);
  const needs = [...new Set(job.slots.flatMap(({ skills, plant }) => [...skills, ...plant]))];
  return (
    <dl className="facts">
      <dt>{t('job.due')}</dt>
      <dd className="number">
        {job.dueAt === null ? (
          t('job.noDue')
        ) : (
          <>
            {whenText(job.dueAt, zone, now)}
            {!isOver(job) && (
              <>
                <span className="muted"> · </span>
                <DueClock dueAt={job.dueAt} />
              </>
            )}
          </>
        )}
      </dd>
      <dt>{t('job.where')}</dt>
      <dd>{job.placeText ?? `${job.place.lat.toFixed(5)}, ${job.place.lon.toFixed(5)}`}</dd>
      {areas.length > 0 && (
        <>
          <dt>{t('area.where')}</dt>
          <dd>{areas.join(', ')}</dd>
        </>
      )}
      <dt>{t('job.work')}</dt>
      <dd className="number">{minutesText(job.serviceSeconds / 60)}</dd>
      <dt>{t('job.needs')}</dt>
      <dd>{needs.length === 0 ? <span className="muted">{t('job.needsNothing')}</span> : needs.join(', ')}</dd>
      {job.windows.length > 0 && (
        <>
          <dt>{t('job.windows')}</dt>
          <dd className="number">
            {job.windows.map(({ from, until }) => `${whenText(from, zone, now)} – ${whenText(until, zone, now)}`).join(', ')}
          </dd>
        </>
      )}
      {job.followUpReason !== null && (
        <>
          <dt>{t('job.followUp')}</dt>
          <dd>
            {earlier === undefined
              ? t('job.followUpEarlier', { reason: causeText(t, job.followUpReason) })
              : t('job.followUpOf', { number: earlier, reason: causeText(t, job.followUpReason) })}
          </dd>
        </>
      )}
      {job.decidedReason !== null && (
        <>
          <dt>{t('job.decided')}</dt>
          <dd>{causeText(t, job.decidedReason)}</dd>
        </>
      )}
    </dl>
  );
}

function HoldOrRelease({ job }: { job: DeskJob }): React.JSX.Element | null {
  const { t } = useTranslation();
  const desk = useDesk();
  if (job.state !== 'on_hold' && job.state !== 'draft') return null;
  return (
    <p>
      <button
        type="button"
        onClick={() =>
          void act(
            desk,
            { type: 'job.release', jobId: job.id, version: job.version },
            { word: 'did.released', params: { number: job.number } },
          )
        }
      >
        {t('job.release')}
      </button>
    </p>
  );
}
