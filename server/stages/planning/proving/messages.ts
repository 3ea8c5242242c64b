import type { Certificate } from '../../../../routing/certificate.ts';
import type { Plan } from '../../../../routing/plan.ts';
import type { StoredPlan } from '../asking/messages.ts';

export interface ProveOrder {
  readonly stored: StoredPlan;
  /** For the bound; checking it comes on top. */
  readonly millis: number;
}

export type ProveAnswer =
  | {
      readonly kind: 'proven';
      readonly certificate: Certificate;
      /** Separate code has accepted it. */
      readonly verified: boolean;
      /** Why it has not, as codes; of what could not be shown, why not. */
      readonly refusals: readonly string[];
      /** How often every route was priced, and how many routes the programme came to hold. */
      readonly passes: number;
      readonly routes: number;
      /** A cheaper plan of the same problem that came up and keeps every rule; null: none. */
      readonly better: Plan | null;
      /** Of the bound and of checking it. */
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };
