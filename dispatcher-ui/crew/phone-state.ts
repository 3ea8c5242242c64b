import type { CityView } from '../../server/stages/city/contract.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { DeviceShift } from '../../server/stores/crews/contract.ts';
import type { CityClock } from '../state/city-clock.ts';
import type { Alarm } from './alarm.ts';
import type { KnownJob } from './kept.ts';
import { EMPTY_OUTBOX, type Outbox } from './outbox.ts';
import type { Reading } from './own-fixes.ts';

/** How the sharing of the own position stands. */
export type Sharing =
  | 'off'
  /** Asked for, no reading yet. */
  | 'starting'
  | 'on'
  /** The phone refuses: a setting. */
  | 'denied'
  /** It had readings and has none now. */
  | 'lost'
  /** No position on this phone, or the page is not on a secure address. */
  | 'unsupported';

/** Something the crew has to know, until it is put away. */
export type Notice =
  | { readonly id: number; readonly kind: 'taken_back'; readonly assignmentId: string; readonly jobNumber: number | null }
  | { readonly id: number; readonly kind: 'refused'; readonly because: string }
  | { readonly id: number; readonly kind: 'code_not_used'; readonly because: string };

/** Without an id; of each kind its own fields. */
export type NewNotice = Notice extends infer N ? (N extends Notice ? Omit<N, 'id'> : never) : never;

/** Which sheet lies over the main screen. */
export type Sheet = 'day' | 'directions' | 'more' | 'cannot' | 'decline' | 'settings' | 'sign_off' | 'alarm';

export interface PhoneState {
  readonly phase:
    | 'starting'
    | 'signed_out'
    | 'revoked'
    /** Another window of this phone has the outbox. */
    | 'elsewhere'
    | 'ready'
    /** The first reading failed; `failure` says why, and it is tried again. */
    | 'failed';
  readonly failure: string | null;
  readonly enrolling: boolean;
  readonly codeProblem: string | null;
  readonly city: CityView | null;
  readonly clock: CityClock | null;
  readonly mine: DeviceShift | null;
  /** As the server said. */
  readonly day: CrewDay | null;
  /** The same with everything pressed since: what the screen shows. */
  readonly shown: CrewDay | null;
  readonly jobs: Readonly<Record<string, KnownJob>>;
  readonly outbox: Outbox;
  /** The server's last answer, by the phone's clock. */
  readonly heardAtMs: number | null;
  readonly connected: boolean;
  readonly sharing: Sharing;
  readonly share: boolean | null;
  readonly own: Reading | null;
  readonly unsentFixes: number;
  readonly screenStaysOn: boolean;
  /** The phone's memory refused something. */
  readonly keepFailed: boolean;
  readonly notices: readonly Notice[];
  readonly chosenId: string | null;
  readonly sheet: Sheet | null;
  /** A call for help; null: nobody has called. */
  readonly alarm: Alarm | null;
}

export const EMPTY_PHONE: PhoneState = {
  phase: 'starting',
  failure: null,
  enrolling: false,
  codeProblem: null,
  city: null,
  clock: null,
  mine: null,
  day: null,
  shown: null,
  jobs: {},
  outbox: EMPTY_OUTBOX,
  heardAtMs: null,
  connected: false,
  sharing: 'off',
  share: null,
  own: null,
  unsentFixes: 0,
  screenStaysOn: false,
  keepFailed: false,
  notices: [],
  chosenId: null,
  sheet: null,
  alarm: null,
};

/** The names of the day's jobs, with those that were known before: what is taken back can still be named. */
export function rememberJobs(
  jobs: Readonly<Record<string, KnownJob>>,
  day: CrewDay,
  sameShift: boolean,
): Record<string, KnownJob> {
  const known: Record<string, KnownJob> = sameShift ? { ...jobs } : {};
  for (const stop of day.stops) {
    if (stop.kind === 'job')
      known[stop.assignmentId] = { ...known[stop.assignmentId], number: stop.jobNumber, title: stop.title };
  }
  return known;
}
