// `npm run sign-in -- --role admin --name NAME`: how the first person gets in. Whoever may reach the database may make
// a link; from then on an admin makes accounts and links over the API.
import { parseArgs } from 'node:util';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { systemActor } from '../server/platform/actor.ts';
import { inChange, type ChangeTools } from '../server/platform/change.ts';
import { realClock } from '../server/platform/clock.ts';
import { readConfig } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { randomIds } from '../server/platform/ids.ts';
import { NewAccount } from '../server/stores/accounts/contract.ts';
import { createSignInLink } from '../server/stores/accounts/sessions.ts';
import { createAccount, findAccount } from '../server/stores/accounts/store.ts';
import { tellFailure, Usage } from './failure.ts';

const ROLES = ['dispatcher', 'supervisor', 'admin'] as const;
const HELP = `npm run sign-in -- --role ${ROLES.join('|')} --name NAME
    prints a link that signs this person in once, on the database of the environment (as npm start);
    makes the account when nobody active has this role and name`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { role: { type: 'string' }, name: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  const role = ROLES.find((one) => one === values.role);
  const wanted = NewAccount.safeParse({ role, displayName: values.name });
  if (role === undefined || !wanted.success) throw new Usage(HELP);

  const config = readConfig(process.env);
  makeHome(config.home);
  const database = await resolveDatabase({ home: config.home, databaseUrl: config.databaseUrl ?? undefined, env: process.env });
  const db = openDb(database.connection, { applicationName: 'thuma-sign-in', maxConnections: 1 });
  try {
    await migrate(db);
    const tools: ChangeTools = { db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
    const link = await inChange(tools, systemActor, async (change) => {
      const { displayName } = wanted.data;
      const account = (await findAccount(change.tx, role, displayName)) ?? (await createAccount(change, wanted.data));
      return createSignInLink(change.tx, { accountId: account.id, wallNow: new Date() });
    });
    const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
    console.log(`${base.replace(/\/+$/, '')}${link.path}`);
    console.log(`works once, until ${link.expiresAt.toISOString()}`);
  } finally {
    await db.destroy();
    await database.stop();
  }
}
