// `npm run export-plan -- PLAN_ID [FILE]`: a kept plan as one file that `npm run verify` judges on any machine. Changes nothing.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { readConfig } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { Problem } from '../server/platform/problem.ts';
import { documentName, exportPlan, getPlanToExport } from '../server/stages/planning/export-plan.ts';
import { PlanId } from '../server/stores/plans/contract.ts';
import { tellFailure, Usage } from './failure.ts';

const HELP = `npm run export-plan -- PLAN_ID [FILE] [options]
    writes a kept plan with its problem and the certificate of its bound, from the database of the environment (as npm start),
    to plan-PLAN_ID.json or to FILE; "-" writes to standard output. npm run verify -- FILE then judges it on any machine.
  --city NAME    accepted for the settings' sake: the database is one city's`;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { city: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const planId = PlanId.safeParse(positionals[0]);
  if (!planId.success || positionals.length > 2) throw new Usage(HELP);
  const file = positionals[1] ?? documentName(planId.data);
  const config = readConfig({ ...process.env, ...(values.city === undefined ? {} : { THUMA_CITY: values.city }) });
  makeHome(config.home);
  const database = await resolveDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl ?? undefined,
    prefer: config.database ?? undefined,
    env: process.env,
  });
  const db = openDb(database.connection, { applicationName: 'thuma-export-plan', maxConnections: 1 });
  try {
    await migrate(db);
    const document = await exportPlan(db, await getPlanToExport(db, planId.data));
    if (file === '-') process.stdout.write(document);
    else {
      await writeFile(file, document);
      console.log(`${file}: ${Math.ceil(document.byteLength / 1_024)} KiB. npm run verify -- ${file} judges it.`);
    }
  } catch (error) {
    // No such plan, or one that cannot be read: a sentence for whoever typed the id.
    throw error instanceof Problem && error.status < 500 ? new Usage(error.message) : error;
  } finally {
    await db.destroy();
    await database.stop();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
