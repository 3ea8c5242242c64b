import { expect } from 'chai';
import { CASE_STATES, CLOSED_CASE_STATES, type PublicCase } from '../../server/stores/cases/contract.ts';
import { NOTICES } from '../../server/stores/notifications/contract.ts';
import { enReport } from '../words/en-report.ts';
import { progressOf } from './progress.ts';
import { aPublicCase } from './sample-case.ts';

/** The word a key stands for, or undefined. */
const word = (key: string): unknown =>
  key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], { report: enReport });

const everything = CASE_STATES.flatMap((state) =>
  [false, true].flatMap((flag) =>
    (['on_road', 'far_from_road', 'outside_city', 'none'] as const).map((placeQuality) =>
      aPublicCase(state, {
        placeQuality,
        beingConfirmed: flag && state === 'resolved',
        crewOnTheWay: flag && state === 'in_progress',
      }),
    ),
  ),
);

describe('how far a report is', () => {
  it('has words for every state there is', () => {
    for (const one of everything) {
      const { headline, meaning, steps } = progressOf(one);
      for (const key of [headline, ...(meaning === null ? [] : [meaning]), ...steps.map((step) => step.word)]) {
        expect(word(key), `${one.state}: ${key}`).to.be.a('string');
      }
      for (const { look } of steps) expect(word(`report.look.${look}`)).to.be.a('string');
    }
    for (const notice of NOTICES) expect(word(`report.${notice}`), notice).to.be.a('string');
  });

  it('calls nothing fixed but what is known to be', () => {
    for (const one of everything) {
      const { steps, tone, headline } = progressOf(one);
      const fixed = steps.some((step) => step.word === 'report.step.fixed' && step.look === 'done');
      const seen = steps.some((step) => step.word === 'report.step.wasThere');
      expect(fixed, JSON.stringify(one)).to.equal(one.state === 'resolved' && !one.beingConfirmed);
      expect(seen).to.equal(fixed);
      if (headline === 'report.state.resolved') expect(fixed).to.equal(true);
      if (one.state === 'resolved_unverified') expect(tone).to.equal('warn');
    }
  });

  it('tells the way from received to fixed', () => {
    const words = (one: PublicCase) =>
      progressOf(one).steps.map(({ word: name, look }) => `${name.replace('report.step.', '')} ${look}`);
    expect(words(aPublicCase('triaged'))).to.deep.equal(['received now', 'planned todo', 'onTheWay todo', 'fixed todo']);
    expect(words(aPublicCase('scheduled'))).to.deep.equal(['received done', 'planned now', 'onTheWay todo', 'fixed todo']);
    expect(words(aPublicCase('in_progress', { crewOnTheWay: true }))[2]).to.equal('onTheWay now');
    expect(words(aPublicCase('in_progress'))[2]).to.equal('atWork now');
    expect(words(aPublicCase('resolved', { beingConfirmed: true }))).to.deep.equal([
      'received done',
      'planned done',
      'confirming now',
    ]);
    expect(words(aPublicCase('resolved_unverified'))).to.deep.equal(['received done', 'planned done', 'unconfirmed warn']);
    expect(words(aPublicCase('referred'))).to.deep.equal(['received done', 'referred done']);
  });

  it('takes the last time of what happened twice', () => {
    const at = (hour: number) => `2026-03-02T0${hour}:00:00.000Z`;
    const said = (hour: number, message: string) => ({ at: at(hour), message, params: {} });
    const messages = [said(7, 'notice.scheduled'), said(8, 'notice.back_in_line'), said(9, 'notice.scheduled')];
    expect(progressOf(aPublicCase('scheduled', { messages })).steps[1]?.at).to.equal(at(9));
  });

  it('says when it is late, and only while it is open and not put aside', () => {
    const asOf = '2026-03-04T06:00:00.000Z';
    for (const state of CASE_STATES) {
      const late = progressOf(aPublicCase(state, { asOf })).lateSince !== null;
      expect(late, state).to.equal(!CLOSED_CASE_STATES.includes(state) && state !== 'on_hold');
      expect(progressOf(aPublicCase(state)).lateSince, state).to.equal(null);
    }
  });

  it('offers a way on where something ended', () => {
    expect(progressOf(aPublicCase('resolved')).advice).to.equal('again');
    expect(progressOf(aPublicCase('resolved_unverified')).advice).to.equal('again');
    expect(progressOf(aPublicCase('resolved', { beingConfirmed: true })).advice).to.equal(null);
    expect(progressOf(aPublicCase('no_action')).advice).to.equal('ask');
    expect(progressOf(aPublicCase('scheduled')).advice).to.equal(null);
  });
});
