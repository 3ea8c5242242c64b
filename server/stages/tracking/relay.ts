import type { Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';
import type { BoundDevice, DeviceBindings } from '../../stores/positions/bindings.ts';
import type { FixReceipt, RelayBatch, RelayReceipt, SentFix } from '../../stores/positions/contract.ts';
import type { Tracking } from './receive.ts';

export interface RelayDeps {
  readonly db: Db;
  readonly bindings: DeviceBindings;
  readonly tracking: Pick<Tracking, 'receiveOf'>;
}

/**
 * Takes a batch that an integrator's program passes on for many trackers; resolves when all of it is stored or refused. Rejects
 * with what the database threw when the devices could not be looked up.
 */
export type Relay = (actor: Actor, batch: RelayBatch) => Promise<RelayReceipt>;

/** The fixes go the same way as those of any device, each device's by themselves. */
export function relayOf({ db, bindings, tracking }: RelayDeps): Relay {
  return async (actor, { sentAt, fixes }) => {
    const groups = new Map<string, { readonly indexes: number[]; readonly sent: SentFix[] }>();
    fixes.forEach(({ deviceId, ...sent }, index) => {
      let group = groups.get(deviceId);
      if (group === undefined) groups.set(deviceId, (group = { indexes: [], sent: [] }));
      group.indexes.push(index);
      group.sent.push(sent);
    });
    await bindings.of(
      db,
      [...groups.keys()].filter((id) => bindings.known(id) === undefined),
    );
    const refused: RelayReceipt['refused'] = [];
    const receipts = await Promise.all(
      [...groups].map(async ([deviceId, { indexes, sent }]): Promise<FixReceipt | null> => {
        const refuse = (reason: RelayReceipt['refused'][number]['reason']): null => {
          for (const index of indexes) refused.push({ index, reason });
          return null;
        };
        if (!maySpeakFor(actor, bindings.known(deviceId))) return refuse('no-such-device');
        try {
          return await tracking.receiveOf(deviceId, { ...(sentAt === undefined ? {} : { sentAt }), fixes: sent });
        } catch {
          // Said once for all by whoever writes; the program keeps what it has and sends it again.
          return refuse('not-stored');
        }
      }),
    );
    const sum = (what: 'stored' | 'known'): number => receipts.reduce((total, receipt) => total + (receipt?.[what] ?? 0), 0);
    return { stored: sum('stored'), known: sum('known'), refused: refused.sort((a, b) => a.index - b.index) };
  };
}

/**
 * Trackers only, and only those bound to vehicles of the account's organisation: a crew's phone speaks for itself. One of
 * another organisation is not told apart from one that is not there.
 */
function maySpeakFor({ organisationId }: Actor, device: BoundDevice | null | undefined): boolean {
  if (device === null || device === undefined || device.kind !== 'tracker' || device.bindings.length === 0) return false;
  return organisationId === null || device.bindings.every((binding) => binding.organisationId === organisationId);
}
