import { useCallback, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlternativeView, JobWhy, Why } from '../../../server/stages/explaining/contract.ts';
import type { PlanView } from '../../../server/stores/plans/contract.ts';
import { holders, isOver, type DeskJob } from '../../state/desk-job.ts';
import { minutesText, timeOfDay } from '../../state/format.ts';
import { useDesk, useDeskState, useZone } from '../desk-context.ts';
import { priceText, signedPrice, type Speech } from '../explain-text.ts';
import { reasonText } from '../reasons.ts';
import { useReading } from '../use-reading.ts';
import { PartFailed, SkeletonLines } from './drawer-head.tsx';
import { LeftOut } from './fitting-changes.tsx';
import './explained.css';

const SHOWN = 5;
const STAYED_MS = 2_500;

/** Why the job is with its crew, or with nobody, by the draft that is looked at or the plan in force. */
export function Explained({ job }: { job: DeskJob }): React.JSX.Element | null {
  const draft = useDeskState(({ planning }) => (planning.draft?.state === 'draft' ? planning.draft : null));
  const inForce = useDeskState((state) => state.inForce);
  const held = holders(job);
  const free = job.slots.findIndex((_, i) => !held.some(({ slot }) => slot === i));
  const slot = free === -1 ? (held[0]?.slot ?? 0) : free;
  const plan = [draft, inForce].find((one) => one !== null && speaksOf(one, job.id, slot)) ?? null;
  // What the desk has set aside is in no plan any more.
  if (isOver(job) || job.state === 'on_hold' || job.state === 'draft' || plan === null) return null;
  return <ExplainedBy key={`${plan.id} ${job.id} ${slot}`} job={job} slot={slot} plan={plan} />;
}

const speaksOf = ({ stops, leftOut }: PlanView, jobId: string, slot: number): boolean =>
  [...stops, ...leftOut].some((one) => one.jobId === jobId && one.slot === slot);

function ExplainedBy({ job, slot, plan }: { job: DeskJob; slot: number; plan: PlanView }): React.JSX.Element {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const zone = useZone();
  const minuteCost = useDeskState((state) => state.city?.drivingMinuteCost ?? 0);
  const read = useCallback((signal: AbortSignal) => desk.reads.why(plan.id, job.id, slot, signal), [desk, plan.id, job.id, slot]);
  const { value, failed, again } = useReading(plan.id, read);
  const stop = plan.stops.find((one) => one.jobId === job.id && one.slot === slot);
  const crew = useDeskState((state) => (stop === undefined ? null : (state.shifts.get(stop.shiftId)?.crewName ?? '–')));
  const left = plan.leftOut.find((one) => one.jobId === job.id && one.slot === slot);
  return (
    <section className="part explained" aria-labelledby={titleId}>
      <h3 id={titleId}>
        {crew === null ? t('explain.whyNobody') : t('explain.whyCrew', { crew })}{' '}
        <span className="muted number">
          {t(plan.state === 'draft' ? 'explain.ofDraft' : 'explain.ofPlan', { time: timeOfDay(plan.madeAt, zone) })}
        </span>
      </h3>
      {left !== undefined && <p>{reasonText(t, 'reason', left.reason)}</p>}
      {value === null && !failed && (
        <div role="status" aria-label={t('explain.reading')}>
          <SkeletonLines lines={3} />
        </div>
      )}
      {value === null && failed && <PartFailed onRetry={again} />}
      {value !== null && (
        <Answer job={job} slot={slot} said={value} speech={{ t, names: value.names, zone, minuteCost }} plan={plan} />
      )}
    </section>
  );
}

interface AnswerProps {
  readonly job: DeskJob;
  readonly slot: number;
  readonly said: JobWhy;
  readonly speech: Speech;
  readonly plan: PlanView;
}

function Answer({ job, slot, said, speech, plan }: AnswerProps): React.JSX.Element | null {
  const { why } = said;
  switch (why.answer) {
    case 'placed':
      return (
        <>
          <Placed why={why} speech={speech} />
          {why.alternatives[0] !== undefined && (
            <RefinedPrice
              key={why.alternatives[0].shiftId}
              planId={said.planId}
              why={why}
              best={why.alternatives[0]}
              speech={speech}
            />
          )}
        </>
      );
    case 'fixed':
      return <p>{speech.t('explain.fixed', { crew: speech.names.crews[why.shiftId] ?? '–' })}</p>;
    case 'left_out':
      return <LeftOut job={job} slot={slot} why={why} speech={speech} plan={plan} />;
    case 'not_asked':
      return null;
    default:
      return why satisfies never;
  }
}

