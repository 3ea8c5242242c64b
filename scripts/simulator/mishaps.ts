import { chanceOf, type Chance } from './chance.ts';
import { REASONS } from './behaviour.ts';

/** One thing that goes wrong on a demonstrated day. */
export type Mishap =
  /** A burst main or its like: several people report it, and their reports become one job. */
  | { readonly kind: 'emergency'; readonly atMs: number; readonly reportsAtMs: readonly number[] }
  /** A vehicle breaks down; its crew is off for the rest of the day and its work comes back. */
  | { readonly kind: 'crew_off'; readonly atMs: number }
  | { readonly kind: 'no_signal'; readonly atMs: number; readonly lastsMs: number }
  | { readonly kind: 'cannot_do'; readonly atMs: number; readonly reason: (typeof REASONS)[number] };

export interface MishapSetting {
  readonly seed: number;
  /** When somebody begins to watch, and when nothing more should happen. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** False on a day of real reports: none is invented there. */
  readonly emergencies: boolean;
}

const MINUTE_MS = 60_000;
/** Who watches five minutes at ten simulated seconds a second sees 50 minutes of the day: at least two of these. */
const FIRST_AFTER_MS = 3 * MINUTE_MS;
const LEAST_APART_MS = 13 * MINUTE_MS;
const MOST_APART_MS = 22 * MINUTE_MS;
/** A city that loses more of its crews shows nothing else any more. */
const MOST_CREWS_OFF = 3;
const CREWS_OFF_APART_MS = 120 * MINUTE_MS;

/** What goes wrong on a day, in order; the same seed gives the same. Every kind comes once before any comes again. */
export function scheduleMishaps(setting: MishapSetting): Mishap[] {
  const chance = chanceOf(setting.seed, 'mishaps');
  const mishaps: Mishap[] = [];
  const kinds: readonly Mishap['kind'][] = setting.emergencies
    ? ['emergency', 'no_signal', 'cannot_do', 'crew_off']
    : ['no_signal', 'cannot_do', 'crew_off'];
  // The first is one that nobody misses.
  let left: Mishap['kind'][] = setting.emergencies ? ['emergency'] : [];
  let crewsOff = 0;
  let crewOffAtMs = -Infinity;
  let atMs = setting.fromMs + FIRST_AFTER_MS;
  while (atMs < setting.untilMs) {
    if (left.length === 0)
      left = shuffled(
        kinds.filter((kind) => kind !== mishaps.at(-1)?.kind || kinds.length === 1),
        chance,
      );
    let kind = left.shift()!;
    if (kind === 'crew_off') {
      if (crewsOff >= MOST_CREWS_OFF || atMs - crewOffAtMs < CREWS_OFF_APART_MS) kind = 'no_signal';
      else {
        crewsOff++;
        crewOffAtMs = atMs;
      }
    }
    mishaps.push(mishapOf(kind, atMs, chance));
    atMs += LEAST_APART_MS + chance.below(MOST_APART_MS - LEAST_APART_MS);
  }
  return mishaps;
}

function mishapOf(kind: Mishap['kind'], atMs: number, chance: Chance): Mishap {
  switch (kind) {
    case 'emergency': {
      const reportsAtMs = [atMs];
      for (let more = 2 + chance.below(3); more > 0; more--)
        reportsAtMs.push(reportsAtMs.at(-1)! + 20_000 + chance.below(90_000));
      return { kind, atMs, reportsAtMs };
    }
    case 'crew_off':
      return { kind, atMs };
    case 'no_signal':
      return { kind, atMs, lastsMs: (8 + chance.below(12)) * MINUTE_MS };
    case 'cannot_do':
      return { kind, atMs, reason: chance.pick(REASONS) };
    default:
      return kind satisfies never;
  }
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const rest = [...items];
  const out: T[] = [];
  while (rest.length > 0) out.push(...rest.splice(chance.below(rest.length), 1));
  return out;
}

/** What a crew brings to its work. */
export interface Abilities {
  readonly skills: readonly string[];
  readonly plant: readonly string[];
}

/** A crew may break down when two others have each thing it brings: one mishap is to be seen, not a city that can no more. */
export function canBeSpared(crew: Abilities, others: readonly Abilities[]): boolean {
  const held = (has: (one: Abilities) => boolean): boolean => others.filter(has).length >= 2;
  return (
    crew.skills.every((skill) => held((one) => one.skills.includes(skill))) &&
    crew.plant.every((item) => held((one) => one.plant.includes(item)))
  );
}
