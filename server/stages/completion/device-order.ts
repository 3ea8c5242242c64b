/** Does the work of each device one at a time, of what is waiting the lowest sequence number first. */
export interface DeviceOrder {
  run<T>(deviceId: string | null, seq: number | undefined, work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly seq: number;
  start(): void;
}

/** Facts that arrive together (a phone back online, an HTTP retry beside a socket) are taken in the device's own order. */
export function deviceOrder(): DeviceOrder {
  const queues = new Map<string, Waiting[]>();

  function next(deviceId: string): void {
    const queue = queues.get(deviceId);
    if (!queue) return;
    if (queue.length === 0) {
      queues.delete(deviceId);
      return;
    }
    const lowest = queue.reduce((best, one) => (one.seq < best.seq ? one : best));
    queue.splice(queue.indexOf(lowest), 1);
    lowest.start();
  }

  return {
    async run(deviceId, seq, work) {
      // A dispatcher's word by radio has no device and no order.
      if (deviceId === null) return work();
      const queue = queues.get(deviceId);
      if (queue) {
        await new Promise<void>((start) => queue.push({ seq: seq ?? Number.MAX_SAFE_INTEGER, start }));
      } else {
        queues.set(deviceId, []);
        // One turn of the loop, so that what came in the same moment can step in front.
        await new Promise((resolve) => setImmediate(resolve));
        const own = seq ?? Number.MAX_SAFE_INTEGER;
        const waiting = queues.get(deviceId)!;
        if (waiting.some((one) => one.seq < own)) {
          const turn = new Promise<void>((start) => waiting.push({ seq: own, start }));
          next(deviceId);
          await turn;
        }
      }
      try {
        return await work();
      } finally {
        next(deviceId);
      }
    },
  };
}
