import { z } from 'zod';
import type { CityClock } from './clock.ts';
import type { ClockPace, DependencyStatus, Status } from './contract.ts';
import { Status as StatusSchema } from './contract.ts';
import { route, type Route } from './http-route.ts';
import type { Log } from './log.ts';

export interface Finding {
  readonly state: DependencyStatus['state'];
  readonly detail?: string;
  /** When it knows better than the watch does since when. */
  readonly since?: Date;
}

/** One thing to look after. A probe that throws or takes too long finds it down. */
export interface Probe {
  readonly name: DependencyStatus['name'];
  readonly look: (signal: AbortSignal) => Promise<Finding> | Finding;
}

export interface HealthOptions {
  readonly probes: readonly Probe[];
  readonly clock: CityClock;
  /** Of a simulated city that somebody plays. */
  readonly pace?: () => ClockPace | null;
  /** Health never runs on the city clock. */
  readonly wallClock: () => Date;
  readonly lastSeq: () => number | null;
  readonly log: Log;
  /** Whenever a dependency changes its state, or the server begins to close. */
  readonly onChange?: (status: Status) => void;
  /** Between two looks; 1.5 s, so that with a probe's own patience an outage shows within 5 s. */
  readonly everyMillis?: number;
  readonly patienceMillis?: number;
}

export interface Health {
  status(): Status;
  /** Looks at everything once, now. */
  look(): Promise<void>;
  start(): void;
  /** From now on `ready` is false: no new work is sent here. */
  close(): void;
  stop(): Promise<void>;
}

/** Without these nothing can be changed; without the others the work goes on with less. */
const ESSENTIAL: ReadonlySet<string> = new Set(['database', 'positions']);

/** Looks after the dependencies and tells when one changes. */
export function watchHealth(options: HealthOptions): Health {
  const { probes, wallClock, log } = options;
  const known = new Map<string, DependencyStatus>(
    probes.map(({ name }) => [
      name,
      { name, state: 'down', since: wallClock().toISOString(), detail: 'has not been looked at yet' },
    ]),
  );
  let closing = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;

  const status = (): Status => {
    const dependencies = probes.map(({ name }) => known.get(name)!);
    const pace = options.pace?.() ?? null;
    return {
      ready: !closing && dependencies.every((d) => d.state !== 'down' || !ESSENTIAL.has(d.name)),
      closing,
      dependencies,
      degraded: dependencies.filter((d) => d.state !== 'ok').map((d) => d.name),
      clock: { kind: options.clock.kind, now: options.clock.now().toISOString(), ...(pace === null ? {} : { pace }) },
      lastSeq: options.lastSeq(),
      at: wallClock().toISOString(),
    };
  };

  const lookAt = async (probe: Probe): Promise<boolean> => {
    const before = known.get(probe.name)!;
    const found = await patiently(probe, options.patienceMillis ?? 1_500);
    const detail = found.detail ?? null;
    if (found.state === before.state && detail === before.detail) return false;
    const since = found.state === before.state ? before.since : (found.since ?? wallClock()).toISOString();
    known.set(probe.name, { name: probe.name, state: found.state, since, detail });
    if (found.state !== before.state) {
      const line = { dependency: probe.name, state: found.state, detail };
      log[found.state === 'ok' ? 'info' : 'warn'](line, `${probe.name} is ${found.state}`);
    }
    return true;
  };

  const look = (): Promise<void> => {
    looking ??= Promise.all(probes.map(lookAt))
      .then((changed) => {
        if (changed.includes(true)) options.onChange?.(status());
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };

  return {
    status,
    look,
    start() {
      const next = async () => {
        await look().catch((error: unknown) => log.error({ err: error }, 'health could not be told'));
        if (!stopped) timer = setTimeout(() => void next(), options.everyMillis ?? 1_500);
      };
      void next();
    },
    close() {
      closing = true;
      options.onChange?.(status());
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
}

async function patiently(probe: Probe, millis: number): Promise<Finding> {
  const signal = AbortSignal.timeout(millis);
  const tooLate = new Promise<Finding>((resolve) => {
    signal.addEventListener('abort', () => resolve({ state: 'down', detail: 'does not answer' }), { once: true });
  });
  const looked = (async () => probe.look(signal))().catch((error: unknown): Finding => ({
    state: 'down',
    detail: sentence(error),
  }));
  return Promise.race([looked, tooLate]);
}

/** For everybody to read: no address, no user name. */
const sentence = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `cannot be reached${code}`;
};

/** GET /health/live, /health/ready and /api/status */
export function healthRoutes(health: Health): Route[] {
  return [
    route({
      method: 'get',
      path: '/health/live',
      action: 'health.read',
      summary: 'The process runs and answers',
      answer: z.strictObject({ live: z.literal(true) }),
      handle: () => Promise.resolve({ live: true as const }),
    }),
    route({
      method: 'get',
      path: '/health/ready',
      action: 'health.read',
      summary: 'Every dependency; 503 when changes would be refused',
      answer: StatusSchema,
      handle({ res }) {
        const status = health.status();
        res.status(status.ready ? 200 : 503).json(status);
        return Promise.resolve(status);
      },
    }),
    route({
      method: 'get',
      path: '/api/status',
      action: 'city.read',
      summary: 'How the server is, what time it is in the city, and the newest event',
      answer: StatusSchema,
      handle: () => Promise.resolve(health.status()),
    }),
  ];
}
