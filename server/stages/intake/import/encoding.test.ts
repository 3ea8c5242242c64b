import { expect } from 'chai';
import fc from 'fast-check';
import { utf8Guard } from './encoding.ts';
import { UnreadableFile } from './unreadable-file.ts';

function refusal(chunks: readonly Buffer[]): UnreadableFile | null {
  const guard = utf8Guard('requests.csv');
  try {
    for (const chunk of chunks) guard.check(chunk);
    guard.end();
    return null;
  } catch (error) {
    expect(error).to.be.instanceOf(UnreadableFile);
    return error as UnreadableFile;
  }
}

describe('utf8Guard', () => {
  it('lets any UTF-8 text through, wherever the chunks are cut', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.includes('\0'));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (s, cuts) => {
        const bytes = Buffer.from(`a${s}`);
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        expect(refusal(at.slice(1).map((end, i) => bytes.subarray(at[i], end)))).to.equal(null);
      }),
    );
  });

  it('finds the same bad byte wherever the chunks are cut', () => {
    const bytes = Buffer.concat([Buffer.from('id,street\n1,Gårda\n2,Caf'), Buffer.from([0xe9]), Buffer.from('gatan\n')]);
    for (let cut = 1; cut < bytes.length; cut++) {
      const found = refusal([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(found?.place).to.deep.equal({ line: 3, byte: 25 });
    }
  });

  it('names line and byte, and the encoding it looks like', () => {
    const latin = refusal([Buffer.from('a\nb\nM\xf8llegade', 'latin1')]);
    expect(latin?.message).to.contain('line 3').and.to.contain('0xF8').and.to.contain('ISO-8859-1');
    expect(refusal([Buffer.from('\x93quoted\x94', 'latin1')])?.message).to.contain('WINDOWS-1252');
  });

  it('refuses UTF-16 with and without its mark, spreadsheets, archives and an empty file', () => {
    expect(refusal([Buffer.from('\ufeffa,b', 'utf16le')])?.message).to.contain('UTF-16');
    expect(refusal([Buffer.from('a,b\n1,2', 'utf16le')])?.message).to.contain('zero byte');
    expect(refusal([Buffer.from([0x50, 0x4b, 3, 4, 0])])?.message).to.contain('.xlsx');
    expect(refusal([Buffer.from([0x1f, 0x8b, 8, 0])])?.message).to.contain('gunzip');
    expect(refusal([])?.message).to.contain('is empty');
  });

  it('refuses a file that ends inside a character', () => {
    expect(refusal([Buffer.from('a\n\u20ac').subarray(0, 4)])?.place.line).to.equal(2);
  });
});
