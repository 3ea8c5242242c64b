import type { Certificate } from '../../../../routing/certificate.ts';
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
      /** Why it has not, as codes. */
      readonly refusals: readonly string[];
      /** Of the bound and of checking it. */
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };
