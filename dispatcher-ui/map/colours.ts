import type { CrewState } from '../state/crew-load.ts';
import type { Theme } from '../state/theme.ts';

/** The tokens of `tokens.css` that the map paints with: a canvas knows no CSS variables. */
export const MAP_COLOURS = {
  dark: {
    halo: '#0f141b',
    text: '#e6edf5',
    accent: '#56b4e9',
    ok: '#2fbf8f',
    quiet: '#8fa3bf',
    onMark: '#0b1118',
    priorities: ['#ff6b57', '#f5b83d', '#56b4e9', '#8fa3bf'],
  },
  light: {
    halo: '#ffffff',
    text: '#17212d',
    accent: '#0072b2',
    ok: '#00795a',
    quiet: '#5b6b82',
    onMark: '#ffffff',
    priorities: ['#c2341d', '#9a6300', '#0072b2', '#5b6b82'],
  },
} as const;

export type CrewLook = Exclude<CrewState, 'ended'>;

/** The colour of a crew's tag by what it does; the same as the dots of the crews list. */
export function crewColours(theme: Theme): Record<CrewLook, string> {
  const { accent, ok, text, quiet } = MAP_COLOURS[theme];
  return { on_the_way: accent, on_site: ok, free: text, not_on: quiet };
}
