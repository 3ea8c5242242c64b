import { useCallback, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanProof } from '../../../server/stages/explaining/contract.ts';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { pointsText } from '../../state/plan-cost.ts';
import { en } from '../../words/en.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';

/** Whether it is being worked on is told by nobody. */
const AGAIN_MS = 5_000;

/** How far a plan can be from the best one at most, and what that means in words; nothing is claimed that was not checked. */
export function PlanProofPart({ plan }: { plan: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  // Told with the day's plans as soon as it is proven.
  const told = useDeskState(({ plans }) => plans.find(({ id }) => id === plan.id)?.bound ?? plan.bound);
  const read = useCallback((signal: AbortSignal) => desk.reads.proof(plan.id, signal), [desk, plan.id]);
  const [tick, setTick] = useState(0);
  const { value, failed, again } = useReading(`${plan.id} ${told} ${tick}`, read);
  const waits = value?.state === 'none' || value?.state === 'working';
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setTick((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, [waits]);
  return (
    <section className="part proof" aria-labelledby={titleId} aria-live="polite">
      <h3 id={titleId}>{t('explain.proof.title')}</h3>
      {value === null && !failed && <SkeletonLines lines={2} />}
      {value === null && failed && <PartFailed onRetry={again} />}
      {value !== null && <Proof proof={value} />}
      <p>
        <a className="button" href={`/api/plans/${plan.id}/document`} download>
          {t('explain.proof.export')}
        </a>
      </p>
    </section>
  );
}

function Proof({ proof }: { proof: PlanProof }): React.JSX.Element {
  const { t } = useTranslation();
  const { bound, gapPercent, kind } = proof;
  if (bound === null || gapPercent === null || kind === null) {
    return <p className="muted">{t(`explain.proof.${proof.state === 'proven' ? 'none' : proof.state}`)}</p>;
  }
  const rules = proof.relaxed.map((rule) => (rule in en.explain.proof.relaxed ? t(`explain.proof.relaxed.${rule}`) : rule));
  const words = { gap: gapPercent.toFixed(1), rules: rules.join(', ') };
  const means = rules.length === 0 ? t('explain.proof.means', words) : t('explain.proof.meansEven', words);
  return (
    <>
      <p>{gapPercent === 0 ? t('explain.proof.best') : means}</p>
      <dl className="facts number">
        <dt>{t('explain.proof.cost')}</dt>
        <dd>{pointsText(proof.cost)}</dd>
        <dt>{t('explain.proof.bound')}</dt>
        <dd>{pointsText(bound)}</dd>
        <dt>{t('explain.proof.gap')}</dt>
        <dd>{t('explain.proof.at_most', { gap: gapPercent.toFixed(1) })}</dd>
        <dt>{t('explain.proof.certificate')}</dt>
        <dd>
          {t(`explain.proof.kind.${kind}`)}{' '}
          <span className="muted">{t('explain.proof.checked', { seconds: (proof.seconds ?? 0).toFixed(1) })}</span>
        </dd>
      </dl>
    </>
  );
}