function Placed({ why, speech }: { why: Extract<Why, { answer: 'placed' }>; speech: Speech }): React.JSX.Element {
  const { t, names } = speech;
  const [all, setAll] = useState(false);
  const { alternatives, blocked } = why;
  const [best] = alternatives;
  const crew = names.crews[why.shiftId] ?? '–';
  const sentence = (): string => {
    if (best === undefined) return t('explain.only');
    const words = { crew, other: names.crews[best.shiftId] ?? '–', price: priceText(speech, best.price) };
    if (Math.round(best.price) === 0) return t('explain.same', words);
    return t(best.price > 0 ? 'explain.dearer' : 'explain.cheaper', words);
  };
  return (
    <>
      <p>{sentence()}</p>
      {alternatives.length > 0 && (
        <table className="explained-table number">
          <caption className="visually-hidden">{t('explain.others')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('explain.crew')}</th>
              <th scope="col" title={t('explain.priceHint')}>
                {t('explain.price')}
              </th>
              <th scope="col">{t('explain.effects')}</th>
            </tr>
          </thead>
          <tbody>
            {(all ? alternatives : alternatives.slice(0, SHOWN)).map((one) => (
              <AlternativeRow key={one.shiftId} one={one} speech={speech} />
            ))}
          </tbody>
        </table>
      )}
      {!all && alternatives.length > SHOWN && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('explain.all', { count: alternatives.length })}
        </button>
      )}
      {blocked.length > 0 && (
        <details className="unable">
          <summary>{t('explain.blocked', { count: blocked.length })}</summary>
          <ul>
            {blocked.map(({ shiftId, reason }) => (
              <li key={shiftId}>
                <span>{names.crews[shiftId] ?? '–'}</span>
                <span className="muted">{reasonText(t, 'blocked', reason)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="muted explained-note">{t('explain.priceHint')}</p>
    </>
  );
}

interface RefinedPriceProps {
  readonly planId: string;
  readonly why: Extract<Why, { answer: 'placed' }>;
  readonly best: AlternativeView;
  readonly speech: Speech;
}

/** Who stays on a job wants to know it better: the next best crew is priced again by a search of two seconds. */
function RefinedPrice({ planId, why, best, speech }: RefinedPriceProps): React.JSX.Element | null {
  const { t, names } = speech;
  const desk = useDesk();
  const { jobId, slot } = why;
  const { shiftId } = best;
  const read = useCallback(
    async (signal: AbortSignal) => {
      await stay(signal);
      // What is refused (work that was sent meanwhile, say) is no failure worth a word: the quick price stands.
      return desk.reads.refined(planId, jobId, slot, shiftId, signal).catch(() => null);
    },
    [desk, planId, jobId, slot, shiftId],
  );
  const { value } = useReading(shiftId, read);
  if (value === null) return null;
  const crew = names.crews[shiftId] ?? '–';
  return (
    <p className="muted explained-note" role="status">
      {value.answer === 'impossible'
        ? reasonText(t, 'blocked', value.reason)
        : value.price <= 0
          ? t('explain.refinedNone', { crew })
          : t('explain.refined', { crew, price: priceText(speech, value.price) })}
    </p>
  );
}

/** Done when the dispatcher has stayed so long; rejects when they have gone on. */
const stay = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, STAYED_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('gone on', 'AbortError'));
    });
  });

function AlternativeRow({ one, speech }: { one: AlternativeView; speech: Speech }): React.JSX.Element {
  const { t, names, zone } = speech;
  const numberOf = (jobId: string): string => String(names.jobs[jobId]?.number ?? '–');
  const slips = one.slips.filter(({ seconds }) => seconds > 59);
  const effects = [
    one.lateSeconds > 59 ? t('explain.late', { time: minutesText(one.lateSeconds / 60) }) : t('explain.inTime'),
    ...(slips.length === 0
      ? []
      : [
          t('explain.slips', {
            count: slips.length,
            jobs: slips.map(({ jobId }) => numberOf(jobId)).join(', '),
            time: minutesText(Math.max(...slips.map(({ seconds }) => seconds)) / 60),
          }),
        ]),
    ...one.moved.map(({ jobId, shiftId }) => t('explain.moved', { jobs: numberOf(jobId), crew: names.crews[shiftId] ?? '–' })),
    ...(one.leftOut.length === 0
      ? []
      : [t('explain.leftOut', { jobs: one.leftOut.map(({ jobId }) => numberOf(jobId)).join(', ') })]),
  ];
  return (
    <tr>
      <th scope="row">
        {names.crews[one.shiftId] ?? '–'}
        <small className="muted">{t('explain.starts', { time: timeOfDay(one.start, zone) })}</small>
      </th>
      <td className={one.price < 0 ? 'good' : ''}>{signedPrice(speech, one.price)}</td>
      <td className={one.lateSeconds > 59 ? 'bad' : 'muted'}>{effects.join(', ')}</td>
    </tr>
  );
}
