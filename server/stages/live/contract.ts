import { z } from 'zod';
import type { Ack, ProblemBody, Status } from '../../platform/contract.ts';
import { ShiftId } from '../../stores/crews/contract.ts';
import type { EventPage, Since } from '../../stores/events/contract.ts';
import type { FixBatch, FixReceipt, RelayBatch, RelayReceipt } from '../../stores/positions/contract.ts';
import type { FieldReport, FieldAnswer } from '../completion/contract.ts';
import type { CrewDay, OrderSeen } from '../crew-day/contract.ts';
import type { Resync, RosterEntry, SetView } from './frames/contract.ts';

/** A desk begins: from where in the event log it wants to be told on. Left out: from now. */
export const Hello = z.strictObject({ since: z.int().min(0).optional() });
export type Hello = z.infer<typeof Hello>;

/** What a desk starts from; events after `since` (its own, or `lastSeq`) follow without a gap, and the positions as frames. */
export interface DeskSnapshot {
  readonly lastSeq: number;
  readonly since: number;
  readonly status: Status;
}

/** The crew has seen this order of its stops. */
export const AckDay = z.strictObject({ shiftId: ShiftId, orderVersion: z.int().min(1) });
export type AckDay = z.infer<typeof AckDay>;
/** The office has taken work back that the crew was told of. */
export interface RecallNotice {
  readonly shiftId: string;
  readonly assignmentId: string;
  readonly jobId: string | null;
  readonly what: 'recall' | 'cancel';
  /** The crew is on its way: it answers with the fact `field.acknowledge_recall`, or with what was done already. */
  readonly toAcknowledge: boolean;
  readonly at: string;
}

/**
 * Which of its fixes a device may forget: numbers (`deviceSeq`), first and last of each run without a gap. For a device that sent
 * `fixes` without asking for an answer. What has been named neither here nor in `refused` after half a minute it sends again.
 */
export interface KeptNotice {
  readonly ranges: readonly (readonly [number, number])[];
}

/** A message that did not ask for an answer was refused. `event` is null when there is none of the name that was sent. */
export interface RefusedNotice {
  readonly event: string | null;
  readonly problem: ProblemBody;
}

type Answered<T> = (ack: Ack<T>) => void;

/**
 * What a client may send. Each is acknowledged, with the answer or with a problem. `fixes` may be sent without asking for it: then
 * `kept` tells every few seconds what is stored.
 */
export interface ClientToServer {
  /** Desk: begins. */
  hello: (input: Hello, done: Answered<DeskSnapshot>) => void;
  /** Desk: a page of the event log, for a client that was away. */
  since: (input: z.input<typeof Since>, done: Answered<EventPage>) => void;
  /** Desk: what its map shows; before it says so, the whole city. */
  view: (input: SetView, done: Answered<null>) => void;
  /** Desk: its picture does not add up. */
  resync: (input: z.infer<typeof Resync>, done: Answered<null>) => void;
  /** Crew. */
  fixes: (input: FixBatch, done?: Answered<FixReceipt>) => void;
  /** Integrator: fixes of many trackers. */
  relay: (input: RelayBatch, done: Answered<RelayReceipt>) => void;
  fact: (input: z.input<typeof FieldReport>, done: Answered<FieldAnswer>) => void;
  ack_day: (input: AckDay, done: Answered<OrderSeen>) => void;
}

/**
 * What a client is told. `frame` and `event` are acknowledged by calling `done`: a client that does not is sent at
 * most three of each and then nothing until it does, and after that the newest.
 */
export interface ServerToClient {
  /** Where vehicles are, see frames/contract.ts. */
  frame: (frame: ArrayBuffer | Uint8Array, done: () => void) => void;
  /** Which vehicle each index of a frame means; kept for as long as the connection. */
  roster: (entries: readonly RosterEntry[]) => void;
  event: (page: EventPage, done: () => void) => void;
  status: (status: Status) => void;
  day: (day: CrewDay) => void;
  recall: (notice: RecallNotice) => void;
  kept: (notice: KeptNotice) => void;
  refused: (notice: RefusedNotice) => void;
  /** The session was ended or the device revoked. */
  'signed-out': (because: { because: string }) => void;
  'server-closing': (hint: { comeBackAfterMillis: number }) => void;
}
