import { createStore } from 'zustand/vanilla';
import type { LonLat } from '../../routing/units.ts';
import type { CaseReceipt, PlaceQuality, ReportCase } from '../../server/stores/cases/contract.ts';

/** What has been sent and not been answered yet. */
export interface Pending {
  /** Made once; whatever arrives under it is one case. */
  readonly key: string;
  readonly body: ReportCase;
}

/** A report as far as it has got. Nothing of it leaves the browser before it is sent. */
export interface Draft {
  readonly place: LonLat | null;
  readonly placeText: string | null;
  /** Null: not asked yet. */
  readonly placeQuality: PlaceQuality | null;
  readonly serviceType: string | null;
  readonly near: 'same' | 'another' | null;
  readonly words: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly pending: Pending | null;
  readonly receipt: CaseReceipt | null;
}

export const EMPTY_DRAFT: Draft = {
  place: null,
  placeText: null,
  placeQuality: null,
  serviceType: null,
  near: null,
  words: '',
  name: '',
  email: '',
  phone: '',
  pending: null,
  receipt: null,
};

export const STEPS = ['where', 'what', 'near', 'details', 'sent'] as const;
export type Step = (typeof STEPS)[number];

/** The step somebody may be at: the one asked for, or the first that lacks what the later ones need. */
export function stepOf(draft: Draft, wanted: string): Step {
  if (draft.receipt !== null) return 'sent';
  if (draft.pending !== null) return 'details';
  const step = STEPS.find((one) => one === wanted) ?? 'where';
  if (step === 'where' || draft.place === null) return 'where';
  if (step === 'what' || draft.serviceType === null) return 'what';
  return step === 'near' ? 'near' : 'details';
}

/** What is wrong with what was typed, by field, as keys of words; empty when it can be sent. */
export function faultsOf(draft: Pick<Draft, 'email' | 'words' | 'phone' | 'name'>): Partial<Record<FieldName, string>> {
  const email = draft.email.trim();
  return {
    ...(email === '' || /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(email) ? {} : { email: 'report.fault.email' }),
    ...(draft.words.length > MOST_WORDS ? { words: 'report.fault.words' } : {}),
  };
}
export type FieldName = 'words' | 'name' | 'email' | 'phone';
export const MOST_WORDS = 4_000;

const sixDigits = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** What is sent of it; throws when it is not complete. */
export function bodyOf(draft: Draft): ReportCase {
  if (draft.place === null || draft.serviceType === null) throw new Error('a report without a place or a kind is not sent');
  const [words, name, email, phone] = [draft.words, draft.name, draft.email, draft.phone].map((text) => text.trim());
  const contact = { ...(name ? { name } : {}), ...(email ? { email } : {}), ...(phone ? { phone } : {}) };
  return {
    serviceType: draft.serviceType,
    place: { lon: sixDigits(draft.place.lon), lat: sixDigits(draft.place.lat) },
    ...(draft.near === null ? {} : { near: draft.near }),
    ...(words ? { words } : {}),
    ...(Object.keys(contact).length > 0 ? { contact } : {}),
  };
}

const KEY = 'thuma.report';

/** What the tab kept; anything else that lies there is an empty draft. */
export function readDraft(kept: string | null): Draft {
  try {
    const found: unknown = JSON.parse(kept ?? 'null');
    return typeof found === 'object' && found !== null ? { ...EMPTY_DRAFT, ...found } : EMPTY_DRAFT;
  } catch {
    return EMPTY_DRAFT;
  }
}

/** The draft of this tab: kept over a reload, gone with the tab (the next person at a shared computer sees nothing). */
export function openDraft(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  const store = createStore<Draft>(() => readDraft(storage.getItem(KEY)));
  store.subscribe((draft) => {
    try {
      storage.setItem(KEY, JSON.stringify(draft));
    } catch {
      // Full or forbidden: the page still has it.
    }
  });
  return store;
}
export type DraftStore = ReturnType<typeof openDraft>;

/** Leaves a draft for the form to begin with: the same place and kind again, for what was not fixed. */
export function leaveDraft(storage: Pick<Storage, 'setItem'>, begin: Partial<Draft>): void {
  storage.setItem(KEY, JSON.stringify({ ...EMPTY_DRAFT, ...begin }));
}
