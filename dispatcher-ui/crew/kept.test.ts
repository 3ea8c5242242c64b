import { expect } from 'chai';
import { keeperOf } from './kept.ts';
import { EMPTY_OUTBOX, press } from './outbox.ts';
import { hourIn, themeFor } from './phone-theme.ts';

function memory(most = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > most) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('what the phone keeps', () => {
  it('is there again after a reload', () => {
    const storage = memory();
    const outbox = press(EMPTY_OUTBOX, { kind: 'seen', shiftId: 's', orderVersion: 2 }, { actionId: 'a', nowMs: 0, holdMs: 0 });
    expect(keeperOf(storage).write('outbox', outbox)).to.equal(true);
    expect(keeperOf(storage).read('outbox')).to.deep.equal(outbox);
    keeperOf(storage).forget('outbox');
    expect(keeperOf(storage).read('outbox')).to.equal(null);
  });

  it('says so when the phone refuses to keep it, and reads nonsense as nothing', () => {
    const storage = memory(10);
    expect(keeperOf(storage).write('outbox', EMPTY_OUTBOX)).to.equal(false);
    storage.kept.set('thuma.phone.1.outbox', '{"lastSeq":');
    expect(keeperOf(storage).read('outbox')).to.equal(null);
  });
});

describe('light and dark on the phone', () => {
  it('is light by day and dark at night, unless the crew has chosen', () => {
    expect([5, 6, 12, 19, 20, 23].map((hour) => themeFor('auto', hour))).to.deep.equal([
      'dark',
      'light',
      'light',
      'light',
      'dark',
      'dark',
    ]);
    expect(themeFor('light', 23)).to.equal('light');
    expect(themeFor('dark', 12)).to.equal('dark');
    expect(hourIn('Europe/Stockholm', Date.parse('2026-03-02T23:10:00Z'))).to.equal(0);
  });
});
