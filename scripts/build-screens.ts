import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** The screens could not be built; the message holds what the build said. */
export class ScreensNotBuilt extends Error {
  override readonly name = 'ScreensNotBuilt';
}

const SOURCES = ['dispatcher-ui', 'package-lock.json'];
const STAMP = '.made-from';

function hashOf(root: string): string {
  const hash = createHash('sha256');
  const add = (name: string): void => {
    hash.update(name);
    hash.update(readFileSync(path.join(root, name)));
  };
  for (const source of SOURCES) {
    if (/\.\w+$/.test(source)) add(source);
    else {
      for (const entry of readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => path.relative(root, path.join(file.parentPath, file.name)))
        .sort()) {
        add(entry);
      }
    }
  }
  // A screen imports the contracts it talks by.
  for (const entry of readdirSync(path.join(root, 'server'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (entry.endsWith('contract.ts')) add(path.join('server', entry));
  }
  return hash.digest('hex');
}

/**
 * Builds the screens into dist/ui unless what lies there was made from the same sources. Built beside it and renamed
 * into place: two that build at once, or one that is killed, never leave half of them.
 * @returns whether it had to.
 * @throws ScreensNotBuilt
 */
export async function buildScreens(root: string): Promise<boolean> {
  const dist = path.join(root, 'dist');
  const place = path.join(dist, 'ui');
  const hash = hashOf(root);
  const present = (): boolean => existsSync(path.join(place, STAMP)) && readFileSync(path.join(place, STAMP), 'utf8') === hash;
  if (present()) return false;
  await mkdir(dist, { recursive: true });
  const staging = await mkdtemp(path.join(dist, '.ui-'));
  const clear = (): void => rmSync(staging, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    const made = path.join(staging, 'made');
    await vite(root, made);
    await pack(path.join(made, 'assets'));
    await writeFile(path.join(made, STAMP), hash);
    if (existsSync(place)) await rename(place, path.join(staging, 'before'));
    await rename(made, place).catch((error: unknown) => {
      // Somebody who built the same was quicker.
      if (!present()) throw error;
    });
  } finally {
    process.off('exit', clear);
    clear();
  }
  return true;
}

/** Beside each script and style its gzipped twin: a third of the bytes for a phone, and no work for the server. */
async function pack(assets: string): Promise<void> {
  for (const name of readdirSync(assets).filter((one) => /\.(?:js|css)$/.test(one))) {
    await writeFile(path.join(assets, `${name}.gz`), gzipSync(readFileSync(path.join(assets, name)), { level: 9 }));
  }
}

/** In a process of its own: the bundler's few hundred megabytes are given back. */
function vite(root: string, outDir: string): Promise<void> {
  const program = path.join(root, 'node_modules/vite/bin/vite.js');
  const config = path.join(root, 'dispatcher-ui/vite.config.ts');
  const args = [program, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (): void => void child.kill();
    process.once('exit', stop);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
    }
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', stop);
      if (code === 0) resolve();
      else if (/ENOSPC|no space left/i.test(said))
        reject(new ScreensNotBuilt(`The disk is full: no space for the screens in ${outDir}.`));
      else reject(new ScreensNotBuilt(`The screens could not be built:\n${said.trim()}`));
    });
  });
}
