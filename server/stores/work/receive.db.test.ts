import { expect } from 'chai';
import { systemActor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import { getCase } from '../cases/store.ts';
import { brokenInvariants } from './invariants.fixtures.ts';
import { receiveCases, type NewCase, type ReceivedCase } from './receive.ts';
import { aCity, aNewCase, applied, type TestCity } from './work.fixtures.ts';

describe('receiving cases', () => {
  let city: TestCity;
  beforeEach(async () => {
    city = await aCity();
  });
  afterEach(() => city.drop());

  const receive = (rows: readonly NewCase[]): Promise<ReceivedCase[]> =>
    inChange(city.tools, systemActor, (change) => receiveCases(change, rows));
  const count = async (table: string): Promise<number> => (await city.tools.db(table).count<{ n: number }[]>('* as n'))[0]!.n;

  it('numbers them by the year of the report, in the order of the rows', async () => {
    const received = await receive([aNewCase(city), aNewCase(city, { reportedYear: 2025 }), aNewCase(city)]);
    expect(received.map((r) => r.number)).to.deep.equal(['26-00001', '25-00002', '26-00003']);
    await city.tools.db.raw(`select setval('case_number', 123455)`);
    expect((await receive([aNewCase(city)]))[0]!.number).to.equal('26-123456');
  });

  it('keeps words and contact apart from the case and out of every event', async () => {
    const [r] = await receive([
      aNewCase(city, { words: 'my secretword', contact: { name: 'Secretname', email: null, phone: null } }),
    ]);
    expect(await count('private.case_words')).to.equal(1);
    expect((await getCase(city.tools.db, r!.id)).contactId).to.be.a('string');
    expect(await brokenInvariants(city.tools.db, ['secretword', 'secretname'])).to.deep.equal([]);
  });

  it('updates what the source says, writes nothing for what it said before, and never doubles', async () => {
    const row = aNewCase(city);
    const [first] = await receive([row]);
    expect((await receive([row]))[0]).to.deep.equal({ ...first, outcome: 'unchanged' });
    expect(await count('event')).to.equal(1);
    const closed = { ...row, sourceStatus: 'Closed', sourceClosedAt: new Date('2026-01-27T15:00:00Z') };
    expect((await receive([closed]))[0]).to.deep.equal({ ...first, outcome: 'updated' });
    expect(await getCase(city.tools.db, first!.id)).to.include({ state: 'received', version: 2 });
    expect(await count('cases')).to.equal(1);
    const event = await city.tools.db('event').orderBy('seq', 'desc').first<{ type: string; body: object }>('type', 'body');
    expect(event).to.deep.equal({ type: 'case.updated', body: { why: 'source', closedAtSource: true, version: 2 } });
  });

  it('leaves alone what dispatchers decided', async () => {
    const row = aNewCase(city);
    const [first] = await receive([row]);
    await applied(city, { type: 'case.refer', caseId: first!.id, version: 1, reason: 'the state’s road' });
    await receive([{ ...row, sourceStatus: 'Closed', priority: 1, dueAt: null }]);
    const after = await getCase(city.tools.db, first!.id);
    expect(after).to.include({ state: 'referred', decided: 'referred', priority: 3 });
    expect(after.dueAt).to.be.a('string');
  });

  it('takes the same report once, in one batch and in two at the same time', async () => {
    const row = aNewCase(city, { contact: { name: 'A', email: null, phone: null } });
    const twice = await receive([row, { ...row, address: 'corrected' }]);
    expect(twice.map((r) => r.id)).to.deep.equal([twice[0]!.id, twice[0]!.id]);
    expect((await getCase(city.tools.db, twice[0]!.id)).address).to.equal('corrected');
    const rows = Array.from({ length: 30 }, () => aNewCase(city, { contact: { name: 'B', email: null, phone: null } }));
    const [one, two] = await Promise.all([receive(rows), receive([...rows].reverse())]);
    expect(one.map((r) => r.id)).to.deep.equal([...two].reverse().map((r) => r.id));
    expect(await count('cases')).to.equal(31);
    expect(await count('private.contact')).to.equal(31);
    expect(await count('event')).to.equal(31);
  });
});
