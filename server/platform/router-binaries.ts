import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzip } from 'fflate';

const run = promisify(execFile);

/** The release we fetch and test with. Its wheel holds real executables; Python only downloads it. */
export const OSRM_RELEASE = '26.10.0';
const PACKAGE = 'osrm-bindings';

/** What the wheels of this release are, by `process.platform`-`process.arch`; there are no others. */
const WHEELS: Readonly<Record<string, { tag: string; sha256: string }>> = {
  'linux-x64': {
    tag: 'manylinux_2_28_x86_64',
    sha256: '840d6f82812eb9f9e17c71eb9083dfa15f3be2bfec4965c32aefa48b00d3a951',
  },
  'linux-arm64': {
    tag: 'manylinux_2_28_aarch64',
    sha256: 'df2d386949756b3de034662d2abb378ff1d60ee9b0d5e33c0da4080dc29164a4',
  },
  'darwin-arm64': {
    tag: 'macosx_15_0_arm64',
    sha256: '70b36c422a972225e26c38789197f5b018459ebbdfacc244dd968dee859a721b',
  },
};

const PIPS: readonly (readonly [string, ...string[]])[] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
const DOWNLOAD_MILLIS = 180_000;

/** Executables of one OSRM release and the road profile that goes with them. */
export interface RouterBinaries {
  readonly from: 'path' | 'wheel';
  /** As `osrm-routed --version` says, without the v; part of every road version. */
  readonly release: string;
  readonly routed: string;
  readonly extract: string;
  readonly contract: string;
  /** car.lua; its libraries lie beside it. */
  readonly profile: string;
}

/** Where roads are asked: somebody else's router, or executables we run ourselves. */
export type Router =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'binaries'; readonly binaries: RouterBinaries };

/** No OSRM can be had; the message says what a person can do. The caller then runs on estimates. */
export class NoRouter extends Error {
  override readonly name = 'NoRouter';
}

export interface FindRouterOptions {
  /** The value of OSRM_URL. */
  readonly url: string | undefined;
  /** The value of PATH. */
  readonly searchPath: string | undefined;
  /** THUMA_HOME: the wheel is unpacked below it, once. */
  readonly home: string;
  /** One line of progress. */
  readonly say?: (line: string) => void;
}

/** OSRM_URL, else `osrm-routed` on the PATH, else the wheel (fetched once). Throws NoRouter with a sentence. */
export async function findRouter(options: FindRouterOptions): Promise<Router> {
  if (options.url) return { kind: 'url', url: options.url };
  const installed = await findOnPath(options.searchPath ?? '');
  if (installed) return { kind: 'binaries', binaries: installed };
  return { kind: 'binaries', binaries: await fetchRouter(options.home, options.say) };
}

/** OSRM's tools and profile as a system package or a build installs them; null when any is missing. */
export async function findOnPath(searchPath: string): Promise<RouterBinaries | null> {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const routed = path.join(folder, 'osrm-routed');
    if (!(await executable(routed))) continue;
    const extract = path.join(folder, 'osrm-extract');
    const contract = path.join(folder, 'osrm-contract');
    if (!(await executable(extract)) || !(await executable(contract))) continue;
    for (const share of ['share/osrm/profiles', 'share/profiles']) {
      const profile = path.join(folder, '..', share, 'car.lua');
      const release = (await exists(profile)) ? await releaseOf(routed) : null;
      if (release) return { from: 'path', release, routed, extract, contract, profile };
    }
  }
  return null;
}

/**
 * The wheel's executables, unpacked in `home/osrm/RELEASE`; downloaded by pip when they are not there yet.
 * Hash checked before anything is unpacked, renamed into place when complete. Throws NoRouter.
 */
