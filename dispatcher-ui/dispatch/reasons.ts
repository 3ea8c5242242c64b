import type { TFunction } from 'i18next';
import { minutesText } from '../state/format.ts';
import { en } from '../words/en.ts';

/** Why something cannot be, as the engine says it. */
export interface Coded {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A rule's "no" in words: `reason` (or in a few words `reasonShort`) of a job that nobody can take, `blocked` of one crew. */
export function reasonText(t: TFunction, kind: 'reason' | 'reasonShort' | 'blocked', reason: Coded): string {
  const { code, params } = reason;
  const known = code in en[kind] ? code : 'other';
  const missing = Array.isArray(params['missing']) ? params['missing'].map(String).join(', ') : '';
  const time = (key: string): string => (typeof params[key] === 'number' ? minutesText(params[key] / 60) : '–');
  const most = typeof params['most'] === 'number' ? String(params['most']) : time('mostSeconds');
  return t(`${kind}.${known}`, { code, missing, needed: time('neededSeconds'), most });
}

/** Why a crew could not do it, or why work was taken off; a reason that somebody wrote stands as it is. */
export function causeText(t: TFunction, cause: string): string {
  return cause in en.cause ? t(`cause.${cause}`) : cause.replaceAll('_', ' ');
}
