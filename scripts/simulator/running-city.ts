import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openDb, type Db } from '../../db/knex.ts';
import { resolveDatabase, type ResolvedDatabase } from '../../db/engines/resolve-database.ts';
import type { OnProgress } from '../../db/engines/progress.ts';
import { migrate } from '../../db/migrate.ts';
import { systemActor } from '../../server/platform/actor.ts';
import { inChange, type ChangeTools } from '../../server/platform/change.ts';
import { simulatedClock } from '../../server/platform/clock.ts';
import { randomIds, seededIds } from '../../server/platform/ids.ts';
import { ensureShifts } from '../../server/stages/rostering/ensure-shifts.ts';
import type { Enrolled, EnrolmentCode } from '../../server/stores/accounts/contract.ts';
import { createSignInLink } from '../../server/stores/accounts/sessions.ts';
import { createAccount, findAccount, issueApiKey } from '../../server/stores/accounts/store.ts';
import type { LoadedCity } from '../../server/stores/city/load.ts';
import { installCity } from '../../server/stores/city/store.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import { apiClient, type ApiClient, type Traffic } from './api-client.ts';
import { emptyDemoDatabase, markDemoDatabase } from './demo-database.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

export interface CityRun {
  readonly city: LoadedCity;
  /** THUMA_HOME: where the imported roads and OSRM lie. */
  readonly home: string;
  /** Where this run's database and log lie. */
  readonly folder: string;
  readonly serviceDay: string;
  readonly startAt: Date;
  /** The first so many crews of the city's folder; all when left out. */
  readonly crews?: number;
  /** Ids are made from it; left out, nobody can guess them. */
  readonly seed?: number;
  readonly port?: number;
  readonly databaseUrl?: string | undefined;
  /** A demo: its database is emptied first, when a demo filled it. */
  readonly demo?: boolean;
  readonly onProgress?: OnProgress;
  /** Aborted: what has been started is stopped again, and the start rejects. */
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** A started city with everything a simulation needs to talk to it from outside. */
export interface RunningCity {
  readonly server: ServerProcess;
  readonly database: ResolvedDatabase;
  /** For the report, after the day; the day itself goes through the public API. */
  readonly db: Db;
  readonly traffic: Traffic;
  readonly desk: ApiClient;
  readonly admin: ApiClient;
  readonly integrator: ApiClient;
  /** One-time links for people: dispatcher, supervisor. */
  links(): Promise<{ role: string; url: string }[]>;
  shifts(): Promise<DispatcherShift[]>;
  enrol(vehicleId: string, label: string): Promise<Enrolled>;
  /** A code with which a person makes their phone this vehicle's, good for minutes. */
  enrolmentCode(vehicleId: string, label: string): Promise<EnrolmentCode>;
  /** A session of its own, for a client that is not ours. */
  cookie(role: 'dispatcher' | 'supervisor' | 'admin'): Promise<string>;
  /** Starts the server again at the same address and on the same data, after somebody killed it. */
  startServerAgain(): Promise<void>;
  stop(): Promise<void>;
}

const ACCOUNTS = [
  { role: 'dispatcher', name: 'Dispatcher' },
  { role: 'supervisor', name: 'Supervisor' },
  { role: 'admin', name: 'Simulator' },
  { role: 'integrator', name: '311' },
] as const;
const SIMULATED_DESK = { role: 'dispatcher', name: 'Simulated desk' } as const;

type Account = { id: string; role: 'dispatcher' | 'supervisor' | 'admin' | 'integrator'; name: string };

/** Fills an empty or known database with the city, its shifts of the day and the accounts the simulation signs in with. */
async function furnish(db: Db, run: CityRun): Promise<{ accounts: Account[]; apiKey: string }> {
  await migrate(db);
  if (run.demo === true) await markDemoDatabase(db);
  const tools: ChangeTools = {
    db,
    clock: simulatedClock(run.startAt),
    ids: run.seed === undefined ? randomIds : seededIds(run.seed ^ 0xc17),
    readers: [],
    committed: () => undefined,
  };
  return inChange(tools, systemActor, async (change) => {
    await installCity(change, run.city);
    await ensureShifts(change, run.city, run.serviceDay, run.crews === undefined ? {} : { crews: run.crews });
    const accounts: Account[] = [];
    // In a demo people are dispatchers too: what the simulated one does is told apart by its account.
    for (const { role, name } of run.demo === true ? [...ACCOUNTS, SIMULATED_DESK] : ACCOUNTS) {
      const account =
        (await findAccount(change.tx, role, name)) ??
        (await createAccount(change, { role, displayName: name, organisationId: null, areaIds: [], login: null }));
      accounts.push({ id: account.id, role, name });
    }
    const apiKey = await issueApiKey(change, accounts.find(({ role }) => role === 'integrator')!.id);
    return { accounts, apiKey };
  });
}

async function signIn(base: string, token: string): Promise<string> {
  const response = await fetch(`${base}/api/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'thuma-request': '1', origin: base },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`signing in failed: ${response.status} ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Starts database and server for one city and day, and signs the simulation's own people in. */
export async function startCity(run: CityRun): Promise<RunningCity> {
  await mkdir(run.folder, { recursive: true });
  const database = await resolveDatabase({
    home: run.folder,
    databaseUrl: run.databaseUrl,
    prefer: process.env['THUMA_DATABASE'] === 'embedded' ? 'embedded' : undefined,
    env: process.env,
    ...(run.onProgress === undefined ? {} : { onProgress: run.onProgress }),
  });
  let db: Db | undefined;
  let server: ServerProcess | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await db?.destroy();
    await database.stop();
  };
  try {
    run.signal?.throwIfAborted();
    db = openDb(database.connection, { applicationName: 'thuma-simulator', maxConnections: 2 });
    if (run.demo === true) await emptyDemoDatabase(db, database.kind !== 'external');
    const { accounts, apiKey } = await furnish(db, run);
    run.signal?.throwIfAborted();
    const traffic: Traffic = { requests: 0, retries: 0, longestMs: 0 };
    const startServer = (port: string): Promise<ServerProcess> =>
      startServerProcess(
        {
          THUMA_HOME: run.home,
          THUMA_CITY: run.city.config.name,
          THUMA_CLOCK: 'simulated',
          THUMA_CLOCK_START: run.startAt.toISOString(),
          DATABASE_URL: database.connection.url,
          PORT: port,
          RATE_LIMITS: 'off',
          ...(run.seed === undefined ? {} : { THUMA_SEED: String(run.seed) }),
          ...run.env,
        },
        path.join(run.folder, 'server.log'),
      );
    let serving = (server = await startServer(String(run.port ?? 0)));
    const { base } = serving;
    const known = db;
    const link = async (account: Account): Promise<{ token: string; path: string }> =>
      createSignInLink(known, { accountId: account.id, wallNow: new Date() });
    const sessionOf = async (account: Account): Promise<string> => signIn(base, (await link(account)).token);
    const cookie = (role: Account['role']): Promise<string> => sessionOf(accounts.find((account) => account.role === role)!);
    const client = async (session: Promise<string>): Promise<ApiClient> =>
      apiClient(base, { kind: 'session', cookie: await session }, traffic);
    const simulatedDesk = accounts.find(({ name }) => name === SIMULATED_DESK.name);
    const desk = await client(simulatedDesk === undefined ? cookie('dispatcher') : sessionOf(simulatedDesk));
    const admin = await client(cookie('admin'));
    run.signal?.throwIfAborted();
    return {
      get server() {
        return serving;
      },
      database,
      db,
      traffic,
      desk,
      admin,
      integrator: apiClient(base, { kind: 'key', key: apiKey }, traffic),
      links: () =>
        Promise.all(
          accounts
            .filter(({ role, name }) => (role === 'dispatcher' && name !== SIMULATED_DESK.name) || role === 'supervisor')
            .map(async (account) => ({ role: account.role, url: base + (await link(account)).path })),
        ),
      shifts: async () => (await desk.get<DispatcherShift[]>(`/api/shifts?day=${run.serviceDay}`)).body,
      async enrol(vehicleId, label) {
        const { body: issued } = await desk.post<EnrolmentCode>('/api/devices/codes', { vehicleId, label });
        const nobody = apiClient(base, { kind: 'nobody' }, traffic);
        return (await nobody.post<Enrolled>('/api/devices/enrol', { code: issued.code, kind: 'crew_phone' })).body;
      },
      enrolmentCode: async (vehicleId, label) =>
        (await desk.post<EnrolmentCode>('/api/devices/codes', { vehicleId, label })).body,
      cookie,
      async startServerAgain() {
        await serving.stop();
        serving = server = await startServer(new URL(base).port);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
