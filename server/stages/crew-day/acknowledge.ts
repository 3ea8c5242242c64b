import type { Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { requireInScope } from '../../stores/crews/commands.ts';
import { acknowledgeOrder, getShiftForUpdate } from '../../stores/crews/store.ts';
import type { OrderSeen } from './contract.ts';

/**
 * The crew has seen this order of its stops. Said twice or late it changes nothing, so it needs no action id.
 * @throws Problem 404 `no-such-shift`, 409 `no-such-order` for a version that does not exist yet.
 */
export async function acknowledgeDay(
  tools: ChangeTools,
  actor: Actor,
  scope: Scope,
  seen: { readonly shiftId: string; readonly orderVersion: number },
): Promise<OrderSeen> {
  return inChange(tools, actor, async (change) => {
    const shift = await getShiftForUpdate(change.tx, seen.shiftId);
    await requireInScope(change.tx, shift, actor, scope);
    if (seen.orderVersion > shift.orderVersion) {
      throw new Problem(409, 'no-such-order', `The newest order of this shift is ${shift.orderVersion}; read the day again.`, {
        present: { orderVersion: shift.orderVersion },
      });
    }
    const acknowledgedVersion = await acknowledgeOrder(change.tx, shift.id, seen.orderVersion);
    if (acknowledgedVersion > shift.orderAcknowledged) {
      change.emit({
        type: 'shift.order_acknowledged',
        shiftId: shift.id,
        organisationId: shift.organisationId,
        body: { orderVersion: acknowledgedVersion },
      });
    }
    return { shiftId: shift.id, orderVersion: shift.orderVersion, acknowledgedVersion };
  });
}
