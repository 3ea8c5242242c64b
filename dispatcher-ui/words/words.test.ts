import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ASSIGNMENT_STATES } from '../../server/stores/assignments/contract.ts';
import { CASE_STATES } from '../../server/stores/cases/contract.ts';
import { JOB_STATES } from '../../server/stores/jobs/contract.ts';
import { Notice } from '../../server/stores/notifications/contract.ts';
import { PlanCost } from '../../server/stores/plans/contract.ts';
import { LeftAlone, QUESTION_KINDS } from '../../server/stores/work/contract.ts';
import { en } from './en.ts';
import { enGallery } from './en-gallery.ts';

const root = path.join(import.meta.dirname, '..');

/** Every dotted word there is; plurals count as their stem too. */
function known(words: object, before = ''): Set<string> {
  const all = new Set<string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') {
      all.add(before + key);
      all.add(before + key.replace(/_(one|other)$/, ''));
    } else for (const word of known(value as object, `${before}${key}.`)) all.add(word);
  }
  return all;
}

describe('words', () => {
  it('every word a screen asks for is there', () => {
    const words = known({ ...en, gallery: enGallery });
    const asked: string[] = [];
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || file.includes('.test.')) continue;
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const [, word] of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) asked.push(word!);
      for (const [, word] of text.matchAll(/word: '([\w.]+)'/g)) asked.push(word!);
    }
    expect(asked.length).to.be.above(150);
    expect([...new Set(asked)].filter((word) => !words.has(word))).to.deep.equal([]);
  });

  it('every state, question and reason has a word', () => {
    expect(Object.keys(en.state).sort()).to.deep.equal([...JOB_STATES].sort());
    expect(Object.keys(en.assignment).sort()).to.deep.equal([...ASSIGNMENT_STATES].sort());
    expect(Object.keys(en.caseState).sort()).to.deep.equal([...CASE_STATES].sort());
    expect(Object.keys(en.report.state).sort()).to.deep.equal([...CASE_STATES].sort());
    expect(
      Object.keys(en.report.notice)
        .map((key) => `notice.${key}`)
        .sort(),
    ).to.deep.equal([...Notice.options].sort());
    expect(Object.keys(en.questions.kind).sort()).to.deep.equal([...QUESTION_KINDS].sort());
    expect(Object.keys(en.costTerm).sort()).to.deep.equal(Object.keys(PlanCost.shape).sort());
    expect(Object.keys(en.plan.because).sort()).to.deep.equal([...LeftAlone.shape.because.options].sort());
  });
});
