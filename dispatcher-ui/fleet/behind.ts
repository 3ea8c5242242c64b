/** What a figure is made of, as the side panel opens it. */
export type Behind =
  | { readonly kind: 'jobs'; readonly title: string; readonly query: string; readonly say: JobFact }
  | { readonly kind: 'hour'; readonly hour: number; readonly from: string }
  | { readonly kind: 'crew'; readonly shiftId: string }
  | { readonly kind: 'kilometres' }
  | { readonly kind: 'plan'; readonly id: string };

/** What is said of each job in the list: what its figure is about. */
export type JobFact = 'ended' | 'late' | 'waits' | 'reached' | 'state';
