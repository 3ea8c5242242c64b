import { expect } from 'chai';
import fc from 'fast-check';
import { FixBatch, RelayBatch } from './contract.ts';
import { isPlainFixBatch, isPlainRelayBatch } from './plain-fix-batch.ts';

const ORDINARY = {
  deviceSeq: 7,
  fixTime: '2026-01-27T08:30:00.123Z',
  lon: -77.03,
  lat: 38.9,
  accuracyMetres: 4.5,
  speedMps: 0,
  headingDegrees: 359.9,
};

const DEVICE = '0198a9a2-7c3f-7b51-9c43-3f2f0f6f5a11';

describe('a plain batch of fixes', () => {
  it('is what devices send', () => {
    expect(isPlainFixBatch({ fixes: [ORDINARY] })).to.equal(true);
    expect(isPlainFixBatch({ sentAt: ORDINARY.fixTime, fixes: [ORDINARY, { ...ORDINARY, valid: false }] })).to.equal(true);
    expect(isPlainFixBatch({ fixes: [{ deviceSeq: 1, fixTime: ORDINARY.fixTime, lon: 0, lat: 0 }] })).to.equal(true);
  });

  it('is only what the schema takes, as it is', () => {
    const wild = fc.oneof(
      fc.constantFrom<unknown>(null, undefined, '', '1', true, NaN, Infinity, -1, 0, 0.5, 91, 181, 400, 2 ** 53, {}, []),
      fc.constantFrom<unknown>(
        '2026-02-30T00:00:00.000Z',
        '2026-1-1T00:00:00.000Z',
        '1969-12-31T23:59:59.999Z',
        '2201-01-01T00:00:00.000Z',
      ),
      fc.constantFrom<unknown>(
        '20260-01-01T00:00:00.00Z',
        '2026-01-27T24:00:00.000Z',
        '2026-01-27T08:30:00.123+02',
        ORDINARY.fixTime,
      ),
      fc.constantFrom<unknown>(DEVICE, DEVICE.toUpperCase(), DEVICE.replaceAll('-', ''), '00000000-0000-0000-0000-000000000000'),
      fc.double(),
      fc.integer(),
      fc
        .date({ min: new Date('1960-01-01'), max: new Date('2210-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    );
    const key = fc.constantFrom(...Object.keys(ORDINARY), 'valid', 'more', 'deviceId', 'sentAt', 'fixes', '__proto__');
    const bend = fc.array(fc.tuple(key, wild, fc.boolean()), { maxLength: 3 });
    let taken = 0;
    fc.assert(
      fc.property(bend, bend, (ofFix, ofBatch) => {
        const bent = (whole: object, changes: typeof ofFix extends infer T ? T : never): object => {
          const copy: Record<string, unknown> = { ...whole };
          for (const [name, value, gone] of changes) {
            if (gone) delete copy[name];
            else copy[name] = value;
          }
          return copy;
        };
        const relayed = bent({ fixes: [bent({ ...ORDINARY, deviceId: DEVICE }, ofFix)] }, ofBatch);
        if (isPlainRelayBatch(relayed)) {
          taken++;
          expect(RelayBatch.parse(relayed)).to.deep.equal(relayed);
        }
        const batch = bent({ fixes: [bent(ORDINARY, ofFix)] }, ofBatch);
        if (!isPlainFixBatch(batch)) return;
        taken++;
        expect(FixBatch.parse(batch)).to.deep.equal(batch);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).to.be.greaterThan(400);
  });

  it('is no batch of none or of very many: the schema says what is wrong with those', () => {
    for (const input of [null, [], 'fixes', {}, { fixes: [] }, { fixes: [null] }, { fixes: Array(1_001).fill(ORDINARY) }])
      expect(isPlainFixBatch(input)).to.equal(false);
  });
});
