// `npm run rebuild -- PLAN_ID`: makes a past plan again from what it saw, and says whether it is the same. Changes nothing.
import { parseArgs } from 'node:util';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import { readConfig } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { Problem } from '../server/platform/problem.ts';
import { rebuildPlan, type Rebuilt } from '../server/stages/planning/rebuild-plan.ts';
import { PlanId } from '../server/stores/plans/contract.ts';
import { tellFailure, Usage } from './failure.ts';

const HELP = `npm run rebuild -- PLAN_ID [options]
    makes a past plan again from everything it saw, on the database of the environment (as npm start), and compares:
    ends with code 1 when it is not the same, byte for byte
  --city NAME    accepted for the settings' sake: the database is one city's
  --json         the result as JSON`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { city: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const planId = PlanId.safeParse(positionals[0]);
  if (!planId.success || positionals.length !== 1) throw new Usage(HELP);
  const config = readConfig({ ...process.env, ...(values.city === undefined ? {} : { THUMA_CITY: values.city }) });
  makeHome(config.home);
  const database = await resolveDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl ?? undefined,
    prefer: config.database ?? undefined,
    env: process.env,
  });
  const db = openDb(database.connection, { applicationName: 'thuma-rebuild', maxConnections: 1 });
  const engine = startPlanner();
  try {
    await migrate(db);
    const rebuilt = await rebuildPlan(db, engine, planId.data);
    console.log(values.json ? JSON.stringify(rebuilt) : say(rebuilt));
    return rebuilt.same ? 0 : 1;
  } catch (error) {
    // No such plan, or one that cannot be read: a sentence for whoever typed the id.
    throw error instanceof Problem && error.status < 500 ? new Usage(error.message) : error;
  } finally {
    await engine.close();
    await db.destroy();
    await database.stop();
  }
}

function say(rebuilt: Rebuilt): string {
  const { same, storedHash, rebuiltHash, engine, rebuiltBy, differences } = rebuilt;
  const other = engine === rebuiltBy ? '' : `\nThe plan is of ${engine}, this program has ${rebuiltBy}: they need not agree.`;
  return [
    `stored   ${storedHash}  ${engine}`,
    `rebuilt  ${rebuiltHash}  ${rebuiltBy}`,
    same ? 'same, byte for byte' : `not the same:${other}\n${differences.map((one) => `  ${one}`).join('\n')}`,
  ].join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
