import { useTranslation } from 'react-i18next';
import type { PlanRequest } from '../../../server/stores/plans/contract.ts';
import { timeOfDay } from '../../state/format.ts';
import { cancelPlan, makePlan, openPlan } from '../../state/desk-planning.ts';
import { may } from '../../state/desk-state.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { SkeletonLines } from './drawer-head.tsx';
import { PlanDraft } from './plan-draft.tsx';
import { PlanOutcome } from './plan-outcome.tsx';
import { Questions } from './questions.tsx';

/** The plan: ask for one, watch it being made, look at the draft, publish it; and what asks for the desk's eyes. */
export function PlanPanel(): React.JSX.Element {
  const { t } = useTranslation();
  const planning = useDeskState((state) => state.planning);
  const loading = useDeskState((state) => state.phase === 'loading' && state.jobs.size === 0);
  return (
    <div className="drawer">
      {planning.draft !== null ? (
        <PlanDraft draft={planning.draft} busy={planning.busy} />
      ) : (
        <>
          <header className="drawer-head">
            <div className="drawer-title">
              <h2>{t('plan.title')}</h2>
            </div>
          </header>
          {loading ? (
            <SkeletonLines lines={4} />
          ) : planning.request !== null ? (
            <Progress request={planning.request} />
          ) : (
            <AskForPlan />
          )}
          {planning.failure !== null && (
            <p className="callout callout-danger" role="alert">
              <b>{t('error.title')}</b> {planning.failure}
            </p>
          )}
          {planning.outcome !== null && <PlanOutcome {...planning.outcome} />}
        </>
      )}
      <Questions />
    </div>
  );
}

function AskForPlan(): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const busy = useDeskState((state) => state.planning.busy !== null);
  const mayAsk = useDeskState((state) => may(state, 'plan.request'));
  const inForce = useDeskState((state) => state.inForce);
  const outcome = useDeskState((state) => state.planning.outcome !== null);
  const waiting = useDeskState(({ plans }) => plans.find(({ state }) => state === 'draft'));
  return (
    <>
      {mayAsk && (
        <button type="button" className="primary wide" onClick={() => void makePlan(desk)} disabled={busy} aria-keyshortcuts="O">
          {t('plan.make')} <kbd aria-hidden="true">O</kbd>
        </button>
      )}
      {!outcome && (
        <p className="muted">
          {t('plan.intro')}{' '}
          {inForce === null || inForce.publishedAt === null
            ? t('plan.lastNone')
            : t('plan.lastPublished', { time: timeOfDay(inForce.publishedAt, zone) })}
        </p>
      )}
      {waiting !== undefined && (
        <p className="callout">
          {t('plan.draftWaits', { time: timeOfDay(waiting.madeAt, zone) })}{' '}
          <button type="button" disabled={busy} onClick={() => void openPlan(desk, waiting.id)}>
            {t('plan.draftOpen')}
          </button>
        </p>
      )}
    </>
  );
}

const PHASES = ['waiting', 'reading', 'roads', 'solving', 'storing'] as const;

function Progress({ request }: { request: PlanRequest }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const phase = request.progress?.phase ?? 'waiting';
  const at = PHASES.indexOf(phase);
  const share = (at + (request.progress?.share ?? 0.5)) / PHASES.length;
  const best = request.progress?.bestCost ?? null;
  return (
    <div className="progress" role="status">
      <p>
        <b>{t('plan.making')}</b>
      </p>
      <progress value={share} max={1} aria-label={t('plan.making')} />
      <p className="muted number">
        {t(`plan.phase.${phase}`)}
        {best !== null && ` · ${t('plan.best', { cost: Math.round(best).toLocaleString('en') })}`}
      </p>
      <button type="button" onClick={() => void cancelPlan(desk)}>
        {t('plan.cancel')}
      </button>
    </div>
  );
}
