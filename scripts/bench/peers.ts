import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Usage } from '../failure.ts';
import type { LoadedCase } from './bench-case.ts';
import { requestOf, type PeerRequest } from './peer-request.ts';

/** Exact versions: figures of another version are other figures. */
const PACKAGES = ['pyvroom==1.15.2', 'pyvrp==0.14.1', 'ortools==9.15.6755', 'vrplib==2.2.0'];
const CORES = 2;
/** A solver that has not come back by then, beyond the time it was given, hangs or cannot hold a time limit. */
const PATIENCE_SECONDS = 600;

export type PeerAnswer =
  | {
      readonly kind: 'sequences';
      /** Jobs by shift. */
      readonly sequences: readonly (readonly number[])[];
      /** Its own time to solve, without starting Python and reading the problem. */
      readonly seconds: number;
      readonly iterations: number | null;
      readonly remark?: string;
    }
  | { readonly kind: 'nothing'; readonly because: string; readonly seconds: number };

/** Another solver, given the same problem. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly about: string;
  /** Its answer does not depend on a seed: once an instance is enough. */
  readonly sameForAllSeeds: boolean;
  solve(loaded: LoadedCase, limits: { readonly seconds: number; readonly seed: number }): Promise<PeerAnswer>;
}

/** A Python with the peers in it. */
export interface PeerPython {
  readonly python: string;
}

/**
 * The virtual environment with the peers below THUMA_HOME; made and filled the first time, which takes half a minute.
 * @throws Usage that says what is missing.
 */
