import { holders, type DeskJob } from '../state/desk-job.ts';

export const QUEUE_VIEWS = ['waiting', 'planned', 'out', 'over'] as const;
export type QueueView = (typeof QUEUE_VIEWS)[number];
export const QUEUE_SORTS = ['due', 'priority', 'new'] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

export interface QueueFilter {
  readonly view: QueueView;
  /** Empty: all. */
  readonly priorities: ReadonlySet<number>;
  readonly search: string;
  /** null: the whole city. */
  readonly areaId: string | null;
  readonly sort: QueueSort;
}

export function viewOf(job: Pick<DeskJob, 'state'>): QueueView | null {
  switch (job.state) {
    case 'ready':
    case 'draft':
    case 'on_hold':
      return 'waiting';
    case 'planned':
      return 'planned';
    case 'dispatched':
    case 'under_way':
      return 'out';
    case 'completed':
    case 'cannot_complete':
      return 'over';
    // Nobody looks for what was called off; its history has it.
    case 'cancelled':
      return null;
    default:
      return job.state satisfies never;
  }
}

export interface Queue {
  readonly jobs: readonly DeskJob[];
  /** How many of each view fit search, priorities and area. */
  readonly counts: Readonly<Record<QueueView, number>>;
}

/** What the queue shows, in its order. A search looks at the number, the kind, the place and the crew. */
export function queueOf(jobs: ReadonlyMap<string, DeskJob>, filter: QueueFilter, crewName: (shiftId: string) => string): Queue {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const counts: Record<QueueView, number> = { waiting: 0, planned: 0, out: 0, over: 0 };
  const shown: DeskJob[] = [];
  for (const job of jobs.values()) {
    const view = viewOf(job);
    if (view === null) continue;
    if (filter.priorities.size > 0 && !filter.priorities.has(job.priority)) continue;
    if (filter.areaId !== null && !job.areaIds.includes(filter.areaId)) continue;
    if (words.length > 0) {
      const crews = holders(job).map((a) => crewName(a.shiftId));
      const text = `#${job.number} ${job.title} ${job.placeText ?? ''} ${crews.join(' ')}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    counts[view]++;
    if (view === filter.view) shown.push(job);
  }
  shown.sort(filter.view === 'over' ? byEnd : ORDERS[filter.sort]);
  return { jobs: shown, counts };
}

const dueMs = (job: DeskJob): number => (job.dueAt === null ? Infinity : Date.parse(job.dueAt));
const byNumber = (a: DeskJob, b: DeskJob): number => a.number - b.number;
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);
const byEnd = (a: DeskJob, b: DeskJob): number => (b.endedAt ?? '').localeCompare(a.endedAt ?? '') || byNumber(a, b);

const ORDERS: Readonly<Record<QueueSort, (a: DeskJob, b: DeskJob) => number>> = {
  due: (a, b) => difference(dueMs(a), dueMs(b)) || a.priority - b.priority || byNumber(a, b),
  priority: (a, b) => a.priority - b.priority || difference(dueMs(a), dueMs(b)) || byNumber(a, b),
  new: (a, b) => b.createdAt.localeCompare(a.createdAt) || byNumber(b, a),
};
