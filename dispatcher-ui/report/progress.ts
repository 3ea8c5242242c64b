import type { PublicCase } from '../../server/stores/cases/contract.ts';

export type StepLook = 'done' | 'now' | 'todo' | 'warn';

export interface ProgressStep {
  /** A word, as a key. */
  readonly word: string;
  readonly look: StepLook;
  readonly at: string | null;
}

/** A report's progress as its reporter is shown it. */
export interface Progress {
  /** Words, as keys: the truth in one sentence, and what it means. */
  readonly headline: string;
  readonly meaning: string | null;
  readonly tone: 'calm' | 'good' | 'warn';
  readonly steps: readonly ProgressStep[];
  /** It should have been done before this time and is not. */
  readonly lateSince: string | null;
  /** What somebody can do who sees that it is not so. */
  readonly advice: 'again' | 'ask' | null;
}

/** What to show of a case. Pure: everything follows from what the server answered. */
export function progressOf(report: PublicCase): Progress {
  const { state, beingConfirmed, dueAt, asOf, closedAt } = report;
  const late = closedAt === null && dueAt !== null && dueAt < asOf && state !== 'on_hold' ? dueAt : null;
  return { ...said(report), steps: stepsOf(report), lateSince: late, advice: adviceOf(state, beingConfirmed) };
}

function said(report: PublicCase): Pick<Progress, 'headline' | 'meaning' | 'tone'> {
  const { state } = report;
  const headline = `report.state.${state}`;
  const meaning = `report.meaning.${state}`;
  switch (state) {
    case 'received':
      if (report.placeQuality === 'outside_city') return { headline, meaning: 'report.meaning.outside', tone: 'warn' };
      if (report.placeQuality !== 'on_road') return { headline, meaning: 'report.meaning.offRoad', tone: 'warn' };
      return { headline, meaning, tone: 'calm' };
    case 'triaged':
    case 'scheduled':
    case 'reopened':
      return { headline, meaning, tone: 'calm' };
    case 'in_progress':
      return report.crewOnTheWay
        ? { headline: 'report.onTheWay', meaning: null, tone: 'good' }
        : { headline, meaning: null, tone: 'good' };
    case 'resolved':
      if (report.beingConfirmed)
        return { headline: 'report.beingConfirmed', meaning: 'report.meaning.beingConfirmed', tone: 'calm' };
      return { headline, meaning, tone: 'good' };
    case 'duplicate':
    case 'referred':
    case 'no_action':
    case 'cancelled':
      return { headline, meaning, tone: 'calm' };
    case 'on_hold':
    case 'resolved_unverified':
      return { headline, meaning, tone: 'warn' };
    default:
      return state satisfies never;
  }
}

function stepsOf(report: PublicCase): ProgressStep[] {
  const { state, reportedAt, closedAt } = report;
  const last = (message: string): string | null => report.messages.findLast((said) => said.message === message)?.at ?? null;
  const received: ProgressStep = { word: 'report.step.received', look: 'done', at: reportedAt };
  const planned = last('notice.scheduled');
  const begun = last('notice.in_progress');
  const steps = (crew: StepLook, work: StepLook, end: ProgressStep): ProgressStep[] => [
    received,
    { word: 'report.step.planned', look: crew, at: crew === 'todo' ? null : planned },
    {
      word:
        work === 'done'
          ? 'report.step.wasThere'
          : work === 'now' && !report.crewOnTheWay
            ? 'report.step.atWork'
            : 'report.step.onTheWay',
      look: work,
      at: work === 'todo' ? null : begun,
    },
    end,
  ];
  const open: ProgressStep = { word: 'report.step.fixed', look: 'todo', at: null };
  switch (state) {
    case 'received':
    case 'triaged':
    case 'reopened':
      return steps('todo', 'todo', open).map((step, i) => (i === 0 ? { ...step, look: 'now' } : step));
    case 'scheduled':
      return steps('now', 'todo', open);
    case 'in_progress':
      return steps('done', 'now', open);
    case 'on_hold':
      return [received, { word: 'report.step.held', look: 'warn', at: last('notice.on_hold') }, open];
    case 'resolved':
      // That a crew was there is ticked only once it is known.
      return report.beingConfirmed
        ? [
            received,
            { word: 'report.step.planned', look: 'done', at: planned },
            { word: 'report.step.confirming', look: 'now', at: closedAt },
          ]
        : steps('done', 'done', { word: 'report.step.fixed', look: 'done', at: closedAt });
    case 'resolved_unverified':
      return [
        received,
        { word: 'report.step.planned', look: 'done', at: planned },
        { word: 'report.step.unconfirmed', look: 'warn', at: closedAt },
      ];
    case 'duplicate':
    case 'referred':
    case 'no_action':
    case 'cancelled':
      return [received, { word: `report.step.${state}`, look: 'done', at: closedAt }];
    default:
      return state satisfies never;
  }
}

function adviceOf(state: PublicCase['state'], beingConfirmed: boolean): Progress['advice'] {
  if (state === 'resolved' || state === 'resolved_unverified') return beingConfirmed ? null : 'again';
  return state === 'no_action' || state === 'referred' || state === 'cancelled' || state === 'duplicate' ? 'ask' : null;
}
