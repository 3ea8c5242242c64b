import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { NoRoad, RoadsUnavailable } from './errors.ts';
import type { RoadNetwork } from './road-network.ts';

export type LadderState =
  { readonly source: 'osrm' } | { readonly source: 'estimate'; readonly since: Date; readonly because: string };

export interface LadderOptions {
  readonly osrm: RoadNetwork;
  readonly estimate: RoadNetwork;
  /** Resolves when the router answers. Asked every `probeEveryMillis`, also when nobody plans. */
  readonly probe: () => Promise<void>;
  readonly probeEveryMillis: number;
  /** Wall time: health never runs on the city clock. */
  readonly wallClock: () => Date;
  readonly onChange?: (state: LadderState) => void;
}

export interface Ladder extends RoadNetwork {
  /** What the next answer will come from, as far as is known. */
  state(): LadderState;
  /** Ends the probing. */
  stop(): void;
}

/** Two failures in a row: one dropped connection is not yet an outage, and two probes fit into the 5 s we promise. */
const FAILURES_TO_OPEN = 2;

/**
 * The first that answers: the router, else estimates. Every answer carries its source. After two failures
 * in a row the router is left alone until a probe finds it well again. Throws only on abort and on misuse.
 */
export function ladder(options: LadderOptions): Ladder {
  let state: LadderState = { source: 'osrm' };
  let because = '';
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof RoadsUnavailable),
    { halfOpenAfter: Math.floor(options.probeEveryMillis / 2), breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  );
  const become = (next: LadderState) => {
    if (next.source === state.source) return;
    state = next;
    options.onChange?.(state);
  };
  breaker.onFailure(({ reason }) => {
    because = 'error' in reason ? reason.error.message : 'The router does not answer.';
  });
  // A router that hangs would hold what was asked of it until the timeout: when probes say it is gone, nobody waits.
  let giveUp = new AbortController();
  breaker.onBreak(() => {
    become({ source: 'estimate', since: options.wallClock(), because });
    giveUp.abort(new RoadsUnavailable(because));
    giveUp = new AbortController();
  });
  breaker.onReset(() => become({ source: 'osrm' }));

  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const probe = async () => {
    try {
      await breaker.execute(() => options.probe());
    } catch {
      // Failures are counted by the breaker; that is all a probe is for.
    }
    if (!stopped) timer = setTimeout(() => void probe(), options.probeEveryMillis).unref();
  };
  void probe();

  type Ask<T> = (roads: RoadNetwork, signal: AbortSignal) => Promise<T>;
  const first = async <T>(ask: Ask<T>, signal: AbortSignal = new AbortController().signal): Promise<T> => {
    signal.throwIfAborted();
    // Half-open lets one call through, and that shall be the probe: nobody's plan waits for a sick router.
    if (breaker.state !== CircuitState.Closed) return ask(options.estimate, signal);
    try {
      const either = AbortSignal.any([signal, giveUp.signal]);
      return await breaker.execute(() => ask(options.osrm, either));
    } catch (error) {
      if (error instanceof RoadsUnavailable || error instanceof NoRoad || error instanceof BrokenCircuitError) {
        return ask(options.estimate, signal);
      }
      throw error;
    }
  };

  return {
    get version() {
      return options.osrm.version;
    },
    table: (sources, destinations, signal) => first((roads, until) => roads.table(sources, destinations, until), signal),
    path: (points, signal) => first((roads, until) => roads.path(points, until), signal),
    state: () => state,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
