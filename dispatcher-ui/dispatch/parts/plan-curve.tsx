import { useCallback, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { keepMaxChanges } from '../../state/change-limit.ts';
import { makePlan } from '../../state/desk-planning.ts';
import { may } from '../../state/desk-state.ts';
import { minutesText } from '../../state/format.ts';
import { pointsText } from '../../state/plan-cost.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';
import './explained.css';

/** What the day would be like if fewer planned stops changed; read when somebody asks, since it takes seconds. */
export function PlanCurve({ draft }: { draft: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className="part unable" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('explain.curve.read')}</summary>
      {open && <Curve draft={draft} />}
    </details>
  );
}

function Curve({ draft }: { draft: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const mayAsk = useDeskState((state) => may(state, 'plan.request'));
  const busy = useDeskState(({ planning }) => planning.busy !== null);
  const read = useCallback((signal: AbortSignal) => desk.reads.curve(draft.id, signal), [desk, draft.id]);
  const { value, failed, again } = useReading(draft.id, read);
  // A limit that allows more and gains nothing is no choice.
  const points = value?.points.filter(({ cost }, i, all) => i === 0 || cost < (all[i - 1]?.cost ?? Infinity)) ?? [];
  const limitText = (moves: number | null): string =>
    moves === null ? t('explain.curve.any') : moves === 0 ? t('explain.curve.none') : t('explain.curve.most', { count: moves });
  return (
    <section aria-labelledby={titleId} className="explained">
      <h3 id={titleId} className="visually-hidden">
        {t('explain.curve.title')}
      </h3>
      {value === null && !failed && (
        <div role="status">
          <p className="muted">{t('explain.curve.reading')}</p>
          <SkeletonLines lines={4} />
        </div>
      )}
      {value === null && failed && <PartFailed onRetry={again} />}
      {value !== null && (
        <>
          <p className="muted explained-note">{t('explain.curve.hint')}</p>
          <table className="explained-table number">
            <thead>
              <tr>
                <th scope="col">{t('explain.curve.limit')}</th>
                <th scope="col">{t('explain.curve.cost')}</th>
                <th scope="col">{t('explain.curve.late')}</th>
                <th scope="col">{t('explain.curve.left')}</th>
                {mayAsk && (
                  <th scope="col">
                    <span className="visually-hidden">{t('explain.curve.choose')}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {points.map(({ moves, cost, late, lateSeconds, unserved }) => (
                <tr key={String(moves)}>
                  <th scope="row">{limitText(moves)}</th>
                  <td>{pointsText(cost)}</td>
                  <td>{late === 0 ? '0' : t('explain.curve.lateText', { count: late, time: minutesText(lateSeconds / 60) })}</td>
                  <td>{unserved}</td>
                  {mayAsk && (
                    <td>
                      <button
                        type="button"
                        disabled={busy}
                        onClick={() => {
                          keepMaxChanges(desk.store, moves);
                          void makePlan(desk);
                        }}
                      >
                        {t('explain.curve.choose')}{' '}
                        <span className="visually-hidden">{t('explain.curve.chooseLong', { limit: limitText(moves) })}</span>
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
          {points.length === 1 && <p className="muted explained-note">{t('explain.curve.flat')}</p>}
        </>
      )}
    </section>
  );
}
