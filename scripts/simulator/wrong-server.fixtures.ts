import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { openDb } from '../../db/knex.ts';
import { anonymousActor } from '../../server/platform/actor.ts';
import { realClock } from '../../server/platform/clock.ts';
import { randomIds } from '../../server/platform/ids.ts';
import { act } from '../../server/stores/work/act.ts';
import { JobCommand } from '../../server/stores/work/contract.ts';
import { z } from 'zod';

/**
 * Two designs that lose or double work when they are killed, over the real store, for the test of the history checker:
 * `early` answers before it has committed, `forgetful` commits before it answers but does not keep the client's id.
 */
const [, , design, url] = process.argv;
const db = openDb({ url: url!, maxConnections: 8 }, { applicationName: 'wrong-server' });
const tools = { db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
const Body = z.strictObject({ envelope: z.strictObject({ actionId: z.uuid() }), command: JobCommand });
const COMMIT_AFTER_MS = 25;

const server = createServer((req, res) => {
  void (async () => {
    const { envelope, command } = Body.parse(JSON.parse(await text(req)));
    const say = (body: unknown): void => void res.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (command.type !== 'job.change') throw new Error('only job.change is done here');
    const actor = { ...anonymousActor, role: 'dispatcher' as const };
    if (design === 'early') {
      say({ jobs: [{ id: command.jobId, version: command.version + 1 }] });
      await sleep(COMMIT_AFTER_MS);
      await act(tools, actor, 'all', envelope, command);
      return;
    }
    // No id to know a repetition by, and so no version either, or every repetition would be refused.
    const { version } = await db('job').where({ id: command.jobId }).first<{ version: number }>('version');
    const { body } = await act(tools, actor, 'all', { actionId: randomIds.next(new Date()) }, { ...command, version });
    await sleep(COMMIT_AFTER_MS);
    say(body);
  })().catch((error: unknown) => {
    console.error(error);
    if (!res.headersSent) res.statusCode = 503;
    res.end('{}');
  });
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () =>
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
