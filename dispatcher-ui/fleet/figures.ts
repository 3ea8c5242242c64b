import type { CrewLoad } from '../../server/stages/reporting/contract.ts';

/** 12345 -> "12,345". */
export const wholeText = (n: number): string => Math.round(n).toLocaleString('en');

/** 12345 m -> "12.3 km", from 100 km on without decimals. */
export const kilometresText = (metres: number): string =>
  metres < 100_000 ? `${(metres / 1000).toFixed(1)} km` : `${wholeText(metres / 1000)} km`;

/** A crew's day in seconds: what is behind it, what is before it, and both as a share of the time it has. */
export interface LoadParts {
  readonly total: number;
  readonly share: number;
  readonly parts: readonly { readonly kind: 'worked' | 'driven' | 'workAhead' | 'driveAhead'; readonly seconds: number }[];
}

export function loadParts(crew: CrewLoad): LoadParts {
  const parts = [
    { kind: 'worked', seconds: crew.workedSeconds },
    { kind: 'driven', seconds: crew.drivenSeconds },
    { kind: 'workAhead', seconds: crew.workAheadSeconds },
    { kind: 'driveAhead', seconds: crew.driveAheadSeconds },
  ] as const;
  const total = parts.reduce((sum, part) => sum + part.seconds, 0);
  return { total, share: crew.availableSeconds > 0 ? total / crew.availableSeconds : 0, parts };
}

/** The steps of an axis from 0: at most five, whole, and round. */
export function axisSteps(most: number): number[] {
  const rough = Math.max(1, most) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * size).find((n) => n >= rough) ?? rough);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, i) => i * step);
}
