import { expect } from 'chai';
import fc from 'fast-check';
import { findJsonFault, parseJson } from './json-text.ts';
import { Problem } from './problem.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('json text', () => {
  it('finds a fault exactly where there is one, however the text is broken', () => {
    const broken = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(200),
        fc.nat(3),
        fc.constantFrom('', ',', '"', '{', ']', 'x', '\\', '\n', '0', '-', '.'),
      )
      .map(([text, at, cut, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut));
    fc.assert(
      fc.property(broken, (text) => {
        expect(findJsonFault(text) === null).to.equal(isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('says line and column', () => {
    const parse = () => parseJson(new TextEncoder().encode('{\n  "a": 1,\n  "b": tru\n}'));
    expect(parse).to.throw(Problem, 'line 3, column 8');
  });

  it('gives back what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(new TextEncoder().encode(text))).to.deep.equal(JSON.parse(text));
      }),
    );
  });
});
