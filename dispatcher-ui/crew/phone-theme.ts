import { applyTheme, type Theme } from '../state/theme.ts';

export type ThemeChoice = 'auto' | Theme;
/** The same note as the desk's: a choice counts for the whole site. */
const KEY = 'thuma.theme';
const NIGHT_FROM = 20;
const NIGHT_UNTIL = 6;

export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

/** Light by day, so that it can be read in the sun; dark at night, so that it does not blind. `hour` is the city's. */
export function themeFor(choice: ThemeChoice, hour: number): Theme {
  if (choice !== 'auto') return choice;
  return hour >= NIGHT_FROM || hour < NIGHT_UNTIL ? 'dark' : 'light';
}

/** Keeps the choice and shows it. */
export function chooseTheme(choice: ThemeChoice, hour: number): void {
  if (choice === 'auto') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  applyTheme(themeFor(choice, hour));
}

/** The hour of the day in a zone. */
export const hourIn = (zone: string, ms: number): number =>
  Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(ms));
