export type Theme = 'light' | 'dark';

const KEY = 'thuma.theme';
const listeners = new Set<() => void>();

/** What the user chose, else what their system prefers. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') return kept;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
  for (const heard of listeners) heard();
}

/** Told when the user chooses another theme. */
export function listenTheme(heard: () => void): () => void {
  listeners.add(heard);
  return () => void listeners.delete(heard);
}
