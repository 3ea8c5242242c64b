import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { NoRouter, fetchRouter, findOnPath, findRouter } from './router-binaries.ts';

describe('finding OSRM', () => {
  let folder: string;
  const searchPath = process.env['PATH'];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'thuma-osrm-'));
  });
  afterEach(async () => {
    process.env['PATH'] = searchPath;
    await rm(folder, { recursive: true, force: true });
  });
  const script = async (file: string, text: string) => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
  };
  const refusal = async (): Promise<string> => {
    const error: unknown = await fetchRouter(path.join(folder, 'home')).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NoRouter);
    return (error as NoRouter).message;
  };
  const unpacked = async () => readdir(path.join(folder, 'home/osrm')).catch(() => []);

  it('takes OSRM_URL before anything else', async () => {
    expect(await findRouter({ url: 'http://router:5000', searchPath: '', home: folder })).to.deep.equal({
      kind: 'url',
      url: 'http://router:5000',
    });
  });

  it('takes what is on the PATH when tools and profile are all there', async () => {
    const bin = path.join(folder, 'usr/bin');
    for (const tool of ['osrm-extract', 'osrm-contract']) await script(path.join(bin, tool), 'exit 0');
    await script(path.join(bin, 'osrm-routed'), 'echo v5.27.1');
    expect(await findOnPath(bin)).to.equal(null);
    const profile = path.join(folder, 'usr/share/osrm/profiles/car.lua');
    await script(profile, '');
    expect(await findOnPath(`/nowhere${path.delimiter}${bin}`)).to.deep.include({ from: 'path', release: '5.27.1', profile });
  });

  it('says so when there is no Python to fetch it with', async () => {
    process.env['PATH'] = path.join(folder, 'empty');
    expect(await refusal()).to.contain('there is no Python 3 with pip here');
  });

  it('says why a download failed', async () => {
    await script(path.join(folder, 'bin/python3'), 'echo "ERROR: No route to host" >&2; exit 1');
    process.env['PATH'] = path.join(folder, 'bin');
    expect(await refusal()).to.contain('No route to host');
    expect(await unpacked()).to.deep.equal([]);
  });

  it('throws away an archive that is not the one we know', async () => {
    await script(
      path.join(folder, 'bin/python3'),
      'while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then echo evil > "$2/osrm.whl"; fi; shift; done',
    );
    process.env['PATH'] = path.join(folder, 'bin');
    expect(await refusal()).to.contain('is not the one we know');
    expect(await unpacked()).to.deep.equal([]);
  });
});
