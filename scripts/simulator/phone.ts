import type { LonLat } from '../../routing/units.ts';
import type { SentFix } from '../../server/stores/positions/contract.ts';
import type { FieldFact } from '../../server/stores/work/contract.ts';

/** A stop as the phone shows it. */
export interface PhoneStop {
  readonly assignmentId: string;
  readonly jobNumber: number;
  readonly state: string;
  /** The office has asked for it back. */
  readonly requested: string | null;
  readonly place: LonLat;
  readonly serviceSeconds: number;
  /** The way from where the crew was when the day was read (first open stop) or from the stop before. */
  readonly way: { readonly line: readonly LonLat[]; readonly seconds: number } | null;
}

export interface PhoneDay {
  readonly orderVersion: number;
  readonly acknowledgedVersion: number;
  readonly stops: readonly PhoneStop[];
}

/** A fact without what every fact carries. */
export type Fact = FieldFact extends infer F
  ? F extends { assignmentId: unknown }
    ? Omit<F, 'assignmentId'> & { assignmentId: string }
    : never
  : never;

/**
 * What a crew's phone can do: the public API with a device's token. Each call ends when the server has answered.
 * `atMs` is the phone's clock when it happened, which may be long before it is sent.
 */
export interface Phone {
  day(): Promise<PhoneDay>;
  acknowledge(orderVersion: number): Promise<void>;
  signOn(atMs: number): Promise<void>;
  signOff(atMs: number): Promise<void>;
  /** @returns what became of it: `refused` names the problem's type. */
  fact(fact: Fact, atMs: number, nowMs: number): Promise<{ ok: true } | { ok: false; refused: string }>;
  takeBreak(breakId: string, atMs: number): Promise<void>;
  /** @returns the sequence number up to which the phone may forget. */
  fixes(batch: readonly SentFix[], nowMs: number): Promise<number>;
  /** For good; what is asked of it from now on throws PhoneClosed. */
  close(): void;
}

/** The crew has no such phone any more: a person has taken its place. */
export class PhoneClosed extends Error {
  override readonly name = 'PhoneClosed';
}
