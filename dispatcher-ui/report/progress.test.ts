import { expect } from 'chai';
import { CASE_STATES, CLOSED_CASE_STATES, type CaseState, type PublicCase } from '../../server/stores/cases/contract.ts';
import { NOTICES } from '../../server/stores/notifications/contract.ts';
import { enReport } from '../words/en-report.ts';
import { progressOf } from './progress.ts';

const report = (state: CaseState, over: Partial<PublicCase> = {}): PublicCase => ({
  number: '26-00001',
  serviceType: 'pothole',
  serviceLabel: 'Pothole',
  placeText: 'Main Street',
  placeQuality: 'on_road',
  place: { lon: 11.97, lat: 57.7 },
  state,
  originalState: null,
  otherReports: 0,
  beingConfirmed: false,
  reportedAt: '2026-03-02T06:00:00.000Z',
  dueAt: '2026-03-03T06:00:00.000Z',
  expectedFrom: null,
  expectedUntil: null,
  crewOnTheWay: false,
  closedAt: CLOSED_CASE_STATES.includes(state) ? '2026-03-02T10:00:00.000Z' : null,
  asOf: '2026-03-02T11:00:00.000Z',
  messages: [],
  ...over,
});

/** The word a key stands for, or undefined. */
const word = (key: string): unknown =>
  key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], { report: enReport });

const everything = CASE_STATES.flatMap((state) =>
  [false, true].flatMap((flag) =>
    (['on_road', 'far_from_road', 'outside_city', 'none'] as const).map((placeQuality) =>
      report(state, {
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
    expect(words(report('triaged'))).to.deep.equal(['received now', 'planned todo', 'onTheWay todo', 'fixed todo']);
    expect(words(report('scheduled'))).to.deep.equal(['received done', 'planned now', 'onTheWay todo', 'fixed todo']);
    expect(words(report('in_progress', { crewOnTheWay: true }))[2]).to.equal('onTheWay now');
    expect(words(report('in_progress'))[2]).to.equal('atWork now');
    expect(words(report('resolved', { beingConfirmed: true }))).to.deep.equal([
      'received done',
      'planned done',
      'confirming now',
    ]);
    expect(words(report('resolved_unverified'))).to.deep.equal(['received done', 'planned done', 'unconfirmed warn']);
    expect(words(report('referred'))).to.deep.equal(['received done', 'referred done']);
  });

  it('takes the last time of what happened twice', () => {
    const at = (hour: number) => `2026-03-02T0${hour}:00:00.000Z`;
    const said = (hour: number, message: string) => ({ at: at(hour), message, params: {} });
    const messages = [said(7, 'notice.scheduled'), said(8, 'notice.back_in_line'), said(9, 'notice.scheduled')];
    expect(progressOf(report('scheduled', { messages })).steps[1]?.at).to.equal(at(9));
  });

  it('says when it is late, and only while it is open and not put aside', () => {
    const asOf = '2026-03-04T06:00:00.000Z';
    for (const state of CASE_STATES) {
      const late = progressOf(report(state, { asOf })).lateSince !== null;
      expect(late, state).to.equal(!CLOSED_CASE_STATES.includes(state) && state !== 'on_hold');
      expect(progressOf(report(state)).lateSince, state).to.equal(null);
    }
  });

  it('offers a way on where something ended', () => {
    expect(progressOf(report('resolved')).advice).to.equal('again');
    expect(progressOf(report('resolved_unverified')).advice).to.equal('again');
    expect(progressOf(report('resolved', { beingConfirmed: true })).advice).to.equal(null);
    expect(progressOf(report('no_action')).advice).to.equal('ask');
    expect(progressOf(report('scheduled')).advice).to.equal(null);
  });
});
