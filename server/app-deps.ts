import type { Server } from 'node:http';
import type { Db } from '../db/knex.ts';
import type { Planner as Engine } from '../routing/worker/start-planner.ts';
import type { ChangeTools } from './platform/change.ts';
import type { CityClock, SimulatedClock } from './platform/clock.ts';
import type { Health } from './platform/health.ts';
import type { Route } from './platform/http-route.ts';
import type { IdMaker } from './platform/ids.ts';
import type { Log } from './platform/log.ts';
import type { SocketEvent } from './platform/sockets.ts';
import type { CityRoads } from './roads.ts';
import type { OpenPlanQueue } from './stages/planning/plan-queue.ts';
import type { LoadedCity } from './stores/city/load.ts';
import type { OpenBackgroundJobs } from './platform/background-jobs.ts';
/** What the server is made of; `main.ts` makes the real ones. */
export interface AppDeps {
  readonly db: Db;
  readonly clock: CityClock | SimulatedClock;
  /** Sessions, retries and health never run on the city clock. */
  readonly wallClock: () => Date;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly city: LoadedCity;
  readonly configVersionId: string;
  readonly roads: CityRoads;
  readonly engine: Engine;
  /** The queue that planner processes share; left out: this process makes every plan itself. */
  readonly planQueue?: OpenPlanQueue;
  /** Where the servers of a city meet; null: this one serves alone. */
  readonly redisUrl: string | null;
  /** Background jobs that servers share; left out: this process does them itself. */
  readonly openJobs?: OpenBackgroundJobs;
  /** The folder of the built screens. */
  readonly ui: string;
  /** The folder of the recorded days that are kept. */
  readonly recordedDays: string;
  readonly version: string;
  /** The broker of OwnTracks phones; left out: none. */
  readonly mqtt?: { readonly url: string; readonly clientId: string };
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: number;
  readonly rateLimits: boolean;
  /** Checks every answer against its schema: for tests. */
  readonly checkAnswers?: boolean;
}

export interface App {
  readonly http: Server;
  readonly tools: ChangeTools;
  readonly routes: readonly Route[];
  readonly socketEvents: readonly SocketEvent[];
  readonly health: Health;
  /** Begins to work and to listen; the address people open. Rejects with what listening throws (EADDRINUSE). */
  listen(port: number, host: string): Promise<string>;
  /** Ends everything it began, in order; what it was given is closed by whoever gave it. True when all went well. */
  close(): Promise<boolean>;
  /** The router went away or came back: look now. */
  lookAtHealth(): void;
}
