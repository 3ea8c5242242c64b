import { answerOnce, correctedTime, type Answer, type Envelope } from '../../platform/action.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import type { Scope } from '../../platform/policy.ts';
import { apply } from './apply.ts';
import type { Command } from './contract.ts';

/**
 * One action of a client: done once, answered always the same, refusals included. A field fact happens at the
 * corrected time of its envelope, everything else when the server has it.
 * @throws Problem 422 `action-reused`; refusals are answers, not exceptions.
 */
export function act(tools: ChangeTools, actor: Actor, scope: Scope, envelope: Envelope, command: Command): Promise<Answer> {
  return answerOnce(tools, actor, envelope, command.type, command, (change) =>
    apply(
      command.type.startsWith('field.') ? { ...change, now: correctedTime(envelope, change.receivedAt) } : change,
      scope,
      command,
    ),
  );
}

/**
 * The same for the server itself (readers of events, tracking): no action, and a refusal is thrown.
 * @param options `at`: when it became true, if that is not now.
 * @throws Problem
 */
export function actAsSystem(
  tools: ChangeTools,
  command: Command,
  options: { readonly at?: Date } = {},
): Promise<{ status: number; body: unknown }> {
  return inChange(tools, systemActor, (change) => apply(change, 'all', command), options);
}
