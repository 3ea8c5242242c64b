import { expect } from 'chai';
import type { PlanRequestState, PlanState } from './contract.ts';
import { planTransition, requestTransition, type PlanAction, type PlanRequestAction } from './transitions.ts';

describe('the states of a plan', () => {
  const table: readonly [PlanState, PlanAction['type'], PlanState | 'refused'][] = [
    ['draft', 'publish', 'published'],
    ['draft', 'discard', 'discarded'],
    ['draft', 'supersede', 'superseded'],
    ['published', 'publish', 'refused'],
    ['published', 'discard', 'refused'],
    ['published', 'supersede', 'superseded'],
    ['superseded', 'publish', 'refused'],
    ['superseded', 'discard', 'refused'],
    ['superseded', 'supersede', 'refused'],
    ['discarded', 'publish', 'refused'],
    ['discarded', 'discard', 'refused'],
    ['discarded', 'supersede', 'refused'],
  ];
  for (const [from, type, to] of table) {
    it(`${from}, ${type}: ${to}`, () => {
      const outcome = planTransition(from, { type });
      expect(outcome.ok ? outcome.state : 'refused').to.equal(to);
      if (!outcome.ok) expect(outcome.because).to.match(/^[A-Z].*\.$/);
    });
  }
});

describe('the states of a request for a plan', () => {
  const states: readonly PlanRequestState[] = ['waiting', 'running', 'made', 'failed', 'cancelled'];
  const actions: readonly PlanRequestAction[] = ['start', 'make', 'fail', 'cancel', 'finish_early'];
  const allowed = new Set([
    'waiting start',
    'waiting fail',
    'waiting cancel',
    'running make',
    'running fail',
    'running cancel',
    'running finish_early',
  ]);
  for (const state of states) {
    for (const action of actions) {
      const may = allowed.has(`${state} ${action}`);
      it(`${state}: ${may ? 'may' : 'must not'} ${action}`, () => {
        expect(requestTransition(state, action).ok).to.equal(may);
      });
    }
  }
});
