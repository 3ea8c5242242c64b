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
  const events = new Counter({
    name: 'thuma_socket_events_total',
    help: 'Messages from sockets: ok, refused, failed, unknown.',
    labelNames: ['event', 'result'],
    registers,
  });
  const sockets = new Gauge({ name: 'thuma_sockets', help: 'Open live connections.', registers });
  return {
    registry,
    httpAnswered: (method, path, status, seconds) => http.observe({ method, route: path, status: String(status) }, seconds),
    socketEvent: (event, result) => events.inc({ event, result }),
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
      const counter = new Counter({ name, help, labelNames: [label], registers });
      return (value, amount) => counter.inc({ [label]: value }, amount);
    },
    close: () => registry.clear(),
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
