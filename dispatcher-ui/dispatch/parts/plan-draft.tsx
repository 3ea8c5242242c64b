import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { closeDraft, discardDraft, makePlan, openPlan, publishDraft } from '../../state/desk-planning.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { may, type Planning } from '../../state/desk-state.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { PlanCostTable } from './plan-cost.tsx';
import { PlanCurve } from './plan-curve.tsx';
import { PlanDifferences } from './plan-differences.tsx';
import { PlanFigures } from './plan-figures.tsx';
import { PlanProofPart } from './plan-proof.tsx';

/** A draft: what publishing it would change, what it costs, and the two ways to decide. */
export function PlanDraft({ draft, busy }: { draft: PlanView; busy: Planning['busy'] }): React.JSX.Element {
  const { t } = useTranslation();
  const desk = useDesk();
  const zone = useZone();
  const mayPublish = useDeskState((state) => may(state, 'plan.publish'));
  const { summary } = draft;
  const open = draft.state === 'draft';
  const stale = draft.stops.filter((stop) => stop.stale !== null && stop.change !== 'same').length;
  const changes = summary.added + summary.moved + summary.takenOff;
  return (
    <>
      <header className="drawer-head">
        <div className="drawer-title">
          <h2>{t('plan.draft', { time: timeOfDay(draft.madeAt, zone) })}</h2>
          <p className="muted number">{t('plan.assigned', { assigned: summary.assigned, jobs: summary.jobs })}</p>
        </div>
      </header>
      {!open && (
        <div className="callout callout-warning" role="status">
          <p>
            {t(
              draft.state === 'published'
                ? 'plan.publishedElsewhere'
                : draft.state === 'discarded'
                  ? 'plan.discarded'
                  : 'plan.superseded',
            )}
          </p>
          <div className="buttons">
            <button type="button" className="primary" onClick={() => void makePlan(desk)}>
              {t('plan.again')}
            </button>
            <button type="button" onClick={() => closeDraft(desk)}>
              {t('dispatch.close')}
            </button>
          </div>
        </div>
      )}
      <dl className="tiles number">
        <div>
          <dt>{t('plan.new')}</dt>
          <dd>{summary.added}</dd>
        </div>
        <div>
          <dt>{t('plan.moved')}</dt>
          <dd>{summary.moved}</dd>
        </div>
        <div>
          <dt>{t('plan.takenOff')}</dt>
          <dd>{summary.takenOff}</dd>
        </div>
        <div>
          <dt>{t('plan.notToday')}</dt>
          <dd>{summary.leftOut}</dd>
        </div>
      </dl>
      <ChangesCounted draft={draft} />
      <LateBeforeAfter draft={draft} />
      {open && changes === 0 && <p className="muted">{t('plan.nothingChanges')}</p>}
      {open && stale > 0 && <p className="callout callout-warning">{t('plan.stale', { count: stale })}</p>}
      {open && mayPublish && (
        <div className="decide">
          <button type="button" className="primary" disabled={busy !== null} onClick={() => void publishDraft(desk)}>
            {busy === 'publishing' ? t('plan.publishing') : t('plan.publish')}
          </button>
          <button type="button" disabled={busy !== null} onClick={() => void discardDraft(desk)}>
            {t('plan.discard')}
          </button>
          <button type="button" className="quiet" disabled={busy !== null} onClick={() => closeDraft(desk)}>
            {t('plan.later')}
          </button>
        </div>
      )}
      <PlanProofPart plan={draft} onBetter={(planId) => void openPlan(desk, planId)} />
      {open && <PlanCurve draft={draft} />}
      <PlanCostTable plan={draft} />
      <PlanDifferences draft={draft} />
      <PlanFigures plan={draft} />
    </>
  );
}

/** How many planned stops it changes, of how many it was allowed, and how many of them were nobody's choice. */
function ChangesCounted({ draft: { changes, forcedChanges, maxChanges } }: { draft: PlanView }): React.JSX.Element | null {
  const { t } = useTranslation();
  if (changes === null) return null;
  // What the plan in force would change by itself, a better plan may avoid.
  const forced = Math.min(changes, forcedChanges ?? 0);
  return (
    <p className="changes-counted number">
      <b>{maxChanges === null ? t('plan.changes', { count: changes }) : t('plan.changesOf', { changes, count: maxChanges })}</b>
      {forced > 0 && <span className="muted"> ({t('plan.forced', { count: forced })})</span>}
    </p>
  );
}

/** Two bars and two numbers: how many would be late now, and with the plan. */
function LateBeforeAfter({ draft }: { draft: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const { lateBefore, lateAfter, lateSecondsBefore, lateSecondsAfter } = draft.summary;
  const most = Math.max(lateSecondsBefore, lateSecondsAfter, 1);
  const line = (word: string, count: number, seconds: number): React.JSX.Element => (
    <div className="late-line">
      <span className="muted">{word}</span>
      <span className="late-bar">
        <span style={{ width: `${(seconds / most) * 100}%` }} />
      </span>
      <span className="number">
        <b>{count}</b> · {minutesText(seconds / 60)}
      </span>
    </div>
  );
  return (
    <section className="late" aria-label={t('plan.late')}>
      <h3>{t('plan.late')}</h3>
      {line(t('plan.lateNow'), lateBefore, lateSecondsBefore)}
      {line(t('plan.lateThen'), lateAfter, lateSecondsAfter)}
    </section>
  );
}
