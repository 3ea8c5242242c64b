import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { DatabaseUnavailable } from '../db/engines/database-unavailable.ts';
import { sentenceOf, Usage } from './failure.ts';

const root = path.join(import.meta.dirname, '..');

describe('what a command says when it fails', () => {
  it('a foreseen fault is its sentence', () => {
    expect(sentenceOf(new Usage('Port 3000 is in use.'))).to.equal('Port 3000 is in use.');
    expect(sentenceOf(new DatabaseUnavailable('no-permission', 'Not here.', { cause: new Error('EACCES') }))).to.equal(
      'Not here.',
    );
  });

  it('a full disk is told wherever it hides among the causes', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', path: '/data/x' });
    expect(sentenceOf(new Error('cannot write', { cause: full }))).to.match(/^The disk is full \(\/data\/x\)/);
  });

  it('a fault of ours is no sentence', () => {
    expect(sentenceOf(new TypeError('x is not a function'))).to.equal(null);
    expect(sentenceOf('thrown text')).to.equal(null);
  });

  for (const script of ['demo', 'test', 'check', 'run']) {
    it(`npm run ${script} on an old Node says so in one sentence`, () => {
      const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`;
      const ran = spawnSync(process.execPath, ['--import', old, `scripts/${script}.mjs`, 'scripts/build.ts', '--help'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(ran.status).to.equal(1);
      expect(ran.stderr).to.match(/^Thuma needs Node 20\.19 or newer; this is 18\.20\.4\. [^\n]+\n$/);
      expect(ran.stdout).to.equal('');
    });
  }

  for (const args of [
    ['import', 'gothenburg', '--without-router'],
    ['new', 'x', '--osm', '/nowhere/x.osm'],
  ]) {
    it(`npm run city -- ${args[0]} says what is wrong with a place in a sentence`, () => {
      const ran = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/city.ts', ...args], {
        cwd: root,
        encoding: 'utf8',
        // A file is no folder.
        env: { ...process.env, THUMA_HOME: path.join(root, 'package.json', 'home') },
        timeout: 60_000,
      });
      expect(ran.status).to.equal(1);
      expect(ran.stderr).to.match(/package\.json\/home cannot be made \(ENOTDIR\)\. Set THUMA_HOME|\/nowhere\/x\.osm/);
      expect(ran.stderr).not.to.contain('    at ');
    });
  }

  it('an unknown option of a command is a sentence, not a stack', () => {
    const ran = spawnSync(process.execPath, ['scripts/demo.mjs', '--colour', 'red'], { cwd: root, encoding: 'utf8' });
    expect(ran.status).to.equal(1);
    expect(ran.stderr).to.match(/^Unknown option '--colour'/);
    expect(ran.stderr).not.to.contain('    at ');
  });
});
