import { expect } from 'chai';
import { decodeLine } from '../../routing/directions/polyline.ts';
import { openDiary } from './diary.ts';

const at = (minute: number): number => Date.UTC(2026, 2, 2, 8, minute);
const iso = (minute: number): string => new Date(at(minute)).toISOString();
const depot = { lon: 11.97, lat: 57.7 };
const site = { lon: 11.98, lat: 57.71 };

describe('a crew’s diary', () => {
  it('is without gaps from sign-on to sign-off, and what goes on still is cut', () => {
    const diary = openDiary();
    diary.becomes('idle', at(0), [depot]);
    diary.becomes('driving', at(5), [depot, site], 2042);
    diary.becomes('idle', at(15), [site]);
    diary.becomes('working', at(16), [site], 2042);
    expect(diary.kept(at(30)).stretches.map(({ kind, from, until, jobNumber }) => [kind, from, until, jobNumber])).to.deep.equal([
      ['idle', iso(0), iso(5), null],
      ['drive', iso(5), iso(15), 2042],
      ['idle', iso(15), iso(16), null],
      ['work', iso(16), iso(30), 2042],
    ]);
    const way = decodeLine(diary.kept(at(30)).stretches[1]!.line);
    expect([way[0], way.at(-1)]).to.deep.equal([depot, site]);
  });

  it('waiting on is one stretch, one of no length is none, and off duty is not told', () => {
    const diary = openDiary();
    diary.becomes('idle', at(0), [depot]);
    diary.becomes('idle', at(10), [depot]);
    diary.becomes('break', at(20), [depot]);
    diary.becomes('working', at(20), [site], 1);
    diary.becomes('off', at(40), [site]);
    diary.silent(at(12), at(18));
    diary.silent(at(59), at(70));
    const kept = diary.kept(at(50));
    expect(kept.stretches.map(({ kind, from, until }) => [kind, from, until])).to.deep.equal([
      ['idle', iso(0), iso(20)],
      ['work', iso(20), iso(40)],
    ]);
    expect(kept.silences).to.deep.equal([{ from: iso(12), until: iso(18) }]);
  });
});
