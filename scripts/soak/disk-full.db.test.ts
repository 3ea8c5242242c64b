import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import '../../db/testing.ts';
import { findPostgresBinaries } from '../../db/engines/binaries.ts';
import { startCluster, type Cluster } from '../../db/engines/cluster.ts';
import { openDb, type Db } from '../../db/knex.ts';
import { migrate } from '../../db/migrate.ts';
import { realClock } from '../../server/platform/clock.ts';
import { quiet } from '../../server/platform/test-server.ts';
import { ORDINARY_LIMITS } from '../../server/stages/tracking/pipeline.ts';
import { tracking, type Tracking } from '../../server/stages/tracking/receive.ts';
import { deviceBindings } from '../../server/stores/positions/bindings.ts';
import type { SentFix } from '../../server/stores/positions/contract.ts';
import { aFleet } from '../../server/stores/positions/testing.ts';
import { vehicleShifts } from '../../server/stores/positions/vehicle-shifts.ts';
import { aFixWriter, checkFixes, wrongMarkers } from './fix-history.ts';

const DISK = '256m';
const BATCH = 500;
const MEGABYTE = Buffer.alloc(1024 * 1024);

/** A small disk of its own, full in the middle of the work and then free again. */
describe('a full disk under the database', function () {
  this.timeout(120_000);
  let disk: string;
  let mounted = false;
  let cluster: Cluster;
  let db: Db;
  let positions: Tracking;

  before(async function () {
    disk = mkdtempSync(path.join(os.tmpdir(), 'thuma-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=711`, 'tmpfs', disk], { stdio: 'pipe' });
      mounted = true;
    } catch {
      console.warn('\n*** SKIPPED: a full disk under the database; only root may mount a small one.\n');
      this.skip();
    }
    mkdirSync(path.join(disk, 'home'));
    chmodSync(path.join(disk, 'home'), 0o711);
    const folder = path.join(disk, 'home', 'pg');
    cluster = await startCluster({ folder, binaries: findPostgresBinaries(process.env), durable: true });
    db = openDb(cluster.connection, { applicationName: 'disk-full' });
    await migrate(db);
  });
  after(async () => {
    await positions?.stop();
    await db?.destroy();
    await cluster?.stop();
    if (mounted) execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('refuses positions as long as it is full, loses none that it acknowledged, and goes on by itself', async () => {
    const now = Date.now();
    const fleet = await aFleet(db, { from: new Date(now - 3_600_000), until: new Date(now + 3_600_000) });
    positions = tracking({
      db,
      clock: realClock,
      bindings: deviceBindings(60_000, () => performance.now()),
      shifts: vehicleShifts(60_000, () => performance.now()),
      limits: ORDINARY_LIMITS,
      onMoved: () => undefined,
      onRestored: () => undefined,
      log: quiet,
      tickMillis: 20,
      count: () => undefined,
      onStored: () => Promise.resolve(),
    });
    const writer = aFixWriter(fleet.deviceId, '');
    const start = now - 3_000_000;
    const send = async (batch: readonly SentFix[]): Promise<boolean> => {
      try {
        await positions.receive(fleet.actor, { fixes: [...batch] });
      } catch {
        return false;
      }
      for (const { deviceSeq } of batch) writer.made.get(deviceSeq)!.acknowledged = true;
      return true;
    };
    const next = (): SentFix[] =>
      Array.from({ length: BATCH }, () => {
        const deviceSeq = writer.made.size + 1;
        const fixTime = new Date(start + deviceSeq * 20).toISOString();
        writer.made.set(deviceSeq, { fixTime, acknowledged: false });
        return { deviceSeq, fixTime, lon: -77 + deviceSeq * 1e-7, lat: 38.9, accuracyMetres: 5 };
      });
    for (let n = 0; n < 4; n++) expect(await send(next())).to.equal(true);
    const ballast = path.join(disk, 'ballast');
    try {
      for (;;) appendFileSync(ballast, MEGABYTE);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).to.equal('ENOSPC');
    }
    let refused: SentFix[] | null = null;
    for (let n = 0; n < 200 && refused === null; n++) {
      const batch = next();
      if (!(await send(batch))) refused = batch;
    }
    expect(refused, 'a batch that the full disk refused').not.to.equal(null);
    rmSync(ballast);
    const from = performance.now();
    while (!(await send(refused!))) {
      expect(performance.now() - from, 'until it goes on').to.be.lessThan(60_000);
      await sleep(200);
    }
    expect(await send(next())).to.equal(true);
    await positions.keepRestored();
    expect(await checkFixes(db, [writer])).to.deep.equal({ lost: [], doubled: [], contradicted: [] });
    expect(await wrongMarkers(db)).to.deep.equal([]);
  });
});
