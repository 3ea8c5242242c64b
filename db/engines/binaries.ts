import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** One installed PostgreSQL that has PostGIS. */
export interface PostgresBinaries {
  /** Folder of initdb, postgres, pg_dump. */
  readonly bin: string;
  readonly major: number;
}

/**
 * Every PostgreSQL >= 15 on this machine whose extension folder holds PostGIS, newest first. Looked for where
 * Debian, Fedora, Homebrew, Postgres.app and the PATH keep them; nothing is started but `pg_config`.
 */
export function findPostgresBinaries(env: NodeJS.ProcessEnv): PostgresBinaries[] {
  const found = new Map<string, PostgresBinaries>();
  for (const bin of candidateFolders(env)) {
    const installed = inspect(bin);
    if (installed && installed.major >= 15) found.set(installed.bin, installed);
  }
  return [...found.values()].sort((a, b) => b.major - a.major);
}

/** What to type to get them, for the sentence that says they are missing. */
export function howToInstallPostgis(platform: NodeJS.Platform): string {
  return platform === 'darwin' ? 'brew install postgresql@17 postgis' : 'apt-get install postgresql-15-postgis-3';
}

function candidateFolders(env: NodeJS.ProcessEnv): string[] {
  const versions = (parent: string, inside: string): string[] =>
    existsSync(parent) ? readdirSync(parent).map((name) => path.join(parent, name, inside)) : [];
  const homebrew = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'].flatMap((opt) =>
    versions(opt, 'bin').filter((folder) => path.basename(path.dirname(folder)).startsWith('postgresql')),
  );
  return [
    ...versions('/usr/lib/postgresql', 'bin'),
    ...versions('/usr/local/lib/postgresql', 'bin'),
    ...versions('/Applications/Postgres.app/Contents/Versions', 'bin'),
    ...homebrew,
    '/usr/pgsql-18/bin',
    '/usr/pgsql-17/bin',
    '/usr/pgsql-16/bin',
    '/usr/pgsql-15/bin',
    ...(env['PATH'] ?? '').split(path.delimiter).filter(Boolean),
  ];
}

function inspect(folder: string): PostgresBinaries | undefined {
  if (!existsSync(path.join(folder, 'initdb')) || !existsSync(path.join(folder, 'postgres'))) return undefined;
  const bin = path.dirname(realpathSync(path.join(folder, 'postgres')));
  const own = path.join(bin, 'pg_config');
  const said = existsSync(own) ? spawnSync(own, ['--version', '--sharedir'], { encoding: 'utf8' }) : undefined;
  const [version, share] = said?.status === 0 ? said.stdout.trim().split('\n') : [];
  return version && share ? withPostgis(bin, version, share) : inspectWithoutConfig(bin);
}

/** Debian's server packages carry no pg_config (it is in libpq-dev); the share folder follows from the version. */
function inspectWithoutConfig(bin: string): PostgresBinaries | undefined {
  const said = spawnSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  if (said.status !== 0) return undefined;
  const major = majorOf(said.stdout);
  const shares = [`/usr/share/postgresql/${major}`, path.join(bin, '../share'), path.join(bin, '../share/postgresql')];
  for (const share of shares) {
    const installed = withPostgis(bin, said.stdout, share);
    if (installed) return installed;
  }
  return undefined;
}

function withPostgis(bin: string, version: string, share: string): PostgresBinaries | undefined {
  const extension = (name: string): boolean => existsSync(path.join(share, 'extension', `${name}.control`));
  return extension('postgis') && extension('btree_gist') ? { bin, major: majorOf(version) } : undefined;
}

function majorOf(version: string): number {
  return Number(/(\d+)(\.\d+|beta|rc|devel)/.exec(version)?.[1] ?? 0);
}
