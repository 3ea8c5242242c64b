import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDb } from '../../db/knex.ts';
import { hashToken } from '../../server/platform/tokens.ts';
import { FixBatch } from '../../server/stores/positions/contract.ts';
import { FixRows, type StoredFix } from '../../server/stores/positions/fix-rows.ts';
import { writePositions } from '../../server/stores/positions/store.ts';

/**
 * Two designs that lose or double positions when they are killed, over the real store, for the test of the checker:
 * `early` answers before it has committed, `keyless` works on a table without a key and has forgotten what it stored.
 */
const [, , design, url, port] = process.argv;
const db = openDb({ url: url!, maxConnections: 8 }, { applicationName: 'wrong-positions' });
const COMMIT_AFTER_MILLIS = 50;

const server = createServer((req, res) => {
  void (async () => {
    const token = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')![1]!;
    const device = await db('device')
      .where({ token_hash: hashToken(token) })
      .first<{ id: string }>('id');
    const batch = FixBatch.parse(JSON.parse(await text(req)));
    const at = new Date();
    const fixes = batch.fixes.map((fix): StoredFix => {
      const time = new Date(fix.fixTime);
      return {
        deviceId: device.id,
        vehicleId: null,
        deviceSeq: fix.deviceSeq,
        fixTime: time,
        correctedTime: time,
        receivedAt: at,
        lon: fix.lon,
        lat: fix.lat,
        accuracyMetres: null,
        speedMps: null,
        headingDegrees: null,
        source: 'crew_phone',
        flags: 0,
      };
    });
    const through = fixes.at(-1)!.deviceSeq;
    const say = (): void => {
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ through, stored: fixes.length, known: 0 }));
    };
    if (design === 'early') say();
    await sleep(COMMIT_AFTER_MILLIS);
    await writePositions(db, FixRows.of(fixes), [], [{ deviceId: device.id, seq: through, at }]);
    if (design !== 'early') say();
  })().catch((error: unknown) => {
    console.error(error);
    if (!res.headersSent) res.statusCode = 503;
    res.end('{}');
  });
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
