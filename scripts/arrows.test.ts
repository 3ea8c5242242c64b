import { expect } from 'chai';
import { cycles, wrongArrow, wrongPlace } from './arrows.ts';
import { readImports } from './read-imports.ts';

const arrow = (from: string, target: string): string | undefined => wrongArrow({ from, target, isPackage: false });
const uses = (from: string, target: string): string | undefined => wrongArrow({ from, target, isPackage: true });

describe('arrows', () => {
  it('keeps the engine to itself, its tests too', () => {
    expect(arrow('routing/search/stop.ts', 'routing/units.ts')).to.equal(undefined);
    expect(arrow('routing/solve.ts', 'db/knex.ts')).to.contain('imports nothing outside itself');
    expect(arrow('routing/solve.test.ts', 'server/stores/jobs/contract.ts')).to.contain('imports nothing outside itself');
    expect(uses('routing/assignment/solve.ts', 'javascript-lp-solver')).to.equal(undefined);
  });

  it('lets contracts import contracts, units and zod only', () => {
    expect(arrow('server/stores/jobs/contract.ts', 'server/stores/cases/contract.ts')).to.equal(undefined);
    expect(arrow('server/stores/jobs/contract.ts', 'routing/units.ts')).to.equal(undefined);
    expect(uses('server/stores/jobs/contract.ts', 'zod')).to.equal(undefined);
    expect(uses('server/stores/jobs/contract.ts', 'zod/v4')).to.equal(undefined);
    expect(uses('server/stores/jobs/contract.ts', 'express')).to.be.a('string');
    expect(uses('server/stores/jobs/contract.ts', 'node:fs')).to.be.a('string');
    expect(arrow('server/stores/jobs/contract.ts', 'server/stores/jobs/store.ts')).to.be.a('string');
    expect(arrow('server/platform/contract.ts', 'db/knex.ts')).to.be.a('string');
  });

  it('keeps nouns from each other, but for the one writer of state', () => {
    expect(arrow('server/stores/jobs/store.ts', 'server/stores/cases/contract.ts')).to.equal(undefined);
    expect(arrow('server/stores/jobs/store.ts', 'server/stores/cases/store.ts')).to.be.a('string');
    expect(arrow('server/stores/work/apply.ts', 'server/stores/cases/store.ts')).to.equal(undefined);
    expect(arrow('server/stores/jobs/store.ts', 'server/stages/planning/plan.ts')).to.be.a('string');
    expect(arrow('server/stores/work/apply.ts', 'server/stages/planning/plan.ts')).to.be.a('string');
    expect(arrow('server/stores/workshop/store.ts', 'server/stores/cases/store.ts')).to.be.a('string');
  });

  it('keeps verbs from each other, and the engine for those that plan', () => {
    expect(arrow('server/stages/planning/plan.ts', 'routing/solve.ts')).to.equal(undefined);
    expect(arrow('server/stages/crew-day/day.ts', 'routing/directions/text.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.ts', 'routing/solve.ts')).to.be.a('string');
    expect(arrow('server/stages/intake/http.ts', 'routing/units.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.ts', 'server/stages/dispatch/publish.ts')).to.be.a('string');
    expect(arrow('server/stages/live/live.ts', 'server/stages/crew-day/contract.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.ts', 'server/stages/intake/csv/rows.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.ts', 'db/knex.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.ts', 'db/geo.ts')).to.be.a('string');
  });

  it('keeps the base from looking up, and the screens from tables', () => {
    expect(arrow('db/geo.ts', 'routing/units.ts')).to.equal(undefined);
    expect(arrow('db/geo.ts', 'routing/problem.ts')).to.be.a('string');
    expect(arrow('db/knex.ts', 'server/platform/log.ts')).to.be.a('string');
    expect(arrow('server/platform/log.ts', 'server/stores/cases/contract.ts')).to.be.a('string');
    expect(arrow('dispatcher-ui/map/map.ts', 'server/stores/cases/contract.ts')).to.equal(undefined);
    expect(arrow('dispatcher-ui/map/map.tsx', 'server/stores/cases/store.ts')).to.be.a('string');
    expect(arrow('dispatcher-ui/map/map.ts', 'db/contract.ts')).to.be.a('string');
  });

  it('lets the roots and the tests import what they need, and nobody import tests or scripts', () => {
    expect(arrow('server/main.ts', 'db/engines/resolve-database.ts')).to.equal(undefined);
    expect(arrow('server/app.ts', 'server/stages/intake/http.ts')).to.equal(undefined);
    expect(arrow('server/stages/intake/http.db.test.ts', 'db/testing.ts')).to.equal(undefined);
    expect(arrow('server/stores/cases/store.ts', 'db/testing.ts')).to.contain('only tests');
    expect(arrow('server/main.ts', 'scripts/simulator/way.ts')).to.contain('nothing imports scripts');
    expect(arrow('server/app.ts', 'server/app.test.ts')).to.contain('only tests');
    expect(arrow('scripts/day.ts', 'server/main.ts')).to.equal(undefined);
    expect(arrow('elsewhere/x.ts', 'db/knex.ts')).to.contain('no arrow is drawn');
  });

  it('refuses index files, drawers, other names and files without end', () => {
    expect(wrongPlace('server/stores/jobs/store.ts', 300)).to.deep.equal([]);
    expect(wrongPlace('dispatcher-ui/shared/last-per-frame.ts', 20)).to.have.length(1);
    expect(wrongPlace('db/embedded.smoke.test.ts', 20)).to.deep.equal([]);
    expect(wrongPlace('server/index.ts', 1)).to.have.length(1);
    expect(wrongPlace('dispatcher-ui/index.tsx', 1)).to.have.length(1);
    expect(wrongPlace('server/utils/time.ts', 1)).to.have.length(1);
    expect(wrongPlace('server/platform/helpers.ts', 1)).to.have.length(1);
    expect(wrongPlace('server/jobStore.ts', 1)).to.have.length(1);
    expect(wrongPlace('server/store.ts', 501)).to.have.length(1);
  });

  it('finds cycles, each once', () => {
    const edge = (from: string, target: string) => ({ from, target, isPackage: false });
    const imports = [
      edge('a.ts', 'b.ts'),
      edge('b.ts', 'c.ts'),
      edge('c.ts', 'a.ts'),
      edge('d.ts', 'a.ts'),
      edge('d.ts', 'd.ts'),
    ];
    expect(cycles(imports)).to.deep.equal(['import cycle: a.ts -> b.ts -> c.ts -> a.ts', 'import cycle: d.ts -> d.ts']);
    expect(cycles([edge('a.ts', 'b.ts'), edge('a.ts', 'c.ts'), edge('b.ts', 'c.ts')])).to.deep.equal([]);
  });
});

