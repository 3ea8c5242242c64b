import type { HourBand, OverridePattern } from './contract.ts';

/** A pattern before the city's catalogue has named its kind of work. */
export type FoundPattern = Omit<OverridePattern, 'jobTypeLabel'>;

/** Work that a plan gave a crew, or a person did, as far as patterns look at it. */
export interface PatternCase {
  readonly crewNumber: number;
  readonly crewName: string;
  readonly areas: readonly string[];
  /** Local hour at which it was to begin; null = not known. */
  readonly hour: number | null;
  readonly jobType: string;
  /** How many alike. */
  readonly count: number;
}

/**
 * `refused`: work that was taken off the crew the plan gave it to. `kept`: work that stayed with the crew of the plan.
 * `chosen`: work that a person gave to a crew against the plan.
 */
export interface PatternCases {
  readonly refused: readonly PatternCase[];
  readonly kept: readonly PatternCase[];
  readonly chosen: readonly PatternCase[];
}

export const LEAST_SUPPORT = 5;
/** What mostly is not so is no rule. */
const LEAST_SHARE = 0.5;
/** The share must be so many times the share elsewhere, at the lower end of what chance allows. */
const LEAST_LIFT = 2;
/** A narrower pattern says it better when it holds so much of what the wider one holds. */
const NARROWER_HOLDS = 0.8;
const MOST_PATTERNS = 10;
/** 95 of 100. */
const Z = 1.96;

const BANDS: readonly HourBand[] = [
  { from: null, until: 9 },
  { from: 9, until: 12 },
  { from: 12, until: 15 },
  { from: 15, until: null },
];

interface Cell {
  readonly crewNumber: number;
  readonly area: string | null;
  readonly hours: HourBand | null;
  readonly jobType: string | null;
}

/**
 * What dispatchers do so often that it may be a rule: for each crew and each choice of area, part of the day and kind of job,
 * how often its work was refused (of all that plans gave it there) or it was chosen (of all that was given by hand there),
 * against the same share in everything else. Told with at least five cases, when it is mostly so, and when that share is surely (Wilson's interval, 95 of
 * 100; E. Wilson, Journal of the American Statistical Association 22, 1927) twice that of everything else. Most cases first.
 */
export function minePatterns(cases: PatternCases): FoundPattern[] {
  const given = [...cases.refused, ...cases.kept];
  const found = [
    ...findPatterns('refused', cases.refused, given, (cell, one) => matches(cell, one)),
    // The crew is what was decided here: all that was given by hand in that place, at that time, could have gone to it.
    ...findPatterns('chosen', cases.chosen, cases.chosen, (cell, one) => matchesPlace(cell, one)),
  ];
  return found
    .sort((a, b) => b.support - a.support || b.support / b.of - a.support / a.of || a.crewNumber - b.crewNumber)
    .slice(0, MOST_PATTERNS);
}

/** Names kinds of work as the catalogue does; one that it does not know any more keeps its code. */
export const withLabels = (
  patterns: readonly FoundPattern[],
  jobTypes: readonly { readonly code: string; readonly label: string }[],
): OverridePattern[] =>
  patterns.map((pattern) => ({
    ...pattern,
    jobTypeLabel: jobTypes.find(({ code }) => code === pattern.jobType)?.label ?? pattern.jobType,
  }));

function findPatterns(
  what: OverridePattern['what'],
  hits: readonly PatternCase[],
  all: readonly PatternCase[],
  counts: (cell: Cell, one: PatternCase) => boolean,
): FoundPattern[] {
  const names = new Map(hits.map((one) => [one.crewNumber, one.crewName]));
  const cells = new Map(hits.flatMap(cellsOf).map((cell) => [JSON.stringify(cell), cell]));
  const able: { cell: Cell; pattern: FoundPattern }[] = [];
  for (const cell of cells.values()) {
    const support = countOf(hits, (one) => matches(cell, one));
    if (support < LEAST_SUPPORT) continue;
    const of = countOf(all, (one) => counts(cell, one));
    const others = countOf(all, () => true) - of;
    // Nothing to hold it against: it may be what is always done.
    if (others === 0) continue;
    // Who could have been chosen is this crew; what could have been refused is any crew's work.
    const alike = countOf(hits, (one) => what === 'refused' || one.crewNumber === cell.crewNumber);
    const elsewhere = (alike - support) / others;
    if (support < LEAST_SHARE * of || leastShare(support, of) < LEAST_LIFT * elsewhere) continue;
    const { crewNumber, area, hours, jobType } = cell;
    const pattern = { what, crewNumber, crewName: names.get(crewNumber) ?? '', area, hours, jobType, support, of, elsewhere };
    able.push({ cell, pattern });
  }
  const dropped = new Set<Cell>();
  for (const wide of able) {
    for (const narrow of able) {
      if (wide === narrow || !isNarrower(narrow.cell, wide.cell)) continue;
      const holds = narrow.pattern.support >= NARROWER_HOLDS * wide.pattern.support;
      dropped.add(holds ? wide.cell : narrow.cell);
    }
  }
  return able.filter(({ cell }) => !dropped.has(cell)).map(({ pattern }) => pattern);
}

const countOf = (cases: readonly PatternCase[], counts: (one: PatternCase) => boolean): number =>
  cases.reduce((sum, one) => (counts(one) ? sum + one.count : sum), 0);

/** Every cell that a case lies in: with or without its area, its part of the day, its kind. */
function cellsOf(one: PatternCase): Cell[] {
  const band = bandOf(one.hour);
  const cells: Cell[] = [];
  for (const area of [null, ...one.areas]) {
    for (const hours of band === null ? [null] : [null, band]) {
      for (const jobType of [null, one.jobType]) cells.push({ crewNumber: one.crewNumber, area, hours, jobType });
    }
  }
  return cells;
}

const bandOf = (hour: number | null): HourBand | null =>
  hour === null ? null : (BANDS.find(({ from, until }) => (from ?? 0) <= hour && hour < (until ?? Infinity)) ?? null);

const matches = (cell: Cell, one: PatternCase): boolean => cell.crewNumber === one.crewNumber && matchesPlace(cell, one);

const matchesPlace = (cell: Cell, one: PatternCase): boolean =>
  (cell.area === null || one.areas.includes(cell.area)) &&
  (cell.hours === null || bandOf(one.hour)?.from === cell.hours.from) &&
  (cell.jobType === null || one.jobType === cell.jobType);

const isNarrower = (narrow: Cell, wide: Cell): boolean =>
  narrow.crewNumber === wide.crewNumber &&
  (wide.area === null || wide.area === narrow.area) &&
  (wide.hours === null || wide.hours.from === narrow.hours?.from) &&
  (wide.jobType === null || wide.jobType === narrow.jobType) &&
  (wide.area !== narrow.area || (wide.hours === null) !== (narrow.hours === null) || wide.jobType !== narrow.jobType);

/** The lower end of Wilson's interval for hits of n. */
function leastShare(hits: number, n: number): number {
  if (n === 0) return 0;
  const share = hits / n;
  const z2 = Z * Z;
  return (share + z2 / (2 * n) - Z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
}
