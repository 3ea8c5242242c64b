import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { anInput } from '../routing/formats/vroom/fixtures.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

describe('npm run solve', function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'solve-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs the command as npm does; `given` is its standard input. */
  const solve = (args: readonly string[], given = '') =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const command = ['scripts/run.mjs', 'scripts/solve.ts', ...args];
      const child = execFile(process.execPath, command, { cwd: ROOT }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
      child.stdin!.end(given);
    });

  it('reads standard input and answers on standard output', async () => {
    const { code, out, err } = await solve(['-', '--seconds', '1'], JSON.stringify(anInput()));
    expect(code, err).to.equal(0);
    expect((JSON.parse(out) as { summary: object }).summary).to.include({ cost: 200, routes: 1, unassigned: 0 });
  });

  it('reads a file, writes a file, and ends with the code of VROOM when it refuses', async () => {
    const file = path.join(folder, 'problem.json');
    const output = path.join(folder, 'answer.json');
    await writeFile(file, JSON.stringify(anInput({ foo: 1 })));
    const { code, out, err } = await solve([file, '-o', output]);
    expect([code, out]).to.deep.equal([2, '']);
    expect(err).to.match(/^foo: /);
    expect(JSON.parse(await readFile(output, 'utf8'))).to.include({ code: 2 });
  });

  it('needs somewhere to ask for the way, and estimates when told to', async () => {
    const input = { vehicles: [{ id: 1, start: [11.97, 57.7] }], jobs: [{ id: 1, location: [11.98, 57.71] }] };
    expect((await solve(['-'], JSON.stringify(input))).code).to.equal(3);
    const { code, out } = await solve(['-', '--estimate', '-g', '--seconds', '1'], JSON.stringify(input));
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.include({ travel_times: 'estimate' }).and.have.nested.property('routes[0].geometry');
  });

  it('gives the times of given steps with -c', async () => {
    const vehicles = [{ id: 1, start_index: 0, time_window: [0, 50], steps: [{ type: 'job', id: 1 }] }];
    const { code, out } = await solve(['-', '-c'], JSON.stringify(anInput({ vehicles })));
    expect(code).to.equal(0);
    expect((JSON.parse(out) as { summary: { violations: object[] } }).summary.violations).to.deep.equal([
      { cause: 'delay', duration: 60 },
    ]);
  });
});
