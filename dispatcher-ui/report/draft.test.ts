import { expect } from 'chai';
import { ReportCase } from '../../server/stores/cases/contract.ts';
import { bodyOf, EMPTY_DRAFT, faultsOf, leaveDraft, openDraft, readDraft, stepOf, type Draft } from './draft.ts';

const PLACE = { lon: 11.9701234567, lat: 57.7 };
const draft = (part: Partial<Draft>): Draft => ({ ...EMPTY_DRAFT, ...part });
const complete = draft({ place: PLACE, serviceType: 'pothole' });

describe('a draft of a report', () => {
  it('lets nobody to a step that lacks what comes before', () => {
    expect(stepOf(EMPTY_DRAFT, '')).to.equal('where');
    expect(stepOf(EMPTY_DRAFT, 'details')).to.equal('where');
    expect(stepOf(draft({ place: PLACE }), 'details')).to.equal('what');
    expect(stepOf(complete, 'near')).to.equal('near');
    expect(stepOf(complete, 'details')).to.equal('details');
    expect(stepOf(complete, 'where')).to.equal('where');
    expect(stepOf(complete, 'sent')).to.equal('details');
    expect(stepOf(complete, '<script>')).to.equal('where');
    expect(stepOf(draft({ pending: { key: 'k', body: bodyOf(complete) } }), 'where')).to.equal('details');
  });

  it('sends what was filled in and nothing else, as the server takes it', () => {
    expect(bodyOf(complete)).to.deep.equal({ serviceType: 'pothole', place: { lon: 11.970123, lat: 57.7 } });
    const full = draft({ ...complete, near: 'same', words: ' deep ', name: 'Ada', email: ' a@example.org ', phone: '' });
    const body = bodyOf(full);
    expect(body).to.deep.include({ near: 'same', words: 'deep', contact: { name: 'Ada', email: 'a@example.org' } });
    expect(ReportCase.parse(body)).to.deep.equal(body);
    expect(() => bodyOf(draft({ place: PLACE }))).to.throw('without a place or a kind');
  });

  it('names what the server would refuse', () => {
    expect(faultsOf(complete)).to.deep.equal({});
    expect(faultsOf(draft({ email: 'a@example.org ' }))).to.deep.equal({});
    for (const email of ['nobody', 'a@b', '@example.org', 'a b@example.org'])
      expect(faultsOf(draft({ email }))).to.have.keys('email');
    expect(faultsOf(draft({ words: 'x'.repeat(4_001) }))).to.have.keys('words');
  });

  it('is kept by the tab, and survives whatever else lies there', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    };
    openDraft(storage).setState({ words: 'half a senten' });
    expect(openDraft(storage).getState().words).to.equal('half a senten');
    leaveDraft(storage, { serviceType: 'graffiti' });
    expect(openDraft(storage).getState()).to.deep.equal(draft({ serviceType: 'graffiti' }));
    for (const odd of [null, '', '{', '7', 'null', '"x"']) expect(readDraft(odd)).to.deep.equal(EMPTY_DRAFT);
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    const store = openDraft(full);
    store.setState({ words: 'still here' });
    expect(store.getState().words).to.equal('still here');
  });
});
