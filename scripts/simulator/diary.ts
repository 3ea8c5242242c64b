import { encodeLine } from '../../routing/directions/polyline.ts';
import type { LonLat } from '../../routing/units.ts';
import type { RecordedCrew, RecordedStretch } from '../../server/stores/recorded-days/contract.ts';

type Kind = RecordedStretch['kind'];

/** What a simulated crew is doing. */
export type Mode = 'off' | 'idle' | 'driving' | 'on_site' | 'working' | 'break';

/** The minute between arriving and starting is neither driving nor work, here as in the counts. */
const KIND_OF = { off: null, idle: 'idle', driving: 'drive', on_site: 'idle', working: 'work', break: 'break' } as const;

interface Begun {
  readonly kind: Kind;
  readonly fromMs: number;
  readonly jobNumber: number | null;
  readonly line: readonly LonLat[];
}

/** What one crew did, stretch after stretch, as it lived it: for the recorded day's timeline. */
export function openDiary() {
  const stretches: { readonly begun: Begun; readonly untilMs: number }[] = [];
  const silences: { readonly fromMs: number; readonly untilMs: number }[] = [];
  let present: Begun | null = null;

  const close = (atMs: number): void => {
    if (present !== null && atMs > present.fromMs) stretches.push({ begun: present, untilMs: atMs });
    present = null;
  };

  return {
    /** What it does from now on. `line` is where: one point, or the way it drives. */
    becomes(mode: Mode, atMs: number, line: readonly LonLat[], job: number | null = null): void {
      const kind = KIND_OF[mode];
      const jobNumber = kind === 'drive' || kind === 'work' ? job : null;
      if (kind !== null && present?.kind === kind && present.jobNumber === jobNumber) return;
      close(atMs);
      if (kind !== null) present = { kind, fromMs: atMs, jobNumber, line };
    },
    silent: (fromMs: number, untilMs: number): void => void silences.push({ fromMs, untilMs }),
    /** The day as it can be kept; what still goes on is cut at `untilMs`. */
    kept(untilMs: number): Pick<RecordedCrew, 'stretches' | 'silences'> {
      const all = present === null ? stretches : [...stretches, { begun: present, untilMs }];
      const instant = (ms: number): string => new Date(Math.min(ms, untilMs)).toISOString();
      return {
        stretches: all
          .filter(({ begun }) => begun.fromMs < untilMs)
          .map(({ begun, untilMs: end }) => ({
            kind: begun.kind,
            from: instant(begun.fromMs),
            until: instant(end),
            jobNumber: begun.jobNumber,
            line: encodeLine(begun.line),
          })),
        silences: silences
          .filter(({ fromMs }) => fromMs < untilMs)
          .map((s) => ({ from: instant(s.fromMs), until: instant(s.untilMs) })),
      };
    },
  };
}

export type Diary = ReturnType<typeof openDiary>;
