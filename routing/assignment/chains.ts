import { NOBODY } from './assignment.ts';

/** Which jobs each crew holds: a doubly linked list a crew, so that one is taken out without a search. */
export interface HeldJobs {
  readonly count: Int32Array;
  /** First job of the crew, then `next`; NOBODY ends the list. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  add(crew: number, job: number): void;
  remove(crew: number, job: number): void;
}

export function heldJobs(jobs: number, crews: number): HeldJobs {
  const count = new Int32Array(crews);
  const first = new Int32Array(crews).fill(NOBODY);
  const next = new Int32Array(jobs).fill(NOBODY);
  const previous = new Int32Array(jobs).fill(NOBODY);
  return {
    count,
    first,
    next,
    add(crew, job) {
      const after = first[crew]!;
      previous[job] = NOBODY;
      next[job] = after;
      if (after !== NOBODY) previous[after] = job;
      first[crew] = job;
      count[crew]!++;
    },
    remove(crew, job) {
      const before = previous[job]!;
      const after = next[job]!;
      if (before === NOBODY) first[crew] = after;
      else next[before] = after;
      if (after !== NOBODY) previous[after] = before;
      count[crew]!--;
    },
  };
}

/** Crews by distance, the nearest first, ties by index: a binary heap that knows where each crew stands in it. */
export interface CrewHeap {
  /** Infinity for a crew that was never placed; whoever takes a crew out sets it back. */
  readonly distance: Float64Array;
  size(): number;
  first(): number;
  removeFirst(): void;
  /** Puts the crew in, or nearer than it was. */
  place(crew: number, distance: number): void;
  /** Takes all out and sets their distances back. */
  clear(): void;
}

const OUTSIDE = -1;

export function crewHeap(crews: number): CrewHeap {
  const distance = new Float64Array(crews).fill(Infinity);
  const heap = new Int32Array(crews);
  const placeOf = new Int32Array(crews).fill(OUTSIDE);
  let size = 0;

  const nearer = (a: number, b: number): boolean => distance[a]! < distance[b]! || (distance[a] === distance[b] && a < b);

  function up(from: number, crew: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent]!;
      if (!nearer(crew, above)) break;
      heap[place] = above;
      placeOf[above] = place;
      place = parent;
    }
    heap[place] = crew;
    placeOf[crew] = place;
  }

  function down(from: number, crew: number): void {
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && nearer(heap[child + 1]!, heap[child]!)) child++;
      const below = heap[child]!;
      if (!nearer(below, crew)) break;
      heap[place] = below;
      placeOf[below] = place;
      place = child;
    }
    heap[place] = crew;
    placeOf[crew] = place;
  }

  return {
    distance,
    size: () => size,
    first: () => heap[0]!,
    removeFirst() {
      placeOf[heap[0]!] = OUTSIDE;
      const last = heap[--size]!;
      if (size > 0) down(0, last);
    },
    place(crew, length) {
      distance[crew] = length;
      up(placeOf[crew] === OUTSIDE ? size++ : placeOf[crew]!, crew);
    },
    clear() {
      for (let place = 0; place < size; place++) {
        distance[heap[place]!] = Infinity;
        placeOf[heap[place]!] = OUTSIDE;
      }
      size = 0;
    },
  };
}
