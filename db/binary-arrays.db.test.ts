import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { float4Array, float8Array, int4Array, int8Array, timestamptzArray, uuidArray } from './binary-arrays.ts';
import { freshDb, type FreshDb } from './testing.ts';

const TYPES = ['uuid', 'float8', 'float4', 'int4', 'int8', 'timestamptz'] as const;
type Type = (typeof TYPES)[number];
const SELECTS = Object.fromEntries(
  TYPES.map((type) => [type, `select value from unnest(?::${type}[]) with ordinality as one(value, n) order by n`]),
) as Record<Type, string>;

describe('arrays in binary', () => {
  let fresh: FreshDb;
  before(async () => (fresh = await freshDb()));
  after(() => fresh.drop());

  async function back<T>(type: Type, buffer: Buffer): Promise<T[]> {
    const { rows } = await fresh.db.raw<{ rows: { value: T }[] }>(SELECTS[type], [buffer]);
    return rows.map(({ value }) => value);
  }
  const numbers = (...values: number[]): Float64Array => Float64Array.from(values);

  it('are read by PostgreSQL as what they were made of', async () => {
    const ids = [randomUUID(), null, randomUUID().toUpperCase()];
    expect(await back('uuid', uuidArray(ids))).to.deep.equal([ids[0], null, ids[2]!.toLowerCase()]);
    expect(await back('float8', float8Array(numbers(1.5, NaN, -1e-300, 179.1234567)))).to.deep.equal([
      1.5,
      null,
      -1e-300,
      179.1234567,
    ]);
    expect(await back('float4', float4Array(numbers(0.25, NaN, -3)))).to.deep.equal([0.25, null, -3]);
    expect(await back('int4', int4Array(numbers(0, -1, 2_147_483_647)))).to.deep.equal([0, -1, 2_147_483_647]);
    const large = [0, -1, -4_294_967_296, 4_294_967_295, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect((await back<number | string>('int8', int8Array(numbers(...large)))).map(Number)).to.deep.equal(large);
  });

  it('of none are empty arrays', async () => {
    expect(await back('float8', float8Array(numbers()))).to.deep.equal([]);
    expect(await back('uuid', uuidArray([]))).to.deep.equal([]);
  });

  it('of any times come back to the millisecond', async () => {
    const millis = fc.integer({ min: Date.parse('1970-01-01'), max: Date.parse('2200-12-31') });
    await fc.assert(
      fc.asyncProperty(fc.array(millis, { minLength: 1, maxLength: 50 }), async (times) => {
        const read = await back<Date>('timestamptz', timestamptzArray(numbers(...times)));
        expect(read.map((time) => time.getTime())).to.deep.equal(times);
      }),
      { numRuns: 30 },
    );
  });
});