describe('readImports', () => {
  const targets = (text: string, file = 'server/stages/a/x.ts') => readImports(file, text).map(({ target }) => target);

  it('sees every way to import', () => {
    expect(targets(`import a from './a.ts';`)).to.deep.equal(['server/stages/a/a.ts']);
    expect(targets(`import './a.ts'`)).to.deep.equal(['server/stages/a/a.ts']);
    expect(targets(`import type { A } from '../b/a.ts';`)).to.deep.equal(['server/stages/b/a.ts']);
    expect(targets(`export { a } from "../../app.ts"; export * from './b.ts'`)).to.deep.equal([
      'server/app.ts',
      'server/stages/a/b.ts',
    ]);
    expect(targets(`const a = await import('./a.ts'); type B = import('./b.ts').B;`)).to.deep.equal([
      'server/stages/a/a.ts',
      'server/stages/a/b.ts',
    ]);
    expect(targets(`new Worker(new URL('./solve.ts', import.meta.url))`)).to.deep.equal(['server/stages/a/solve.ts']);
    expect(targets(`import x = require('./a.ts'); const y = require('zod')`)).to.deep.equal(['server/stages/a/a.ts', 'zod']);
    expect(targets(`export const A = () => <div>{lazy(() => import('./b.tsx'))}</div>`, 'dispatcher-ui/a.tsx')).to.deep.equal([
      'dispatcher-ui/b.tsx',
    ]);
  });

  it('is not deceived by comments, texts and data files', () => {
    expect(
      targets(`// import './a.ts'\nconst a = "import './a.ts'"; new URL('./a.json', import.meta.url); new URL('/x', base)`),
    ).to.deep.equal([]);
  });
});
