export type KeyCommand =
  | 'next'
  | 'previous'
  | 'open'
  | 'close'
  | 'assign_1'
  | 'assign_2'
  | 'assign_3'
  | 'plan'
  | 'plans'
  | 'search'
  | 'undo'
  | 'theme'
  | 'help';

/** Where the key was pressed, as far as it matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** In a field where letters are typed. */
  readonly typing: boolean;
  /** On something that Enter and Space press by themselves. */
  readonly onControl: boolean;
  readonly dialogOpen: boolean;
  /** The user has left the single keys on (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

const SINGLE: Readonly<Record<string, KeyCommand>> = {
  j: 'next',
  k: 'previous',
  '1': 'assign_1',
  '2': 'assign_2',
  '3': 'assign_3',
  o: 'plan',
  p: 'plans',
  '/': 'search',
  '?': 'help',
  d: 'theme',
};

/** What a key means at the desk, or null: it is nobody's, or the field's or the dialog's own. */
export function commandOf(press: KeyPress): KeyCommand | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.dialogOpen || press.alt) return null;
  if (press.ctrl) return key === 'z' && !press.typing ? 'undo' : null;
  if (key === 'Escape') return 'close';
  if (press.typing) return null;
  if (key === 'Enter') return press.onControl ? null : 'open';
  return press.singleKeys ? (SINGLE[key] ?? null) : null;
}
