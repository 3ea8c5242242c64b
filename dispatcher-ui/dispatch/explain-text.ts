import type { TFunction } from 'i18next';
import type { Coded, FittingChangeView, Names } from '../../server/stages/explaining/contract.ts';
import { minutesText, timeOfDay } from '../state/format.ts';
import { drivingMinutes, pointsText } from '../state/plan-cost.ts';
import { en } from '../words/en.ts';

/** What sentences about a plan are made with. */
export interface Speech {
  readonly t: TFunction;
  readonly names: Names;
  readonly zone: string;
  /** What a minute of driving costs; 0: nothing. */
  readonly minuteCost: number;
}

/** A price in minutes of driving, without its sign; in points where driving costs nothing. */
export function priceText({ t, minuteCost }: Pick<Speech, 't' | 'minuteCost'>, points: number): string {
  const minutes = drivingMinutes(points, minuteCost);
  if (minutes === null) return t('explain.points', { points: pointsText(Math.abs(points)) });
  return minutes < 1 ? t('explain.underMinute') : t('explain.minutes', { time: minutesText(minutes) });
}

/** "+12 min", "−3 min", "0" in a table. */
export function signedPrice({ minuteCost }: Pick<Speech, 'minuteCost'>, points: number): string {
  const minutes = drivingMinutes(points, minuteCost);
  if (Math.round(points) === 0) return '0';
  const sign = points < 0 ? '−' : '+';
  if (minutes === null) return sign + pointsText(Math.abs(points));
  return minutes < 1 ? `${sign}<1 min` : sign + minutesText(minutes);
}

/** Against leaving the job out. */
export function gainText(speech: Speech, points: number): string {
  if (Math.round(points) === 0) return speech.t('explain.noMore');
  return speech.t(points < 0 ? 'explain.gain' : 'explain.more', { price: priceText(speech, points) });
}

const codeOf = ({ code, params }: Coded): string => (code === 'unlock' ? `unlock_${String(params['what'])}` : code);

/** "12 min overtime for Crew 7" */
export function changeText({ t, names, zone }: Speech, change: Coded): string {
  const { params } = change;
  const code = codeOf(change);
  const text = (key: string): string => (typeof params[key] === 'string' ? params[key] : '');
  return t(`explain.change.${code in en.explain.change ? code : 'other'}`, {
    code,
    crew: names.crews[text('shiftId')] ?? '–',
    minutes: typeof params['seconds'] === 'number' ? minutesText(Math.ceil(params['seconds'] / 60)) : '',
    names: Array.isArray(params['names']) ? params['names'].map(String).join(', ') : '',
    time: text('at') === '' ? '' : timeOfDay(text('at'), zone),
    more: typeof params['more'] === 'number' ? params['more'] : '',
    job: names.jobs[text('jobId')]?.number ?? '–',
  });
}

/** All of them: "skill asphalt for Crew 2 and 12 min overtime for Crew 2" */
export const changesText = (speech: Speech, { changes }: Pick<FittingChangeView, 'changes'>): string =>
  changes.map((one) => changeText(speech, one)).reduce((first, second) => speech.t('explain.and', { first, second }));

/** Who can make those that are no button at the desk, a sentence each. */
export function whoCan(t: TFunction, { changes }: Pick<FittingChangeView, 'changes'>): string[] {
  const codes = changes.map(codeOf).filter((code) => code in en.explain.who);
  return [...new Set(codes)].map((code) => t(`explain.who.${code}`));
}

/** What else becomes of it when the desk makes them, a sentence each. */
export function effectsText({ t, names }: Speech, { changes }: Pick<FittingChangeView, 'changes'>): string[] {
  return changes
    .filter(({ code }) => code in en.explain.effect)
    .map(({ code, params }) => t(`explain.effect.${code}`, { job: names.jobs[String(params['jobId'])]?.number ?? '–' }));
}