export async function fetchRouter(home: string, say: (line: string) => void = () => undefined): Promise<RouterBinaries> {
  const folder = path.join(home, 'osrm', OSRM_RELEASE);
  if (await exists(path.join(folder, 'osrm/bin/osrm-routed'))) return checked(folder);

  const platform = `${process.platform}-${process.arch}`;
  const wheel = WHEELS[platform];
  if (!wheel) {
    throw new NoRouter(
      `There is no ready-made OSRM ${OSRM_RELEASE} for ${platform}. Install osrm-backend so that osrm-routed is on the PATH, or set OSRM_URL to a running router.`,
    );
  }
  await mkdir(path.dirname(folder), { recursive: true });
  const staging = await mkdtemp(path.join(path.dirname(folder), '.fetching-'));
  try {
    say(`Fetching OSRM ${OSRM_RELEASE} for ${platform} (about 21 MB)`);
    const archive = await download(staging, wheel.tag);
    const sha256 = createHash('sha256').update(archive).digest('hex');
    if (sha256 !== wheel.sha256) {
      throw new NoRouter(
        `The downloaded OSRM is not the one we know (sha256 ${sha256}, expected ${wheel.sha256}). It was thrown away; check what package index pip uses here.`,
      );
    }
    const unpacked = path.join(staging, 'unpacked');
    await unpack(archive, unpacked);
    try {
      await rename(unpacked, folder);
    } catch (error) {
      // Two that start side by side both fetch; the first to finish has put the same files there.
      if (!(await exists(path.join(folder, 'osrm/bin/osrm-routed')))) throw error;
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return checked(folder);
}

async function checked(folder: string): Promise<RouterBinaries> {
  const bin = (name: string) => path.join(folder, 'osrm/bin', name);
  const release = await releaseOf(bin('osrm-routed'));
  if (!release) {
    throw new NoRouter(
      `OSRM in ${folder} does not run on this machine (it needs glibc 2.28 or macOS 15). Install osrm-backend so that osrm-routed is on the PATH, or set OSRM_URL to a running router.`,
    );
  }
  return {
    from: 'wheel',
    release,
    routed: bin('osrm-routed'),
    extract: bin('osrm-extract'),
    contract: bin('osrm-contract'),
    profile: path.join(folder, 'osrm/share/profiles/car.lua'),
  };
}

async function download(into: string, tag: string): Promise<Uint8Array> {
  const wanted = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    '3.12',
    '--implementation',
    'cp',
    '--abi',
    'abi3',
  ];
  const rest = [
    '--platform',
    tag,
    '--dest',
    into,
    '--disable-pip-version-check',
    '--no-input',
    '--retries',
    '2',
    '--timeout',
    '15',
    `${PACKAGE}==${OSRM_RELEASE}`,
  ];
  let failure = '';
  for (const [command, ...before] of PIPS) {
    try {
      await run(command, [...before, ...wanted, ...rest], { timeout: DOWNLOAD_MILLIS, maxBuffer: 16 * 2 ** 20 });
    } catch (error) {
      if (missing(error)) continue;
      // The other spellings are the same pip, and would wait for the same network.
      failure = lastLine(error);
      if (/No space left|Disk quota/i.test(failure)) {
        throw new NoRouter(`OSRM ${OSRM_RELEASE} could not be stored: the disk is full. Free some space, about 500 MB.`);
      }
      break;
    }
    const file = (await readdir(into)).find((name) => name.endsWith('.whl'));
    if (file) return readFile(path.join(into, file));
  }
  throw failure
    ? new NoRouter(
        `OSRM ${OSRM_RELEASE} could not be downloaded (${failure}). Check the network, or set OSRM_URL, or put osrm-routed on the PATH.`,
      )
    : new NoRouter(
        'OSRM could not be downloaded: there is no Python 3 with pip here. Install python3-pip, or set OSRM_URL, or put osrm-routed on the PATH.',
      );
}

/** Only the executables, their profiles and their licence; the Python parts stay in the archive. */
async function unpack(archive: Uint8Array, folder: string): Promise<void> {
  const wanted = (name: string) => /^osrm\/(bin|share)\/.*[^/]$/.test(name) || name.endsWith('/LICENSE.TXT');
  const files = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(archive, { filter: (file) => wanted(file.name) }, (error, entries) => (error ? reject(error) : resolve(entries)));
  });
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    if (!target.startsWith(folder + path.sep))
      throw new NoRouter(`The OSRM archive holds a path that leaves its folder: ${name}`);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    if (name.startsWith('osrm/bin/')) await chmod(target, 0o755);
  }
}

async function releaseOf(routed: string): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(routed, ['--version'], { timeout: 10_000 });
    return /v?(\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? null;
  } catch {
    return null;
  }
}

const missing = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === 'ENOENT') || /No module named pip/.test(error.message));

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : String(error);
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? 'unknown error';
}

async function executable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
