import { z } from 'zod';
import { Envelope } from '../../platform/action.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { giveAnswer, route, type Call, type Route } from '../../platform/http-route.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import { AssignmentCommand, CaseCommand, JobCommand, WorkAnswer } from '../../stores/work/contract.ts';
import { LastAction, Undone } from './contract.ts';
import type { DeskCommand } from './inverse.ts';
import { order } from './order.ts';
import { requireSound } from './require-sound.ts';
import { lastAction, undo } from './undo.ts';

/** The desk decides: about cases, jobs and who does them, and takes back its last word. */
export function dispatchRoutes(deps: { readonly tools: ChangeTools; readonly city: () => CityConfig }): Route[] {
  const { tools, city } = deps;
  const obey = async (call: Call<unknown, unknown, { envelope: Envelope; command: DeskCommand }>): Promise<WorkAnswer> => {
    const { actor, scope, body } = call;
    requireSound(body.command, city());
    return giveAnswer(call, await order(tools, actor, scope, body.envelope, body.command)) as WorkAnswer;
  };
  return [
    route({
      method: 'post',
      path: '/api/cases/commands',
      action: 'case.decide',
      summary: 'Decide about a case: triage, job, join, split, duplicate, refer, hold, reopen',
      body: z.strictObject({ envelope: Envelope, command: CaseCommand }),
      answer: WorkAnswer,
      handle: obey,
    }),
    route({
      method: 'post',
      path: '/api/jobs/commands',
      action: 'job.change',
      summary: 'Change, hold, release or cancel a job',
      body: z.strictObject({ envelope: Envelope, command: JobCommand }),
      answer: WorkAnswer,
      handle: obey,
    }),
    route({
      method: 'post',
      path: '/api/assignments/commands',
      action: 'assignment.change',
      summary: 'Give work to a crew, move it, take it back, lock it, promise a time, send it',
      body: z.strictObject({ envelope: Envelope, command: AssignmentCommand }),
      answer: WorkAnswer,
      handle: obey,
    }),
    route({
      method: 'get',
      path: '/api/undo',
      action: 'assignment.change',
      summary: 'Your last action that undo would take back, and whether it can',
      answer: LastAction,
      handle: ({ actor }) => lastAction(tools, actor),
    }),
    route({
      method: 'post',
      path: '/api/undo',
      action: 'assignment.change',
      summary: 'Take back your last action',
      body: z.strictObject({ envelope: Envelope, actionId: z.uuid().optional() }),
      answer: Undone,
      handle: async (call) =>
        giveAnswer(call, await undo(tools, call.actor, call.scope, call.body.envelope, call.body.actionId)) as Undone,
    }),
  ];
}
