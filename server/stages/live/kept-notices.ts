import type { LiveSocket } from '../../platform/sockets.ts';
import type { KeptNotice } from './contract.ts';

export interface KeptNoticesDeps {
  /** So long what is stored is gathered for a device before it is told. Wall time. */
  readonly everyMillis: number;
  /** Milliseconds on a monotonic clock. */
  readonly wallMillis: () => number;
}

/**
 * Tells devices that did not ask for an answer to each message which of their fixes are stored, several messages' together: an
 * answer to each is as dear as everything else that is done with a position.
 */
export interface KeptNotices {
  /** These of the device's fixes are stored. */
  add(socket: LiveSocket, deviceSeqs: readonly number[]): void;
  /** Tells what is left. */
  stop(): void;
}

interface Gathered {
  readonly socket: LiveSocket;
  readonly since: number;
  readonly deviceSeqs: number[];
}

const LOOKS_A_PERIOD = 20;

export function keptNotices({ everyMillis, wallMillis }: KeptNoticesDeps): KeptNotices {
  /** In the order in which they began. */
  const gathered = new Map<string, Gathered>();

  function tell(one: Gathered): void {
    gathered.delete(one.socket.id);
    const notice: KeptNotice = { ranges: rangesOf(one.deviceSeqs) };
    one.socket.emit('kept', notice);
  }

  const timer = setInterval(
    () => {
      const before = wallMillis() - everyMillis;
      for (const one of gathered.values()) {
        if (one.since > before) break;
        tell(one);
      }
    },
    Math.max(1, everyMillis / LOOKS_A_PERIOD),
  ).unref();

  return {
    add(socket, deviceSeqs) {
      const known = gathered.get(socket.id);
      if (known === undefined) gathered.set(socket.id, { socket, since: wallMillis(), deviceSeqs: [...deviceSeqs] });
      else known.deviceSeqs.push(...deviceSeqs);
    },
    stop() {
      clearInterval(timer);
      for (const one of gathered.values()) tell(one);
    },
  };
}

/** First and last of each run of numbers without a gap, rising. */
function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
