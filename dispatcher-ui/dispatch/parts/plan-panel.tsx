import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { timeOfDay } from '../../state/format.ts';
import { makePlan, openPlan } from '../../state/desk-planning.ts';
import { may } from '../../state/desk-state.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { ChangeLimit } from './change-limit.tsx';
import { SkeletonLines } from './drawer-head.tsx';
import { PlanDraft } from './plan-draft.tsx';
import { PlanOutcome } from './plan-outcome.tsx';
import { PlanProgress } from './plan-progress.tsx';
import { PlansOfDay } from './plans-of-day.tsx';
import { Questions } from './questions.tsx';

/** The plan: ask for one, watch it being made, look at the draft, publish it; and what asks for the desk's eyes. */
export function PlanPanel(): React.JSX.Element {
  const { t } = useTranslation();
  const planning = useDeskState((state) => state.planning);
  const loading = useDeskState((state) => state.phase === 'loading' && state.jobs.size === 0);
  const panel = useRef<HTMLDivElement>(null);
  const shows = planning.draft !== null ? 'draft' : planning.request !== null ? 'progress' : 'ask';
  const shown = useRef(shows);
  useEffect(() => {
    if (shown.current === shows) return;
    shown.current = shows;
    // The button that was pressed is gone with what it was part of: the keyboard goes on from here, not from the page's top.
    if (document.activeElement === document.body) panel.current?.focus({ preventScroll: true });
  }, [shows]);
  return (
    <div className="drawer" ref={panel} tabIndex={-1}>
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
            <PlanProgress request={planning.request} unheard={planning.unheard} stopping={planning.stopping} />
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
      {planning.draft === null && !loading && <PlansOfDay />}
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
        <>
          <button
            type="button"
            className="primary wide"
            onClick={() => void makePlan(desk)}
            disabled={busy}
            aria-keyshortcuts="O"
          >
            {t('plan.make')} <kbd aria-hidden="true">O</kbd>
          </button>
          <ChangeLimit />
        </>
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
