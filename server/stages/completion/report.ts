import type { Answer } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { ProblemBody } from '../../platform/contract.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { act } from '../../stores/work/act.ts';
import { WorkAnswer } from '../../stores/work/contract.ts';
import type { FieldAnswer, FieldReport } from './contract.ts';
import type { DeviceOrder } from './device-order.ts';
import type { SettleVisits } from './settle-visits.ts';

export interface CompletionDeps {
  readonly tools: ChangeTools;
  readonly order: DeviceOrder;
  readonly visits: SettleVisits;
}

/**
 * Takes what happened in the field, from the crew or by radio: once per action id, one device's facts in its own order.
 * A completion is confirmed by the track before the answer goes out, where the track is here already.
 * @returns the new state and version, or the refusal, which is the same when it is sent again.
 */
export async function reportFact(deps: CompletionDeps, actor: Actor, scope: Scope, report: FieldReport): Promise<Answer> {
  const { envelope, command } = report;
  const answer = await deps.order.run(actor.deviceId, envelope.deviceSeq, () => act(deps.tools, actor, scope, envelope, command));
  if (command.type === 'field.complete' && !answer.repeated && answer.status < 400) {
    const done = WorkAnswer.safeParse(answer.body);
    // Work that had gone to another shift is completed under a new assignment: the answer names it.
    const pending = done.success ? done.data.assignments.filter((a) => a.verification === 'pending') : [];
    for (const { id } of pending) await deps.visits.completed(id);
  }
  return answer;
}

/**
 * The same for a socket's acknowledgement.
 * @throws Problem the refusal.
 */
export async function acknowledgeFact(
  deps: CompletionDeps,
  actor: Actor,
  scope: Scope,
  report: FieldReport,
): Promise<FieldAnswer> {
  const answer = await reportFact(deps, actor, scope, report);
  if (answer.status < 400) return answer;
  const refusal = ProblemBody.parse(answer.body);
  throw new Problem(answer.status, refusal.type.replace('/problems/', ''), refusal.detail, {
    fields: refusal.errors ?? [],
    present: refusal.present,
  });
}

/** Takes what a phone kept while it was offline: in its own order, whatever the order of the list; one answer each. */
export async function reportFacts(
  deps: CompletionDeps,
  actor: Actor,
  scope: Scope,
  reports: readonly FieldReport[],
): Promise<Answer[]> {
  const inOrder = reports
    .map((report, index) => ({ report, index }))
    .sort((a, b) => seqOf(a.report) - seqOf(b.report) || timeOf(a.report) - timeOf(b.report) || a.index - b.index);
  const answers: Answer[] = [];
  for (const { report, index } of inOrder) answers[index] = await reportFact(deps, actor, scope, report);
  return answers;
}

const seqOf = ({ envelope }: FieldReport): number => envelope.deviceSeq ?? Number.MAX_SAFE_INTEGER;
const timeOf = ({ envelope }: FieldReport): number =>
  envelope.deviceTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(envelope.deviceTime);
