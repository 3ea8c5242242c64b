import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymousActor, type Actor } from './actor.ts';
import { realClock } from './clock.ts';
import { sessionCookie, type Credentials, type Identify } from './credentials.ts';
import { createHttp, type HttpOptions } from './http-server.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Role } from './policy.ts';

/** For tests: the real HTTP application on a free port, with whatever routes are under test. */
export interface TestServer {
  readonly url: string;
  readonly http: Server;
  close(): Promise<void>;
}

export const quiet: Log = createLog({ level: 'silent' });

/** A token that `byRoleName` takes for this role. */
export const tokenFor = (role: Role): string => `token-of-a-test-${role}`;

/** Everybody is who their token says; nobody else is known. */
export const byRoleName: Identify = ({ token }: Credentials): Promise<Actor | null> => {
  const role = /^token-of-a-test-(\w+)$/.exec(token)?.[1] as Role | undefined;
  const id = '00000000-0000-7000-8000-000000000001';
  return Promise.resolve(role === undefined ? null : { ...anonymousActor, role, accountId: role === 'crew' ? null : id });
};

/** Starts the application on a free loopback port. */
export async function startTestServer(options: Partial<HttpOptions> & Pick<HttpOptions, 'routes'>): Promise<TestServer> {
  const metrics = createMetrics();
  const app = createHttp({
    identify: byRoleName,
    cookie: sessionCookie(false),
    origins: { publicUrl: null, allowed: [] },
    clock: realClock,
    log: quiet,
    metrics,
    rateLimits: null,
    trustProxy: false,
    bounds: () => null,
    checkAnswers: true,
    ...options,
  });
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    http,
    close: () =>
      new Promise((resolve) => {
        metrics.close();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
