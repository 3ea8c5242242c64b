// `npm run overrides`: what dispatchers changed against the plans, what became of it, and which rule it suggests.
import { parseArgs } from 'node:util';
import path from 'node:path';
import i18next from 'i18next';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { patternText, shareText } from '../dispatcher-ui/fleet/pattern-text.ts';
import { minutesText, whenText } from '../dispatcher-ui/state/format.ts';
import { enLedger } from '../dispatcher-ui/words/en-ledger.ts';
import { readConfig } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { loadCity } from '../server/stores/city/load.ts';
import { AskLedger, type Override, type OverrideLedger } from '../server/stores/overrides/contract.ts';
import { readLedger } from '../server/stores/overrides/ledger.ts';
import { tellFailure, Usage } from './failure.ts';

const HELP = `npm run overrides -- [options]
    what dispatchers changed against the plans, on the database of the environment (as npm start)
  --city NAME    whose times of day they are told in
  --days N       how many days back (28)
  --limit N      how many of the last changes are listed (20)
  --until TIME   back from when; left out: now, or where the newest change is later than that
  --json         as JSON`;

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      city: { type: 'string' },
      days: { type: 'string', default: '28' },
      limit: { type: 'string', default: '20' },
      until: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const ask = AskLedger.safeParse({ days: values.days, limit: values.limit });
  const named = values.until === undefined ? undefined : new Date(values.until);
  if (!ask.success || Number.isNaN(named?.getTime())) throw new Usage(HELP);
  const config = readConfig({ ...process.env, ...(values.city === undefined ? {} : { THUMA_CITY: values.city }) });
  makeHome(config.home);
  const { config: city } = await loadCity(path.resolve(import.meta.dirname, '../cities', config.city));
  const database = await resolveDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl ?? undefined,
    prefer: config.database ?? undefined,
    env: process.env,
  });
  const db = openDb(database.connection, { applicationName: 'thuma-overrides', maxConnections: 1 });
  try {
    await migrate(db);
    // A simulated city has a time of its own: its newest change says which.
    const newest = await db('override').max<{ at: Date | null }[]>({ at: 'at' });
    const until = named ?? newest[0]?.at ?? new Date();
    const ledger = await readLedger(db, ask.data, { organisationId: null, areaIds: [] }, until, city);
    console.log(values.json ? JSON.stringify(ledger) : await say(ledger, ask.data.days, city.zone));
  } finally {
    await db.destroy();
    await database.stop();
  }
}

async function say(ledger: OverrideLedger, days: number, zone: string): Promise<string> {
  await i18next.init({
    lng: 'en',
    resources: { en: { translation: { ledger: enLedger } } },
    interpolation: { escapeValue: false },
  });
  const { t } = i18next;
  if (ledger.total === 0) return t('ledger.empty', { days });
  const now = Date.parse(ledger.until);
  const line = (one: Override): string =>
    [
      whenText(one.at, zone, now).padEnd(13),
      `job ${one.jobNumber}`.padEnd(10),
      t(`ledger.kind.${one.kind}`, { from: one.from?.crewName, to: one.to?.crewName }).padEnd(28),
      t(`ledger.against.${one.against}`).padEnd(24),
      t(`ledger.outcomeOf.${one.outcome}`, { late: minutesText((one.lateSeconds ?? 0) / 60) }).padEnd(18),
      one.price === null ? '' : `price ${one.price}`,
      one.reason ?? '',
    ]
      .join('  ')
      .trimEnd();
  const patterns = ledger.patterns.map(
    (pattern) => `  ${t('ledger.overrides', { count: pattern.support })}: ${patternText(t, pattern)} (${shareText(t, pattern)})`,
  );
  return [
    t('ledger.count', { count: ledger.againstPlan, days }),
    '',
    t('ledger.patterns'),
    ...(patterns.length === 0 ? [`  ${t('ledger.noPatterns')}`] : patterns),
    '',
    t('ledger.last'),
    ...ledger.overrides.map((one) => `  ${line(one)}`),
  ].join('\n');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
