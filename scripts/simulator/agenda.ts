/** What is to happen next in simulated time: a binary heap by time, then by the order of booking. */
export interface Agenda {
  /** Books `run` at `atMs` (Unix milliseconds). Same instant: first booked, first run. */
  book(atMs: number, run: () => Promise<void>): void;
  /** Time of the next entry, or null when nothing is left. */
  nextAt(): number | null;
  /** Takes the next entry off. */
  take(): { atMs: number; run: () => Promise<void> } | null;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => Promise<void>;
}

const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export function newAgenda(): Agenda {
  const heap: Entry[] = [];
  let booked = 0;
  return {
    book(atMs, run) {
      const entry = { atMs, order: booked++, run };
      let i = heap.push(entry) - 1;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (!before(entry, heap[parent]!)) break;
        heap[i] = heap[parent]!;
        i = parent;
      }
      heap[i] = entry;
    },
    nextAt: () => heap[0]?.atMs ?? null,
    take() {
      const first = heap[0];
      if (first === undefined) return null;
      const last = heap.pop()!;
      if (heap.length > 0) {
        let i = 0;
        for (;;) {
          let child = 2 * i + 1;
          if (child >= heap.length) break;
          if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
          if (!before(heap[child]!, last)) break;
          heap[i] = heap[child]!;
          i = child;
        }
        heap[i] = last;
      }
      return first;
    },
  };
}
