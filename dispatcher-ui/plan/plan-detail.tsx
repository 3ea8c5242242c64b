import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOrigin, PlanView } from '../../server/stores/plans/contract.ts';
import { useDesk, useDeskState, useZone } from '../dispatch/desk-context.ts';
import { PartFailed, SkeletonLines } from '../dispatch/parts/drawer-head.tsx';
import { PlanCostTable } from '../dispatch/parts/plan-cost.tsx';
import { PlanFigures } from '../dispatch/parts/plan-figures.tsx';
import { PlanProofPart } from '../dispatch/parts/plan-proof.tsx';
import { useReading } from '../dispatch/use-reading.ts';
import { ApiProblem } from '../state/api.ts';
import { may } from '../state/desk-state.ts';
import { dayText, minutesText, timeOfDay } from '../state/format.ts';
import { en } from '../words/en.ts';
import { PlanCheck } from './plan-check.tsx';
import { PlanCrews, PlanLeftOutList } from './plan-crews.tsx';
import { PlanData } from './plan-data.tsx';
import { stateOf } from './plan-state.ts';

interface PlanDetailProps {
  readonly planId: string;
  /** Told the plan's service day once it is known. */
  readonly onDay: (day: string) => void;
  readonly go: (to: string) => void;
}

type Found = { readonly plan: PlanView; readonly origin: PlanOrigin } | 'none' | 'damaged';

/** Everything about one plan. */
export function PlanDetail({ planId, onDay, go }: PlanDetailProps): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  // It is published, or another takes its place, while one looks.
  const state = useDeskState(({ plans }) => plans.find(({ id }) => id === planId)?.state ?? null);
  const read = useCallback(
    async (signal: AbortSignal): Promise<Found> => {
      try {
        const [plan, origin] = await Promise.all([desk.reads.plan(planId, signal), desk.reads.planOrigin(planId, signal)]);
        return { plan, origin };
      } catch (error) {
        // An address that was cut short is no id at all.
        if (error instanceof ApiProblem && (error.status === 404 || error.status === 400 || error.status === 422)) return 'none';
        if (error instanceof ApiProblem && error.type === 'plan-damaged') return 'damaged';
        throw error;
      }
    },
    [desk, planId],
  );
  const { value, failed, again } = useReading(`${planId} ${state}`, read);
  const day = value === null || typeof value === 'string' ? null : value.plan.serviceDay;
  useEffect(() => {
    if (day !== null) onDay(day);
  }, [day, onDay]);
  if (value === null) return failed ? <PartFailed onRetry={again} /> : <SkeletonLines lines={8} />;
  if (typeof value === 'string') {
    return (
      <div className="empty" role="alert">
        <h1>{t(value === 'none' ? 'planPage.noSuch' : 'planPage.damaged')}</h1>
        {value === 'none' && <p className="muted">{t('planPage.noSuchHint')}</p>}
      </div>
    );
  }
  return <PlanParts {...value} go={go} />;
}

/** The parts of a plan that has been read. */
export function PlanParts({
  plan,
  origin,
  go,
}: {
  plan: PlanView;
  origin: PlanOrigin;
  go: (to: string) => void;
}): React.JSX.Element {
  return (
    <>
      <PlanTitle plan={plan} origin={origin} go={go} />
      <div className="plan-parts">
        <div className="plan-column">
          <PlanProofPart plan={plan} whole onBetter={(better) => go(`/plan/${better}`)} />
          <PlanCostTable plan={plan} />
        </div>
        <div className="plan-column">
          <PlanCheck planId={plan.id} proven={plan.bound !== null} />
          <PlanDoes plan={plan} />
          <PlanFigures plan={plan} />
          <PlanData plan={plan} origin={origin} />
        </div>
        <PlanCrews plan={plan} />
        <PlanLeftOutList plan={plan} />
      </div>
    </>
  );
}

function PlanTitle({ plan, origin, go }: { plan: PlanView; origin: PlanOrigin; go: (to: string) => void }): React.JSX.Element {
  const { t } = useTranslation();
  const zone = useZone();
  const city = useDeskState((state) => state.city?.title ?? null);
  const mayPublish = useDeskState((state) => may(state, 'plan.publish'));
  const state = stateOf(plan);
  const time = timeOfDay(plan.madeAt, zone);
  useEffect(() => {
    document.title = [t('planPage.titleOf', { time }), city, t('product')].filter((part) => part !== null).join(' - ');
  }, [t, time, city]);
  const { cheaperThan, reason } = origin;
  const because = reason !== null && reason in en.planPage.because ? reason : 'other';
  return (
    <header className="plan-title">
      <h1>
        {t('planPage.titleOf', { time })} <span className={`tag plan-state-${state}`}>{t(`planPage.state.${state}`)}</span>
      </h1>
      <p className="number">
        {t('planPage.number', {
          number: origin.number,
          of: origin.ofDay,
          day: dayText(`${plan.serviceDay}T12:00:00Z`, 'UTC'),
        })}
        {'. '}
        {t('planPage.made', { time })}
        {', '}
        {origin.requestedBy === null ? t('planPage.madeForServer') : t('planPage.madeFor', { who: origin.requestedBy })}
        {reason !== null && <> {t(`planPage.because.${because}`, { reason })}</>}
        {'. '}
        {plan.publishedAt === null
          ? t('planPage.notPublished')
          : t('planPage.published', { time: timeOfDay(plan.publishedAt, zone), who: origin.publishedBy ?? '–' })}
        {'.'}
      </p>
      {cheaperThan !== null && (
        <p>
          {t('planPage.cheaperThan')}{' '}
          <a
            href={`/plan/${cheaperThan}`}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              go(`/plan/${cheaperThan}`);
            }}
          >
            {t('planPage.cheaperThanLink')}
          </a>{' '}
          {t('planPage.cheaperThanRest')}.
        </p>
      )}
      {plan.state === 'draft' && mayPublish && (
        <p>
          <a className="button primary" href={`/?plan=${plan.id}`}>
            {t('planPage.decide')}
          </a>
        </p>
      )}
    </header>
  );
}

function PlanDoes({ plan }: { plan: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const { summary, changes, maxChanges } = plan;
  const late = plan.stops.filter(({ lateSeconds }) => lateSeconds > 59);
  return (
    <section className="part" aria-labelledby="plan-does">
      <h3 id="plan-does">{t('planPage.does')}</h3>
      <dl className="facts number">
        <dt>{t('planPage.jobs')}</dt>
        <dd>{t('planPage.jobsOf', { assigned: summary.assigned, jobs: summary.jobs })}</dd>
        <dt>{t('planPage.leftOut')}</dt>
        <dd>{summary.leftOut}</dd>
        <dt>{t('planPage.lateJobs')}</dt>
        <dd>
          {late.length}
          {late.length > 0 && <> · {minutesText(late.reduce((sum, { lateSeconds }) => sum + lateSeconds, 0) / 60)}</>}
        </dd>
        {changes !== null && (
          <>
            <dt>{t('planPage.changes')}</dt>
            <dd>{maxChanges === null ? changes : t('planPage.changesOf', { changes, most: maxChanges })}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
