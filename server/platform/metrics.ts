import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { route, type Route } from './http-route.ts';

export interface Metrics {
  readonly registry: Registry;
  /** `route` is the pattern (/api/cases/:id), never the address asked for. */
  httpAnswered(method: string, route: string, status: number, seconds: number): void;
  socketEvent(name: string, result: string): void;
  sockets(now: number): void;
  /** A figure read when it is asked for. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** A count by one label. */
  counter(name: string, help: string, label: string): (value: string, amount: number) => void;
  /** Ends what measures in the background. */
  close(): void;
}

/** What Prometheus reads at /metrics: the process, HTTP, sockets, and what others add. One registry an app. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const http = new Histogram({
    name: 'thuma_http_seconds',
    help: 'Seconds until an HTTP request was answered.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 2, 5, 10],
    registers,
  });
  const events = countedApart((collect) => {
    return new Counter({
      name: 'thuma_socket_events_total',
      help: 'Messages from sockets: ok, refused, failed, unknown.',
      labelNames: ['event', 'result'],
      registers,
      collect,
    });
  });
  const sockets = new Gauge({ name: 'thuma_sockets', help: 'Open live connections.', registers });
  return {
    registry,
    httpAnswered: (method, path, status, seconds) => http.observe({ method, route: path, status: String(status) }, seconds),
    socketEvent: (event, result) => events(1, event, result),
    sockets: (now) => sockets.set(now),
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
    counter(name, help, label) {
      const add = countedApart((collect) => new Counter({ name, help, labelNames: [label], registers, collect }));
      return (value, amount) => add(amount, value);
    },
    close: () => registry.clear(),
  };
}

/**
 * Counts in a plain map, and hands the sums on when they are asked for: the library looks its labels up anew each time, which
 * is a load at ten thousand messages a second.
 */
function countedApart(make: (collect: () => void) => Counter): (amount: number, ...labels: readonly string[]) => void {
  const counts = new Map<string, { readonly labels: readonly string[]; amount: number }>();
  const counter = make(() => {
    for (const one of counts.values()) {
      if (one.amount > 0) counter.labels(...one.labels).inc(one.amount);
      one.amount = 0;
    }
  });
  return (amount, ...labels) => {
    const key = labels.length === 1 ? labels[0]! : labels.join('\n');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { labels, amount });
    else known.amount += amount;
  };
}

/** GET /metrics */
export function metricsRoutes(metrics: Metrics): Route[] {
  return [
    route({
      method: 'get',
      path: '/metrics',
      action: 'metrics.read',
      summary: 'Figures for Prometheus',
      answerType: 'text/plain',
      async handle({ res }) {
        res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
      },
    }),
  ];
}
