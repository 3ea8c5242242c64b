import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FittingChangeView, Why } from '../../../server/stages/explaining/contract.ts';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { byAcceptability, canMake } from '../../state/acceptability.ts';
import { keepMaxChanges } from '../../state/change-limit.ts';
import type { DeskJob } from '../../state/desk-job.ts';
import { makePlan } from '../../state/desk-planning.ts';
import { may } from '../../state/desk-state.ts';
import { timeOfDay } from '../../state/format.ts';
import { makeChange } from '../../state/make-change.ts';
import { useDesk, useDeskState } from '../desk-context.ts';
import { changesText, effectsText, gainText, priceText, signedPrice, whoCan, type Speech } from '../explain-text.ts';
import { reasonText } from '../reasons.ts';
import './explained.css';

const SHOWN = 4;

interface LeftOutProps {
  readonly job: DeskJob;
  readonly slot: number;
  readonly why: Extract<Why, { answer: 'left_out' }>;
  readonly speech: Speech;
  readonly plan: PlanView;
}

/** What would fit a job that a plan left out: what the desk can decide first, each with its price; then every crew's "no". */
export function LeftOut({ job, slot, why, speech, plan }: LeftOutProps): React.JSX.Element {
  const { t, names } = speech;
  const { changes, shifts } = why;
  const [all, setAll] = useState(false);
  if (changes.length === 0) return <p>{t('explain.fitsNever')}</p>;
  const shown = byAcceptability(changes).slice(0, all ? changes.length : SHOWN);
  return (
    <>
      <h4>{t('explain.changes')}</h4>
      <ul className="cards">
        {shown.map((one, i) => (
          <Fitting
            key={`${one.shiftId} ${changesText(speech, one)}`}
            job={job}
            slot={slot}
            fitting={one}
            speech={speech}
            plan={plan}
            first={i === 0}
          />
        ))}
      </ul>
      {shown.length < changes.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('explain.all', { count: changes.length })}
        </button>
      )}
      {shown.length > 1 && <p className="muted explained-note">{t('explain.orderHint')}</p>}
      <details className="unable">
        <summary>{t('explain.others')}</summary>
        <ul>
          {shifts.map(({ shiftId, blockedBy, price }) => (
            <li key={shiftId}>
              <span>{names.crews[shiftId] ?? '–'}</span>
              <span className="muted">
                {blockedBy === null
                  ? t('explain.possible', { price: priceText(speech, price ?? 0) })
                  : reasonText(t, 'blocked', blockedBy)}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

interface FittingProps extends Omit<LeftOutProps, 'why'> {
  readonly fitting: FittingChangeView;
  readonly first: boolean;
}

/** What a button can do about a change here: make it, or have a plan made that may. */
function wayOf({ changes }: FittingChangeView, job: DeskJob, plan: PlanView): 'make' | 'replan' | null {
  // Of a draft nothing is in force yet: it is decided as a whole, or made anew.
  if (plan.state === 'draft') return changes.every(({ code }) => code === 'more_changes') ? 'replan' : null;
  return canMake({ changes }) && (job.state === 'ready' || job.state === 'planned') ? 'make' : null;
}

/** The limit under which the job would have fitted. */
function limitWith({ changes }: FittingChangeView, { maxChanges, forcedChanges }: PlanView): number {
  const more = changes.reduce((sum, { params }) => sum + (typeof params['more'] === 'number' ? params['more'] : 0), 0);
  return Math.max(maxChanges ?? 0, forcedChanges ?? 0) + more;
}

/** One change that would fit the job, its price, and the button that makes it, or who can. */
function Fitting({ job, slot, fitting, speech, plan, first }: FittingProps): React.JSX.Element {
  const { t } = useTranslation();
  const { names, zone } = speech;
  const desk = useDesk();
  const mayChange = useDeskState((state) => may(state, 'assignment.change'));
  const mayAsk = useDeskState((state) => may(state, 'plan.request'));
  const [busy, setBusy] = useState(false);
  const change = changesText(speech, fitting);
  const crew = names.crews[fitting.shiftId] ?? '–';
  const time = timeOfDay(fitting.start, zone);
  const price = gainText(speech, fitting.price);
  const way = wayOf(fitting, job, plan);
  const sentences = way === 'make' ? effectsText(speech, fitting) : way === null ? whoCan(t, fitting) : [];
  const act = (): void => {
    if (way === 'replan') {
      keepMaxChanges(desk.store, limitWith(fitting, plan));
      void makePlan(desk);
      return;
    }
    setBusy(true);
    const why = t('explain.why', { change }).slice(0, 200);
    void makeChange(desk, { job, slot, fitting, why }).finally(() => setBusy(false));
  };
  return (
    <li className="card fitting">
      <div>
        <b>{change}</b>
        <p className="muted number">
          <span className="fact">{t('explain.thenCrew', { crew, time })}</span>
          <span className="fact">{price}</span>
        </p>
        {sentences.map((sentence) => (
          <p className="muted" key={sentence}>
            {sentence}
          </p>
        ))}
      </div>
      {((way === 'make' && mayChange) || (way === 'replan' && mayAsk)) && (
        <button type="button" className={first ? 'primary' : ''} disabled={busy} onClick={act}>
          {way === 'replan'
            ? t('explain.replan', { count: limitWith(fitting, plan) })
            : t('explain.make', { price: signedPrice(speech, fitting.price) })}
          <span className="visually-hidden">{t('explain.makeLong', { change, crew, time, price })}</span>
        </button>
      )}
    </li>
  );
}
