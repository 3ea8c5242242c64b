import type { DeliveryLoop } from './platform/deliveries.ts';
import type { Metrics } from './platform/metrics.ts';
import type { TimerLoop } from './platform/timers.ts';

/** Gauges of what works by itself. */
export function describeWork(
  metrics: Metrics,
  work: { timers: TimerLoop; deliveries: DeliveryLoop; lastSeq: () => number | null },
): void {
  metrics.gauge('thuma_last_seq', 'The newest event.', () => work.lastSeq() ?? 0);
  metrics.gauge('thuma_timers_failing', 'Timers that failed at their last try.', () => work.timers.failing());
  metrics.gauge('thuma_deliveries_failing', 'Deliveries that failed at their last try.', () => work.deliveries.failing());
}
