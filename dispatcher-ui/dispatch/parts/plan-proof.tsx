import { useCallback, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanProof } from '../../../server/stages/planning/proving/contract.ts';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { lookAtBetter } from '../../state/desk-planning.ts';
import { may } from '../../state/desk-state.ts';
import { pointsText } from '../../state/plan-cost.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { proofMeans, refusalsText, relaxedText } from '../proof-text.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';
import './plan-proof.css';

/** Whether it is being worked on is told by nobody. */
const AGAIN_MS = 5_000;

interface PlanProofPartProps {
  readonly plan: PlanView;
  /** With the programme behind the bound, and what it does not count. */
  readonly whole?: boolean;
  /** Opens the draft that was made of a cheaper plan. */
  readonly onBetter: (planId: string) => void;
}

/** How far a plan can be from the best one at most, and what that means in words; nothing is claimed that was not checked. */
export function PlanProofPart({ plan, whole = false, onBetter }: PlanProofPartProps): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  // Told with the day's plans as soon as it is proven.
  const told = useDeskState(({ plans }) => plans.find(({ id }) => id === plan.id)?.bound ?? plan.bound);
  const read = useCallback((signal: AbortSignal) => desk.reads.proof(plan.id, signal), [desk, plan.id]);
  const [tick, setTick] = useState(0);
  const { value, failed, again } = useReading(`${plan.id} ${plan.state} ${told} ${tick}`, read);
  const waits = value?.state === 'waiting' || value?.state === 'working';
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setTick((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, [waits]);
  return (
    <section className="part proof" aria-labelledby={titleId} aria-live="polite">
      <h3 id={titleId}>
        {t('explain.proof.title')}
        {value !== null && <span className={`tag proof-${value.state}`}>{t(`explain.proof.state.${value.state}`)}</span>}
      </h3>
      {value === null && !failed && <SkeletonLines lines={2} />}
      {value === null && failed && <PartFailed onRetry={again} />}
      {value !== null && (
        <>
          <p className={value.state === 'refused' ? 'bad' : ''}>{proofMeans(t, value)}</p>
          {value.state === 'proven' && value.kind === 'arrivals' && <p className="muted">{t('explain.proof.weak')}</p>}
          <ProofFacts proof={value} whole={whole} />
          <Better plan={plan} proof={value} onBetter={onBetter} />
        </>
      )}
      {!whole && (
        <p className="proof-ways">
          <a className="button" href={`/plan/${plan.id}`} target="_blank" rel="noopener">
            {t('explain.proof.details')} <span className="visually-hidden">{t('plan.inNewTab')}</span>
          </a>
          <a className="button" href={`/api/plans/${plan.id}/document`} download>
            {t('explain.proof.export')}
          </a>
        </p>
      )}
    </section>
  );
}

function ProofFacts({ proof, whole }: { proof: PlanProof; whole: boolean }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { bound, gapPercent, kind, programme, relaxed } = proof;
  const proven = bound !== null && gapPercent !== null;
  if (!proven && (!whole || kind === null)) return null;
  return (
    <dl className="facts number">
      {proven && (
        <>
          <dt>{t('explain.proof.cost')}</dt>
          <dd>{pointsText(proof.cost)}</dd>
          <dt>{t('explain.proof.bound')}</dt>
          <dd>{pointsText(bound)}</dd>
          <dt>{t('explain.proof.gap')}</dt>
          <dd>{t('explain.proof.at_most', { gap: gapPercent.toFixed(1) })}</dd>
        </>
      )}
      {whole && kind !== null && (
        <>
          <dt>{t('explain.proof.how')}</dt>
          <dd>{t(`explain.proof.kind.${kind}`)}</dd>
          {programme !== null && programme.passes !== null && programme.routes !== null && (
            <>
              <dt>{t('explain.proof.programme')}</dt>
              <dd>
                {t('explain.proof.passes', { count: programme.passes })}, {t('explain.proof.routes', { count: programme.routes })}
                , {t('explain.proof.cuts', { count: programme.cuts })}
              </dd>
            </>
          )}
          <dt>{t('explain.proof.counted')}</dt>
          <dd>
            {relaxed.length === 0 ? (
              t('explain.proof.countedAll')
            ) : (
              <>
                {relaxedText(t, relaxed)} <span className="muted">{t('explain.proof.countedHint')}</span>
              </>
            )}
          </dd>
        </>
      )}
      {kind !== null && (
        <>
          <dt>{t('explain.proof.certificate')}</dt>
          <dd>
            {!whole && t(`explain.proof.kind.${kind}`)}{' '}
            {proven ? (
              <span className={whole ? '' : 'muted'}>
                {t('explain.proof.checked', { seconds: (proof.seconds ?? 0).toFixed(1) })}
              </span>
            ) : (
              <>
                {t('explain.proof.notChecked')} {t('explain.proof.refusals')}: {refusalsText(t, proof.refusals)}.
              </>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

/** A cheaper plan that came up on the way: of a draft it can be looked at, of any other it is only said. */
function Better({ plan, proof: { better }, onBetter }: Pick<PlanProofPartProps, 'plan' | 'onBetter'> & { proof: PlanProof }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const mayAsk = useDeskState((state) => may(state, 'plan.request'));
  const [busy, setBusy] = useState(false);
  if (better === null) return null;
  const words = { percent: better.cheaperPercent.toFixed(1) };
  if (!better.offered) return <p className="muted">{t('explain.proof.betterPast', words)}</p>;
  return (
    <div className="callout better">
      <p>{t('explain.proof.better', words)}</p>
      {mayAsk && (
        <button
          type="button"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void lookAtBetter(desk, plan.id, onBetter).finally(() => setBusy(false));
          }}
        >
          {t('explain.proof.betterLook')}
        </button>
      )}
    </div>
  );
}
