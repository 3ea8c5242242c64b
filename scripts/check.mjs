/**
 * npm run check: types, lint, arrows, format, unused code, schema dump. Runs them all, says how long each took, shows
 * what the failed ones said, and ends with exit code 1 when one failed.
 *
 *   node scripts/check.mjs [name ...]      only these: types lint arrows format unused schema
 */
import './require-node.mjs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensurePackages, root } from './packages.mjs';

const bin = (packagePath) => path.join(root, 'node_modules', packagePath);
const typescript = bin('typescript/bin/tsc');
/** The longest first, so that two at a time end together. */
const CHECKS = [
  { name: 'lint', args: [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'] },
  { name: 'types', title: 'types (server, engine, scripts)', args: [typescript, '--noEmit', '-p', '.'] },
  {
    name: 'types',
    title: 'types (screens)',
    args: [typescript, '--noEmit', '-p', 'dispatcher-ui'],
    when: existsSync(path.join(root, 'dispatcher-ui/tsconfig.json')),
  },
  { name: 'unused', title: 'unused code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { name: 'schema', title: 'schema dump', args: ['--import', 'tsx', 'scripts/schema.ts', '--check'] },
  { name: 'arrows', args: ['--import', 'tsx', 'scripts/check-arrows.ts'] },
];

async function main() {
  const missing = await ensurePackages();
  if (missing !== null) return refuse(missing);
  const wanted = process.argv.slice(2);
  const names = new Set(CHECKS.map(({ name }) => name));
  if (wanted.includes('--help')) return console.log(`Usage: npm run check -- [name ...], of ${[...names].join(', ')}`);
  const unknown = wanted.find((name) => !names.has(name));
  if (unknown) return refuse(`There is no check "${unknown}"; there are ${[...names].join(', ')}.`);
  const waiting = CHECKS.filter(({ name, when }) => when !== false && (wanted.length === 0 || wanted.includes(name)));
  const began = performance.now();
  const failed = [];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await run(check);
      tell(result);
      if (!result.passed) failed.push(result.title);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, work));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(failed.length === 0 ? `\nAll checks passed in ${seconds} s` : `\nFailed: ${failed.join(', ')} (${seconds} s)`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function run({ name, title = name, args }) {
  const began = performance.now();
  return new Promise((resolve) => {
    let said = '';
    const keep = (text) => (said += text);
    const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const end = (passed) => resolve({ title, passed, said: said.trim(), seconds: (performance.now() - began) / 1000 });
    child.on('error', (error) => {
      said += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

function tell({ title, passed, said, seconds }) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${title.padEnd(32)} ${seconds.toFixed(1).padStart(5)} s`);
  // What a passed check says is worth a line only when it skipped something.
  if (said && (!passed || said.includes('***'))) console.log(said.replaceAll(/^/gm, '       '));
}

function refuse(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}

await main();
