import type { Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';
import { Problem } from '../../platform/problem.ts';
import type { BoundDevice, DeviceBindings } from '../../stores/positions/bindings.ts';
import type { FixReceipt, RelayBatch, RelayReceipt, SentFix } from '../../stores/positions/contract.ts';
import type { Tracking } from './receive.ts';
import type { Told } from './write-positions.ts';

export interface RelayDeps {
  readonly db: Db;
  readonly bindings: DeviceBindings;
  readonly tracking: Pick<Tracking, 'receiveOfAndTell'>;
}

/**
 * Takes a batch that an integrator's program passes on for many trackers; resolves when all of it is stored or refused. Rejects
 * with what the database threw when the devices could not be looked up.
 */
export type Relay = (actor: Actor, batch: RelayBatch) => Promise<RelayReceipt>;

/** The fixes go the same way as those of any device, each device's by themselves. */
export function relayOf({ db, bindings, tracking }: RelayDeps): Relay {
  return async (actor, { sentAt, fixes }) => {
    const groups = new Map<string, Group>();
    for (let index = 0; index < fixes.length; index++) {
      // With the id of its device, which whoever takes fixes does not look at: a copy without it of each was a tenth of the cost.
      const fix = fixes[index]!;
      const group = groups.get(fix.deviceId);
      if (group === undefined) groups.set(fix.deviceId, { indexes: [index], sent: [fix] });
      else {
        group.indexes.push(index);
        group.sent.push(fix);
      }
    }
    const unknown = [...groups.keys()].filter((id) => bindings.known(id) === undefined);
    if (unknown.length > 0) await bindings.of(db, unknown);
    return new Promise((resolve) => {
      const answer = new Answer(groups.size, resolve);
      for (const [deviceId, { indexes, sent }] of groups) {
        if (!maySpeakFor(actor, bindings.known(deviceId))) {
          answer.refuse(indexes, 'no-such-device');
          continue;
        }
        const told: Told = {
          stored: (receipt) => answer.stored(receipt),
          // Said once for all by whoever writes; the program keeps what it has and sends it again.
          refused: () => answer.refuse(indexes, 'not-stored'),
        };
        try {
          tracking.receiveOfAndTell(deviceId, sentAt === undefined ? { fixes: sent } : { sentAt, fixes: sent }, told);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          answer.refuse(indexes, 'not-stored');
        }
      }
    });
  };
}

interface Group {
  readonly indexes: number[];
  readonly sent: SentFix[];
}

/** What has become of a batch, and whether it is all that there is to say. */
class Answer {
  private readonly receipt = { stored: 0, known: 0, refused: [] as RelayReceipt['refused'] };
  private open: number;
  private readonly done: (receipt: RelayReceipt) => void;

  constructor(groups: number, done: (receipt: RelayReceipt) => void) {
    this.open = groups;
    this.done = done;
  }

  stored({ stored, known }: FixReceipt): void {
    this.receipt.stored += stored;
    this.receipt.known += known;
    this.ended();
  }

  refuse(indexes: readonly number[], reason: RelayReceipt['refused'][number]['reason']): void {
    for (const index of indexes) this.receipt.refused.push({ index, reason });
    this.ended();
  }

  private ended(): void {
    if (--this.open > 0) return;
    this.receipt.refused.sort((a, b) => a.index - b.index);
    this.done(this.receipt);
  }
}

/**
 * Trackers only, and only those bound to vehicles of the account's organisation: a crew's phone speaks for itself. One of
 * another organisation is not told apart from one that is not there.
 */
function maySpeakFor({ organisationId }: Actor, device: BoundDevice | null | undefined): boolean {
  if (device === null || device === undefined || device.kind !== 'tracker' || device.bindings.length === 0) return false;
  return organisationId === null || device.bindings.every((binding) => binding.organisationId === organisationId);
}
