import { route, type Route } from '../../platform/http-route.ts';
import { FieldBatch, FieldBatchAnswer, FieldReport } from './contract.ts';
import { reportFact, reportFacts, type CompletionDeps } from './report.ts';

/** What happened in the field, by crews and by dispatchers who heard it on the radio. */
export function completionRoutes(deps: CompletionDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/field',
      action: 'assignment.report',
      summary:
        'A fact from the field: accepted, travelling, arrived, completed and the like; the same action id again is one effect',
      body: FieldReport,
      async handle({ actor, scope, body, res }) {
        const answer = await reportFact(deps, actor, scope, body);
        if (answer.repeated) res.set('Thuma-Repeated', 'true');
        res.status(answer.status);
        return answer.body;
      },
    }),
    route({
      method: 'post',
      path: '/api/field/batch',
      action: 'assignment.report',
      summary: 'What a phone kept while it was offline, taken in the order of its own count; one answer each',
      body: FieldBatch,
      answer: FieldBatchAnswer,
      maxBodyBytes: 1024 * 1024,
      async handle({ actor, scope, body }) {
        const answers = await reportFacts(deps, actor, scope, body.reports);
        return {
          answers: answers.map((answer, i) => ({
            actionId: body.reports[i]!.envelope.actionId,
            status: answer.status,
            repeated: answer.repeated,
            body: answer.body,
          })),
        };
      },
    }),
  ];
}
