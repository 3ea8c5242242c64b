import { compile } from '../../compile.ts';
import { type Draft, emptyDraft, tryChanges } from '../../draft.ts';
import type { Problem } from '../../problem.ts';
import { random } from '../random.ts';
import { type Move, neighbours, type Search } from '../search.ts';

/** A draft with the given sequences (indices of the problem, whose ids are taken to be sorted), for tests of moves. */
export function draftWith(problem: Problem, ...sequences: readonly (readonly number[])[]): Draft {
  const draft = emptyDraft(compile(problem));
  const changes = sequences.map((sequence, shift) => ({ shift, sequence }));
  if (!tryChanges(draft, changes, Infinity)) throw new Error('these sequences are not possible');
  return draft;
}

export const searchOf = (draft: Draft): Search => ({ draft, near: neighbours(draft.instance) });

export const sequencesOf = (draft: Draft): number[][] => draft.shifts.map((shift) => [...shift.sequence]);

/** Tries the move with one seed after another until none of many has made anything better. */
export function repeat(move: Move, draft: Draft, times = 200): void {
  const search = searchOf(draft);
  for (let seed = 1; seed <= times; seed++) move.attempt(search, random(seed), 0);
}
