import { z } from 'zod';
import { answerOnce, Envelope } from '../../platform/action.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { giveAnswer, route, type Route } from '../../platform/http-route.ts';
import { reachOf } from '../../platform/reach.ts';
import { HistoryEntry } from '../cases/contract.ts';
import { listJobHistory } from '../cases/history.ts';
import { AssignmentView, JobFilter, JobView, Question } from './contract.ts';
import { answerQuestion } from './questions.ts';
import { getJobView, listAssignmentViews, listJobViews, listQuestions } from './views.ts';

const Id = z.strictObject({ id: z.uuid() });

/** Reading jobs with who does them; the open questions and their answers. */
export function workRoutes(deps: { readonly tools: ChangeTools }): Route[] {
  const { tools } = deps;
  const { db } = tools;
  return [
    route({
      method: 'get',
      path: '/api/jobs',
      action: 'job.read',
      summary: 'Jobs with their crews, newest first, filtered, a page at a time',
      query: JobFilter,
      answer: z.strictObject({ jobs: z.array(JobView), next: z.int().nullable() }),
      handle: ({ actor, scope, query }) => listJobViews(db, reachOf(actor, scope), query),
    }),
    route({
      method: 'get',
      path: '/api/jobs/:id',
      action: 'job.read',
      summary: 'One job',
      params: Id,
      answer: JobView,
      handle: ({ actor, scope, params }) => getJobView(db, reachOf(actor, scope), params.id),
    }),
    route({
      method: 'get',
      path: '/api/jobs/:id/history',
      action: 'job.read',
      summary: 'What became true about a job',
      params: Id,
      answer: z.array(HistoryEntry),
      async handle({ actor, scope, params }) {
        const job = await getJobView(db, reachOf(actor, scope), params.id);
        return listJobHistory(db, job.id);
      },
    }),
    route({
      method: 'get',
      path: '/api/assignments',
      action: 'assignment.read',
      summary: 'The work of one shift in the order of its stops',
      query: z.strictObject({ shiftId: z.uuid() }),
      answer: z.array(AssignmentView),
      handle: ({ actor, scope, query }) => listAssignmentViews(db, reachOf(actor, scope), query.shiftId),
    }),
    route({
      method: 'get',
      path: '/api/questions',
      action: 'question.read',
      summary: 'Contradictions a dispatcher should look at: the open ones, or the answered',
      query: z.strictObject({
        open: z.enum(['true', 'false']).default('true'),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      answer: z.array(Question),
      handle: ({ actor, scope, query }) => listQuestions(db, reachOf(actor, scope), query.open === 'true', query.limit),
    }),
    route({
      method: 'post',
      path: '/api/questions/:id/answer',
      action: 'question.answer',
      summary: 'Say what became of a question',
      params: Id,
      body: z.strictObject({ envelope: Envelope, answer: z.string().min(1).max(500) }),
      answer: Question,
      handle: async (call) => {
        const { actor, scope, params, body } = call;
        const asked = { id: params.id, answer: body.answer };
        const answer = await answerOnce(tools, actor, body.envelope, 'question.answer', asked, (change) =>
          answerQuestion(change, scope, params.id, body.answer),
        );
        return giveAnswer(call, answer) as Question;
      },
    }),
  ];
}
