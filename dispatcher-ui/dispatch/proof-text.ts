import type { TFunction } from 'i18next';
import type { PlanProof } from '../../server/stages/planning/proving/contract.ts';
import { en } from '../words/en.ts';

/** What is proven of a plan in one sentence, or why nothing is. */
export function proofMeans(t: TFunction, { state, why, gapPercent, relaxed }: PlanProof): string {
  switch (state) {
    case 'proven': {
      if (gapPercent === 0) return t('explain.proof.best');
      const words = { gap: (gapPercent ?? 0).toFixed(1), rules: relaxedText(t, relaxed) };
      return relaxed.length === 0 ? t('explain.proof.means', words) : t('explain.proof.meansEven', words);
    }
    case 'not_proven':
      return t(`explain.proof.not_proven.${why ?? 'failed'}`);
    case 'waiting':
    case 'working':
    case 'not_checked':
    case 'refused':
      return t(`explain.proof.${state}`);
    default:
      return state satisfies never;
  }
}

/** "breaks, meetings of crews": rules and prices that a bound does not count. */
export const relaxedText = (t: TFunction, relaxed: readonly string[]): string =>
  relaxed.map((rule) => (rule in en.explain.proof.relaxed ? t(`explain.proof.relaxed.${rule}`) : rule)).join(', ');

/** What the verifier said against a certificate. */
export const refusalsText = (t: TFunction, codes: readonly string[]): string =>
  codes.length === 0
    ? '–'
    : codes.map((code) => t(`explain.proof.refusal.${code in en.explain.proof.refusal ? code : 'other'}`, { code })).join(', ');
