import { type AssignmentProblem, type MethodAnswer, NOBODY } from './assignment.ts';
import { crewHeap, heldJobs } from './chains.ts';

/** How many jobs come in between two questions whether to stop: a few milliseconds at 300 crews that may take anything. */
const JOBS_BETWEEN_STOPS = 16;

/**
 * The assignment by successive shortest paths: the jobs come in one after another, each by the cheapest chain of
 * hand-overs ("this crew takes it and hands one of its own on to that crew, which sends one back to wait"). With prices
 * that are right for the jobs so far, Dijkstra's method finds that chain, and its distances say how the prices go up.
 * (R. Ahuja, T. Magnanti, J. Orlin, Network Flows, 1993, section 9.7; for one place a crew: R. Jonker, A. Volgenant,
 * Computing 38, 1987.) A crew with several places is one node; a chain ends at a crew with room or at a job that waits.
 *
 * Whole numbers in, so every sum is exact. Equal costs are decided by index: a problem always gets the same answer.
 * Most jobs are done at their first look: prices only go up, and those with most to gain come first.
 * @param stopped asked now and then; true = the jobs that have not come in yet wait
 */
export function solveByShortestPaths(problem: AssignmentProblem, stopped: () => boolean): MethodAnswer {
  const { jobs, crews, waiting, capacity } = problem;
  const arcs = listArcs(problem);
  const { starts, crewOfArc, costOfArc } = arcs;
  const crewOf = new Int32Array(jobs).fill(NOBODY);
  /** What the job costs with the crew that has it. */
  const costNow = new Float64Array(jobs);
  const price = new Float64Array(crews);
  const held = heldJobs(jobs, crews);
  const heap = crewHeap(crews);
  const { distance } = heap;
  /** The job that comes to the crew in the cheapest chain there. */
  const comer = new Int32Array(crews);
  const passed = new Int32Array(crews);
  // The cheapest end of a chain so far, and the job that waits there; NOBODY when it is a crew with room.
  let end = Infinity;
  let waits = NOBODY;

  /** The job, `far` along the chain, leaves where it costs `worth`: where could it go? */
  function handOn(job: number, far: number, worth: number): void {
    const base = far - worth;
    if (base + waiting[job]! < end) {
      end = base + waiting[job]!;
      waits = job;
    }
    const last = starts[job + 1]!;
    for (let arc = starts[job]!; arc < last; arc++) {
      const crew = crewOfArc[arc]!;
      const length = base + costOfArc[arc]! + price[crew]!;
      if (length >= end || length >= distance[crew]!) continue;
      comer[crew] = job;
      heap.place(crew, length);
    }
  }

  /** Every job on the chain that ends in `crew` goes one place on. */
  function shift(crew: number): void {
    for (let to = crew; to !== NOBODY;) {
      const job = comer[to]!;
      const from = crewOf[job]!;
      if (from !== NOBODY) held.remove(from, job);
      held.add(to, job);
      crewOf[job] = to;
      costNow[job] = problem.cost[job * crews + to]!;
      to = from;
    }
  }

  const order = mostToGainFirst(problem, arcs);
  for (let n = 0; n < order.length; n++) {
    if (n % JOBS_BETWEEN_STOPS === 0 && stopped()) return { crewOf, finished: false };
    end = Infinity;
    let taker = NOBODY;
    let passedCount = 0;
    handOn(order[n]!, 0, 0);
    while (heap.size() > 0) {
      const crew = heap.first();
      const far = distance[crew]!;
      if (far >= end) break;
      heap.removeFirst();
      passed[passedCount++] = crew;
      if (held.count[crew]! < capacity[crew]!) {
        end = far;
        waits = NOBODY;
        taker = crew;
        break;
      }
      for (let job = held.first[crew]!; job !== NOBODY; job = held.next[job]!) handOn(job, far, costNow[job]! + price[crew]!);
    }
    for (let p = 0; p < passedCount; p++) price[passed[p]!]! += end - distance[passed[p]!]!;
    if (waits !== NOBODY) {
      taker = crewOf[waits]!;
      if (taker !== NOBODY) held.remove(taker, waits);
      crewOf[waits] = NOBODY;
    }
    shift(taker);
    for (let p = 0; p < passedCount; p++) distance[passed[p]!] = Infinity;
    heap.clear();
  }
  return { crewOf, finished: true };
}

interface ArcList {
  /** Arcs of job i: from starts[i] to before starts[i + 1]. */
  readonly starts: Int32Array;
  readonly crewOfArc: Int32Array;
  readonly costOfArc: Float64Array;
}

/** The arcs that can be used at all: they exist, the crew has a place, and waiting costs more. */
function listArcs({ jobs, crews, cost, waiting, capacity }: AssignmentProblem): ArcList {
  const useful = (job: number, crew: number): boolean => capacity[crew]! > 0 && cost[job * crews + crew]! < waiting[job]!;
  const starts = new Int32Array(jobs + 1);
  for (let job = 0; job < jobs; job++) {
    let count = starts[job]!;
    for (let crew = 0; crew < crews; crew++) if (useful(job, crew)) count++;
    starts[job + 1] = count;
  }
  const crewOfArc = new Int32Array(starts[jobs]!);
  const costOfArc = new Float64Array(starts[jobs]!);
  let arc = 0;
  for (let job = 0; job < jobs; job++) {
    for (let crew = 0; crew < crews; crew++) {
      if (!useful(job, crew)) continue;
      crewOfArc[arc] = crew;
      costOfArc[arc++] = cost[job * crews + crew]!;
    }
  }
  return { starts, crewOfArc, costOfArc };
}

/** The jobs by what their cheapest crew would save, most first; ties by index. Jobs without a useful arc wait anyway. */
function mostToGainFirst({ jobs, waiting }: AssignmentProblem, { starts, costOfArc }: ArcList): Int32Array {
  const gain = new Float64Array(jobs);
  const order: number[] = [];
  for (let job = 0; job < jobs; job++) {
    for (let arc = starts[job]!; arc < starts[job + 1]!; arc++) gain[job] = Math.max(gain[job]!, waiting[job]! - costOfArc[arc]!);
    if (starts[job]! < starts[job + 1]!) order.push(job);
  }
  return Int32Array.from(order.sort((a, b) => gain[b]! - gain[a]! || a - b));
}
