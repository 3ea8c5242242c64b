// Plain JavaScript without dependencies: it runs before there are any (npm test, npm run demo, npm run check).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = path.join(import.meta.dirname, '..');

/**
 * Runs `npm ci` when what is installed is not what package-lock.json says; does nothing otherwise. Of two commands
 * started side by side one installs and the other waits for it.
 * @returns null when the packages are there, else a sentence that says what to do.
 */
export async function ensurePackages() {
  if (firstMissingPackage() === undefined) return null;
  const lock = path.join(os.tmpdir(), `thuma-packages-${createHash('sha256').update(root).digest('hex').slice(0, 12)}.pid`);
  await take(lock);
  // However we end: by Ctrl-C too.
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    const missing = firstMissingPackage();
    return missing === undefined ? null : await install(missing);
  } finally {
    release();
    process.off('exit', release);
  }
}

async function install(missing) {
  const began = performance.now();
  const anew = !existsSync(path.join(root, 'node_modules'));
  console.log(
    anew
      ? 'Packages: npm ci, once; half a minute, two on a slow machine'
      : `Packages: npm ci, because ${missing} is not as package-lock.json says`,
  );
  const { code, error } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (error) return `npm could not be started (${error.message}). Install npm, which comes with Node, and try again.`;
  if (code !== 0) {
    return 'npm ci failed: see its message above. Without a network the packages cannot be fetched; with a full disk they cannot be stored.';
  }
  console.log(`Packages: ready in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return null;
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
    const stop = (name) => {
      child.kill(name);
      process.exit(name === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const end = (result) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(result);
    };
    child.on('error', (error) => end({ code: null, error }));
    child.on('close', (code) => end({ code }));
  });
}

/** The file holds the id of the process that installs; that of a dead one is taken over. */
async function take(lock) {
  for (let told = false; ; told = true) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') return; // no place to write: then without a lock
    }
    if (!lives(lock)) rmSync(lock, { force: true });
    else if (!told) console.log('Packages: another command installs them; waiting for it');
    await sleep(250);
  }
}

function lives(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // It was made a moment ago and is still empty.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * npm keeps a copy of what it installed in node_modules. Compared with it, not with a stamp of our own: whoever
 * installs by hand after a pull is not made to wait for a second installation.
 */
function firstMissingPackage() {
  const locked = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  // Optional ones are for other platforms as often as for this one, and npm leaves those out.
  const needed = Object.entries(locked).filter(([name, entry]) => name !== '' && !entry.optional && !entry.devOptional);
  return needed.find(([name, entry]) => installed[name]?.version !== entry.version)?.[0];
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}
