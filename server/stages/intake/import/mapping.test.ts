import { expect } from 'chai';
import { isRefusal, mapRows, SourceMapping, type MappedRequest, type MappingCity, type Refusal } from './mapping.ts';
import { baltimore } from './sources/baltimore.ts';
import { loadMapping, SOURCE_NAMES } from './sources/sources.ts';
import { UnreadableFile } from './unreadable-file.ts';

const now = new Date('2026-02-01T00:00:00Z');
const city: MappingCity = {
  zone: 'America/New_York',
  bounds: [-77.12, 38.79, -76.91, 39],
  serviceCode: (word) => ['snow', 'pothole', 'other'].find((code) => code === word),
  serviceCodes: ['snow', 'pothole', 'other'],
};
const mapping = SourceMapping.parse({
  source: 'test',
  columns: {
    sourceId: 'id',
    serviceType: 'type',
    reportedAt: 'opened',
    lon: 'lon',
    lat: 'lat',
    status: 'status',
    words: 'words',
    contactPhone: 'phone',
  },
  services: { 'Snow Removal': 'snow' },
  statuses: { Done: 'closed', Twice: 'duplicate' },
  areas: [{ kind: 'ward', column: 'ward' }],
  dummyPoints: [{ lon: -77, lat: 39 }],
});
const header = ['id', 'type', 'opened', 'lon', 'lat', 'status', 'words', 'phone', 'ward'];
const good = ['26-1', 'Snow Removal', '2026-01-27T12:00:00Z', '-77.03', '38.91', 'Done', '', '', '7'];
const map = (cells: readonly string[], over: Partial<SourceMapping> = {}): MappedRequest | Refusal =>
  mapRows({ ...mapping, ...over }, { line: 1, cells: header }, city, now, 'f.csv')({ line: 7, cells });
const withCell = (name: string, value: string): string[] => good.map((cell, i) => (header[i] === name ? value : cell));
const refused = (name: string, value: string): Refusal => {
  const mapped = map(withCell(name, value));
  if (!isRefusal(mapped)) throw new Error(`expected a refusal of ${name} = ${value}`);
  return mapped;
};

describe('mapRows', () => {
  it('says a row in our words', () => {
    expect(map(good)).to.deep.equal({
      line: 7,
      sourceId: '26-1',
      serviceType: 'snow',
      place: { lon: -77.03, lat: 38.91 },
      address: null,
      reportedAt: new Date('2026-01-27T12:00:00Z'),
      status: 'closed',
      sourceStatus: 'Done',
      closedAt: null,
      updatedAt: null,
      words: null,
      contact: null,
      areaCodes: ['ward:7'],
    });
  });

  it('takes a local time in the city zone, also on the day the clocks change', () => {
    const at = (text: string): string => {
      const mapped = map(withCell('opened', text));
      return isRefusal(mapped) ? mapped.reason : mapped.reportedAt.toISOString();
    };
    expect(at('2025-07-01T12:00:00')).to.equal('2025-07-01T16:00:00.000Z');
    expect(at('2025-11-02 12:00:00')).to.equal('2025-11-02T17:00:00.000Z');
    expect(at('2026-01-27T12:00:00+01:00')).to.equal('2026-01-27T11:00:00.000Z');
  });

  it('names line, column, value and reason of what is wrong', () => {
    expect(refused('id', '')).to.include({ line: 7, column: 'id', value: '' });
    expect(refused('type', 'Moon dust').reason).to.contain('snow, pothole, other');
    expect(refused('opened', '27/01/2026').reason).to.contain('ISO 8601');
    expect(refused('opened', '2026-13-41T00:00:00Z').reason).to.contain('ISO 8601');
    expect(refused('opened', '0000-01-01T00:00:00Z').reason).to.contain('outside the years');
    expect(refused('opened', '2027-01-01T00:00:00Z').reason).to.contain('future');
    expect(refused('lon', 'NaN').reason).to.contain('not a number');
    expect(refused('lat', 'Infinity').reason).to.contain('not a number');
    expect(refused('lat', '38,91').reason).to.contain('decimal comma');
    expect(refused('lon', '').reason).to.contain('the other coordinate');
    expect(refused('lat', '91').reason).to.contain('between -90 and 90');
    expect(refused('lon', '-181').reason).to.contain('between -180 and 180');
    expect(refused('words', 'x'.repeat(4001)).reason).to.contain('4000');
  });

  it('says that coordinates look swapped when they do', () => {
    const swapped = map(good.map((cell, i) => (header[i] === 'lon' ? '38.91' : header[i] === 'lat' ? '-77.03' : cell)));
    expect(swapped).to.include({ column: 'lat', value: '38.91, -77.03' });
    expect(isRefusal(swapped) && swapped.reason).to.contain('swapped');
  });

  it('keeps a request without a place, and takes the dummy point of its source for none', () => {
    const nowhere = map(good.map((cell, i) => (header[i] === 'lon' || header[i] === 'lat' ? '' : cell)));
    expect(nowhere).to.include({ place: null });
    expect(map(good.map((cell, i) => (header[i] === 'lon' ? '-77' : header[i] === 'lat' ? '39' : cell)))).to.include({
      place: null,
    });
    expect(map(good.map((cell, i) => (header[i] === 'lon' || header[i] === 'lat' ? '0' : cell)))).to.include({ place: null });
  });

  it('says when a row has too few or too many cells', () => {
    expect(map(good.slice(1))).to.include({ line: 7, column: '(whole row)' });
    expect(map([...good, 'more'])).to.include({ line: 7, column: '(whole row)' });
  });

  it('gives unknown services to the catalogue service the mapping names for them', () => {
    expect(map(withCell('type', 'Moon dust'), { otherService: 'other' })).to.include({ serviceType: 'other' });
  });

  it('refuses a header without a needed column, or with one twice', () => {
    const with_ = (cells: string[]) => () => mapRows(mapping, { line: 1, cells }, city, now, 'f.csv');
    expect(with_(['id', 'type', 'lon', 'lat'])).to.throw(UnreadableFile, /lacks "opened"/);
    expect(with_([...header, 'id'])).to.throw(UnreadableFile, /"?id"? twice \(columns 1 and 10\)/);
  });
});

describe('source mappings', () => {
  it('are all valid', async () => {
    for (const name of SOURCE_NAMES) expect((await loadMapping(name)).source).to.be.a('string');
  });

  it('are named in the sentence that refuses another one', async () => {
    const error: unknown = await loadMapping('boston').catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain('generic, dc, baltimore');
  });

  it('read the other spellings of time that Baltimore uses', () => {
    const columns = ['servicerequestnum', 'srtype', 'createddate', 'longitude', 'latitude', 'srstatus'];
    const row = mapRows(
      SourceMapping.parse(baltimore),
      { line: 1, cells: columns },
      { ...city, serviceCode: (word) => word },
      now,
      'b.csv',
    )({
      line: 2,
      cells: ['18-00332461', 'TRS-Parking Complaint', '2018/05/08 07:51:45+00', '-76.59421238', '39.36135724', 'Closed'],
    });
    expect(row).to.deep.include({ reportedAt: new Date('2018-05-08T07:51:45Z'), status: 'closed' });
  });
});
