import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../../server/stores/work/contract.ts';
import { newActionId, sendAction } from '../../state/api.ts';
import { refused } from '../../state/desk-actions.ts';
import type { Desk } from '../../state/desk.ts';
import { whenText } from '../../state/format.ts';
import { may } from '../../state/desk-state.ts';
import { useCityNow, useDesk, useDeskState, useZone } from '../desk-context.ts';

/** Where field and office contradict each other: both sides are kept, somebody has to look. */
export function Questions(): React.JSX.Element | null {
  const { t } = useTranslation();
  const titleId = useId();
  const desk = useDesk();
  const zone = useZone();
  const now = useCityNow(60);
  const questions = useDeskState((state) => state.questions);
  const jobs = useDeskState((state) => state.jobs);
  const shifts = useDeskState((state) => state.shifts);
  const mayAnswer = useDeskState((state) => may(state, 'question.answer'));
  if (questions.length === 0) return null;
  return (
    <section className="part" aria-labelledby={titleId}>
      <h3 id={titleId}>{t('questions.title', { count: questions.length })}</h3>
      <ul className="cards">
        {questions.map((question) => {
          const job = question.jobId === null ? undefined : jobs.get(question.jobId);
          const shift = question.shiftId === null ? undefined : shifts.get(question.shiftId);
          return (
            <li key={question.id} className="card question">
              <p>{t(`questions.kind.${question.kind}`)}</p>
              <p className="muted">
                <span className="number">{whenText(question.askedAt, zone, now)}</span>
                {job !== undefined && (
                  <>
                    {' · '}
                    <button type="button" className="link" onClick={() => desk.select({ kind: 'job', id: job.id })}>
                      {job.title} <span className="number">#{job.number}</span>
                    </button>
                  </>
                )}
                {shift !== undefined && (
                  <>
                    {' · '}
                    <button type="button" className="link" onClick={() => desk.select({ kind: 'shift', id: shift.id })}>
                      {shift.crewName}
                    </button>
                  </>
                )}
              </p>
              {mayAnswer && (
                <button type="button" onClick={() => void answer(desk, question, t('questions.answerSeen'))}>
                  {t('questions.seen')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

async function answer(desk: Desk, question: Question, words: string, actionId = newActionId()): Promise<void> {
  try {
    await sendAction(`/api/questions/${question.id}/answer`, { answer: words }, actionId);
    desk.tell({ tone: 'ok', word: 'did.answered', params: {}, detail: null, undo: null, retry: null });
  } catch (error) {
    refused(desk, error, () => void answer(desk, question, words, actionId));
  }
  await desk.readQuestions().catch(() => undefined);
}
