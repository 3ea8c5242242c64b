import { anonymousActor } from '../../../platform/actor.ts';
import type { CityClock } from '../../../platform/clock.ts';
import { Problem } from '../../../platform/problem.ts';
import { isTypedSecret } from '../../../platform/tokens.ts';
import type { Db } from '../../../../db/knex.ts';
import type { TrackerProtocol } from '../../../stores/accounts/contract.ts';
import { findTracker, type KnownTracker } from '../../../stores/accounts/trackers.ts';
import type { FixReceipt, SentFix } from '../../../stores/positions/contract.ts';
import type { Tracking } from '../receive.ts';
import { buckets } from './buckets.ts';
import type { Knocks } from './knocks.ts';

/** What became of a message: a metric's label. */
export type TrackerResult = 'taken' | 'sign' | 'refused' | 'malformed' | 'ignored' | 'limited';

export interface DoorDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly tracking: Pick<Tracking, 'receive'>;
  readonly knocks: Knocks;
  readonly count: (protocol: TrackerProtocol, result: TrackerResult) => void;
  readonly wallMillis: () => number;
  /** false: nobody is limited (tests, a simulated city). */
  readonly limited: boolean;
}

/** Somebody who says to be this tracker, and by what. */
export interface Caller {
  readonly protocol: TrackerProtocol;
  readonly trackerId: string;
  /** What it shows: its key; or another program that answers for it, bound to this organisation (null: to none). */
  readonly shows: { readonly key: string | null } | { readonly vouchedFor: true; readonly organisationId: string | null };
  /** Where it says that it is, for the list of those that are not let in. */
  readonly place: { readonly lon: number; readonly lat: number } | null;
}

/** The door that trackers of every protocol come through: who is it, may it, not too often. */
export interface Door {
  /** @throws Problem 429 `too-many` when this address has been refused too often; nothing is looked up then. */
  mayTry(protocol: TrackerProtocol, address: string): void;
  /** The enrolled tracker, or null: unknown or with a wrong key, which is then on the list. An address is remembered for it. */
  admit(caller: Caller, address: string | null): Promise<KnownTracker | null>;
  /** Hands fixes of an admitted tracker on; when it resolves they are stored. @throws Problem 429 `too-many`, and as `receive`. */
  deliver(protocol: TrackerProtocol, tracker: KnownTracker, fixes: readonly SentFix[], sentAt?: string): Promise<FixReceipt>;
  readonly count: DoorDeps['count'];
}

/** Refusals of one address: a garage of phones with old keys behind one address still gets through to the list. */
const REFUSALS = { burst: 60, perSecond: 1 };
/** Fixes of one device: once a second is the fastest any sends, and what it has kept comes at once. */
const FIXES = { burst: 5_000, perSecond: 10 };
const MOST_ADDRESSES = 10_000;
const MOST_DEVICES = 50_000;
/** As `FixBatch` has it. */
const MOST_AT_ONCE = 1_000;

export function openDoor(deps: DoorDeps): Door {
  const { count } = deps;
  const refusals = buckets(REFUSALS, MOST_ADDRESSES, deps.wallMillis);
  const fixesOf = buckets(FIXES, MOST_DEVICES, deps.wallMillis);
  const tooMany = (protocol: TrackerProtocol): Problem => {
    count(protocol, 'limited');
    return new Problem(429, 'too-many', 'Too many messages from here; wait a minute.');
  };

  return {
    count,
    mayTry(protocol, address) {
      // Only what was refused counts: a whole fleet may sit behind one address.
      if (deps.limited && refusals.isEmpty(address) && !refusals.take(address)) throw tooMany(protocol);
    },
    async admit(caller, address) {
      const { protocol, trackerId, shows, place } = caller;
      const tracker = await findTracker(deps.db, protocol, trackerId, deps.clock.now());
      const vouched = 'vouchedFor' in shows;
      const admitted = vouched
        ? tracker !== undefined && (shows.organisationId === null || shows.organisationId === tracker.organisationId)
        : // Compared also where nobody is known by this id: the time says nothing.
          isTypedSecret(shows.key ?? '', tracker?.secretHash ?? null);
      if (admitted && tracker) return tracker;
      if (deps.limited && address !== null) refusals.take(address);
      count(protocol, 'refused');
      deps.knocks.note({
        protocol,
        trackerId,
        reason: tracker ? 'wrong_key' : 'unknown',
        organisationId: vouched ? shows.organisationId : null,
        place,
      });
      return null;
    },
    async deliver(protocol, tracker, fixes, sentAt) {
      if (deps.limited && !fixes.every(() => fixesOf.take(tracker.deviceId))) throw tooMany(protocol);
      const actor = {
        ...anonymousActor,
        role: 'crew' as const,
        deviceId: tracker.deviceId,
        organisationId: tracker.organisationId,
      };
      const batch = { fixes: fixes.slice(0, MOST_AT_ONCE), ...(sentAt === undefined ? {} : { sentAt }) };
      const receipt = await deps.tracking.receive(actor, batch);
      count(protocol, 'taken');
      return receipt;
    },
  };
}