export async function peerPython(home: string, say: (line: string) => void): Promise<PeerPython> {
  const folder = path.join(home, 'peers/venv');
  const python = path.join(folder, 'bin/python');
  const done = path.join(folder, `with-${PACKAGES.map((one) => one.replace('==', '-')).join('-')}`);
  if (existsSync(done)) return { python };
  say(`fetching ${PACKAGES.join(', ')} into ${folder}, once`);
  await mkdir(path.dirname(folder), { recursive: true });
  const ran = async (command: string, args: readonly string[]): Promise<void> => {
    const { code, stderr } = await runProcess(command, args, '', PATIENCE_SECONDS);
    if (code === 0) return;
    throw new Usage(`The peers cannot be fetched (${command} ${args.join(' ')}): ${stderr.trim().split('\n').at(-1) ?? ''}`);
  };
  await ran('python3', ['-m', 'venv', folder]);
  await ran(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  await writeFile(done, '');
  return { python };
}

const versionOf = (name: string): string => PACKAGES.find((one) => one.startsWith(`${name}==`))?.split('==')[1] ?? '';

/** PyVRP on both cores: two seeds side by side, the cheaper answer kept. For problems in which every job must be done. */
export function pyvrp({ python }: PeerPython): Peer {
  return {
    name: 'pyvrp',
    version: versionOf('pyvrp'),
    about: 'two seeds side by side at the same wall time, the cheaper kept',
    sameForAllSeeds: false,
    solve: (loaded, { seconds, seed }) =>
      withRequest(requestOf(loaded), async (request) => {
        const runs = Array.from({ length: CORES }, (_, index) =>
          askPython(python, 'pyvrp_runner.py', request, { seconds, seed: seed * CORES + index }, seconds + PATIENCE_SECONDS),
        );
        const answers = await Promise.all(runs);
        return answers.reduce((best, other) => (scoreFor(loaded, other) < scoreFor(loaded, best) ? other : best));
      }),
  };
}

/** OR-Tools on both cores: guided local search from two first solutions side by side, the cheaper answer kept. */
export function ortools({ python }: PeerPython): Peer {
  return {
    name: 'ortools',
    version: versionOf('ortools'),
    about: 'guided local search from two first solutions side by side at the same wall time, the cheaper kept',
    sameForAllSeeds: true,
    solve: (loaded, { seconds }) =>
      withRequest(requestOf(loaded), async (request) => {
        const runs = ['PARALLEL_CHEAPEST_INSERTION', 'SAVINGS'].map((first) =>
          askPython(python, 'ortools_runner.py', request, { seconds, first }, seconds + PATIENCE_SECONDS),
        );
        const answers = await Promise.all(runs);
        return answers.reduce((best, other) => (scoreFor(loaded, other) < scoreFor(loaded, best) ? other : best));
      }),
  };
}

/** A little over the time is still in time: VROOM looks at the clock between steps. */
const IN_TIME = 1.1;
/** Who took less of the time than this came to an end alone. */
const NOT_CUT = 0.95;
const LEVELS = [0, 1, 3, 5] as const;

/** VROOM with all cores: every exploration level that fits the time, the cheapest answer kept; where none does, the lowest with its own time. */
export function vroom(
  { python }: PeerPython,
  translations: readonly [VroomTranslation, ...VroomTranslation[]] = ['as-is'],
): Peer {
  const many =
    translations.length > 1
      ? `; ${translations.length} translations (${translations.join(', ')}), the one our scorer likes best kept`
      : '';
  return {
    name: 'vroom',
    version: versionOf('pyvroom'),
    about: `${CORES} threads, levels 0, 1, 3 and 5 as far as they fit the same wall time, the cheapest kept; level 0 cut by that time where it takes longer, and its own time where it cannot be cut${many}`,
    sameForAllSeeds: true,
    async solve(loaded, { seconds }) {
      let best: PeerAnswer | null = null;
      for (const translation of translations) {
        const answer = await withRequest(requestOf(loaded, translation), (request) =>
          bestInTime((level) => askVroom(python, request, level, translation, seconds), loaded, seconds),
        );
        if (answer !== null && (best === null || scoreFor(loaded, answer) < scoreFor(loaded, best))) best = answer;
      }
      const [first] = translations;
      return best ?? withRequest(requestOf(loaded, first), (request) => askVroom(python, request, LEVELS[0], first, null));
    },
  };
}

export type VroomTranslation = Parameters<typeof requestOf>[1] & string;

/** One level, held to so many seconds; null: in its own time. */
async function askVroom(
  python: string,
  request: string,
  level: number,
  translation: VroomTranslation,
  seconds: number | null,
): Promise<PeerAnswer> {
  const limits = { level, threads: CORES, ...(seconds === null ? {} : { seconds }) };
  const answer = await askPython(
    python,
    'vroom_runner.py',
    request,
    limits,
    seconds === null ? PATIENCE_SECONDS : 2 * seconds + 10,
  );
  if (answer.kind === 'nothing') return answer;
  const words = [
    `level ${level}`,
    ...(translation === 'as-is' ? [] : [translation]),
    ...(seconds === null ? ['IN ITS OWN TIME'] : []),
  ];
  return { ...answer, remark: words.join(', ') };
}

/** The cheapest answer of the levels that fit the time; null when none does. */
async function bestInTime(
  ask: (level: number) => Promise<PeerAnswer>,
  loaded: LoadedCase,
  seconds: number,
): Promise<PeerAnswer | null> {
  let best: PeerAnswer | null = null;
  for (const level of LEVELS) {
    const answer = await ask(level);
    // Too late, or cut before every job that must be done was in. Levels above take longer still.
    if (answer.kind === 'nothing' || answer.seconds > seconds * IN_TIME || scoreFor(loaded, answer) >= INVALID) break;
    const cut = answer.seconds > seconds * NOT_CUT;
    const told: PeerAnswer = cut ? { ...answer, remark: `${answer.remark ?? ''}, cut by the time` } : answer;
    if (best === null || scoreFor(loaded, told) < scoreFor(loaded, best)) best = told;
    if (cut && level === LEVELS[0]) break;
  }
  return best;
}

/** Dearer than anything valid, cheaper than no answer. */
const INVALID = 1e300;

/** For choosing among a peer's own answers: invalid ones last. */
function scoreFor(loaded: LoadedCase, answer: PeerAnswer): number {
  if (answer.kind === 'nothing') return Infinity;
  const { cost, faults } = loaded.scoreSequences(answer.sequences);
  return faults.length > 0 ? INVALID : cost;
}

/** Writes the problem where a Python can read it: figures as JSON, the travel times as 32-bit numbers beside it. */
async function withRequest<T>(request: PeerRequest, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'thuma-bench-'));
  try {
    const file = path.join(folder, 'problem.json');
    const { matrix, ...figures } = request;
    await writeFile(path.join(folder, 'matrix.bin'), Buffer.from(Int32Array.from(matrix).buffer));
    await writeFile(file, JSON.stringify({ ...figures, matrix: path.join(folder, 'matrix.bin') }));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askPython(
  python: string,
  script: string,
  request: string,
  limits: Readonly<Record<string, number | string>>,
  patienceSeconds: number,
): Promise<PeerAnswer> {
  const file = path.join(import.meta.dirname, 'peers', script);
  const { code, stdout, stderr } = await runProcess(python, [file, request], JSON.stringify(limits), patienceSeconds);
  if (code === null) return { kind: 'nothing', because: `did not end within ${patienceSeconds} s`, seconds: patienceSeconds };
  if (code !== 0) return { kind: 'nothing', because: stderr.trim().split('\n').at(-1) ?? `ended with ${code}`, seconds: 0 };
  const answer = JSON.parse(stdout) as { sequences: number[][] | null; seconds: number; iterations: number | null };
  if (answer.sequences === null) return { kind: 'nothing', because: 'found no valid answer', seconds: answer.seconds };
  return { kind: 'sequences', sequences: answer.sequences, seconds: answer.seconds, iterations: answer.iterations };
}

/** Runs a process to its end; `code` is null when it was ended after `patienceSeconds`. */
function runProcess(
  command: string,
  args: readonly string[],
  input: string,
  patienceSeconds: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const stop = (): boolean => child.kill('SIGKILL');
    process.once('exit', stop);
    const timer = setTimeout(stop, patienceSeconds * 1000);
    const ended = (code: number | null, said = ''): void => {
      clearTimeout(timer);
      process.off('exit', stop);
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: said || Buffer.concat(err).toString() });
    };
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    child.on('error', (error) => ended(1, error.message));
    child.on('close', (code) => ended(code));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
