import osrmTextInstructions from 'osrm-text-instructions';
import languages from 'osrm-text-instructions/languages.js';
import type { RoadLeg } from '../roads/road-network.ts';
import type { Metres, Seconds } from '../units.ts';

export interface DirectionsOptions {
  /** BCP 47, the crew's language. English is what we promise today. */
  readonly locale: string;
  /** Which leg of the way this is, and of how many: "You have arrived at your 2nd destination". */
  readonly legIndex?: number;
  readonly legCount?: number;
  /** Named on arrival, e.g. the job's address. */
  readonly destination?: string;
}

/** Which way a step turns: an arrow on the crew's phone. */
const TURNS = [
  'depart',
  'straight',
  'slight_left',
  'left',
  'sharp_left',
  'slight_right',
  'right',
  'sharp_right',
  'uturn',
  'roundabout',
  'arrive',
] as const;
export type Turn = (typeof TURNS)[number];

export interface Direction {
  readonly text: string;
  /** null: not known (an estimate, or a step of a kind we have no arrow for). */
  readonly turn: Turn | null;
  readonly metres: Metres;
  readonly seconds: Seconds;
}

export interface Directions {
  /** The language of the texts. */
  readonly locale: string;
  /** The language that was asked for when it was not to be had; null when it was. The screen says so. */
  readonly instead: string | null;
  readonly steps: readonly Direction[];
}

const FALLBACK = 'en';
const compiler = osrmTextInstructions('v5');

/**
 * A leg's steps as sentences. A language that is not known falls back to English, and `instead` says so.
 * Steps without a router's data (estimates) say only where to head.
 */
export function directions(leg: RoadLeg, options: DirectionsOptions): Directions {
  const known = findLanguage(options.locale);
  const locale = known ?? FALLBACK;
  return {
    locale,
    instead: known === null ? options.locale : null,
    steps: leg.steps.map((step) => ({
      text: step.osrm === null ? `Head ${step.name} (straight line, no router)` : sentence(locale, step.osrm, step.name, options),
      turn: turnOf(step.osrm),
      metres: step.metres,
      seconds: step.seconds,
    })),
  };
}

/** OSRM's maneuver type and modifier as one of our arrows. */
function turnOf(step: unknown): Turn | null {
  const { type, modifier } = (step as { maneuver?: { type?: unknown; modifier?: unknown } } | null)?.maneuver ?? {};
  if (type === 'arrive' || type === 'depart') return type;
  if (type === 'roundabout' || type === 'rotary') return 'roundabout';
  if (typeof modifier !== 'string') return null;
  const wanted = modifier.replace(' ', '_');
  return TURNS.find((turn) => turn === wanted) ?? null;
}

/** The translation for a BCP 47 tag: itself, else its language alone ("sv-SE" reads "sv"); null when there is none. */
export function findLanguage(locale: string): string | null {
  const wanted = locale.toLowerCase();
  const codes = languages.supportedCodes;
  return codes.find((code) => code.toLowerCase() === wanted) ?? codes.find((code) => code === wanted.split('-')[0]) ?? null;
}

/** A kind of step the texts do not know must not cost the crew the rest of its way: the street's name then has to do. */
function sentence(locale: string, step: unknown, name: string, options: DirectionsOptions): string {
  try {
    return compiler.compile(locale, step, {
      ...(options.legIndex !== undefined && { legIndex: options.legIndex }),
      ...(options.legCount !== undefined && { legCount: options.legCount }),
      ...(options.destination !== undefined && { waypointName: options.destination }),
    });
  } catch {
    return name ? `Continue on ${name}` : 'Continue';
  }
}
