import { machine, peakRssMegabytes } from './machine.ts';

/** One run of one instance. */
export interface InstanceResult {
  readonly name: string;
  /** In the instance's unit; null = no valid answer, see `faults`. */
  readonly cost: number | null;
  readonly best: number | null;
  /** null without a cost or a best. */
  readonly gap_percent: number | null;
  readonly seconds: number;
  readonly seed: number;
  /** null: not told by the solver. */
  readonly iterations: number | null;
  readonly faults: readonly string[];
  readonly remark?: string;
  /** Of ours: until the run was within 1 % of what it ended with. */
  readonly seconds_to_1_percent?: number;
  readonly size?: string;
}

export interface Summary {
  readonly instances: readonly InstanceResult[];
  /** Over the runs that have a gap; null when none has. */
  readonly mean_gap_percent: number | null;
  readonly worst_gap_percent: number | null;
  /** Runs without a valid answer: in no mean. */
  readonly unanswered: number;
}

export interface PeerSummary extends Summary {
  readonly version: string;
  /** How it was run. */
  readonly about: string;
  /** How much less than it our answers cost, by instance (mean over the seeds), in percent of its cost. */
  readonly ours_cheaper_percent: readonly { readonly name: string; readonly percent: number }[];
}

export interface BenchReport extends Summary {
  readonly bench: string;
  readonly peak_rss_mb: number;
  readonly peers: Readonly<Record<string, PeerSummary>>;
  /** Median seconds until a run was within 1 % of what it ended with, by size. */
  readonly seconds_to_1_percent: readonly { readonly size: string; readonly median: number; readonly runs: number }[];
  readonly searches: number;
  readonly machine: string;
  readonly remarks: readonly string[];
}

/** How much dearer than the best, in percent; null without either. */
export function gapPercent(cost: number | null, best: number | null): number | null {
  return cost === null || best === null || best === 0 ? null : rounded((100 * (cost - best)) / best, 4);
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

export function summaryOf(instances: readonly InstanceResult[]): Summary {
  const gaps = instances.flatMap(({ gap_percent }) => gap_percent ?? []);
  return {
    instances,
    mean_gap_percent: gaps.length === 0 ? null : rounded(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, 4),
    worst_gap_percent: gaps.length === 0 ? null : Math.max(...gaps),
    unanswered: instances.filter(({ cost }) => cost === null).length,
  };
}

/** By how many percent ours are cheaper, by instance, means over seeds; instances that one of the two has not answered are left out. */
export function cheaperBy(
  ours: readonly InstanceResult[],
  theirs: readonly InstanceResult[],
): { name: string; percent: number }[] {
  const names = [...new Set(ours.map(({ name }) => name))];
  const mean = (of: readonly InstanceResult[], name: string): number | null => {
    const costs = of.filter((one) => one.name === name).flatMap(({ cost }) => cost ?? []);
    return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  };
  return names.flatMap((name) => {
    const [us, them] = [mean(ours, name), mean(theirs, name)];
    return us === null || them === null || them === 0 ? [] : [{ name, percent: rounded((100 * (them - us)) / them, 3) }];
  });
}

export interface Measured {
  readonly bench: string;
  readonly instances: readonly InstanceResult[];
  readonly peers: readonly {
    readonly name: string;
    readonly version: string;
    readonly about: string;
    readonly instances: readonly InstanceResult[];
  }[];
  readonly searches: number;
  readonly remarks: readonly string[];
}

export function reportOf({ bench, instances, peers, searches, remarks }: Measured): BenchReport {
  return {
    bench,
    ...summaryOf(instances),
    peak_rss_mb: peakRssMegabytes(),
    peers: Object.fromEntries(
      peers.map((peer) => [
        peer.name,
        {
          version: peer.version,
          about: peer.about,
          ...summaryOf(peer.instances),
          ours_cheaper_percent: cheaperBy(instances, peer.instances),
        },
      ]),
    ),
    seconds_to_1_percent: bySize(instances),
    searches,
    machine: machine(),
    remarks,
  };
}

function bySize(instances: readonly InstanceResult[]): BenchReport['seconds_to_1_percent'] {
  const sizes = new Map<string, number[]>();
  for (const { size, seconds_to_1_percent: seconds } of instances) {
    if (size !== undefined && seconds !== undefined) sizes.set(size, [...(sizes.get(size) ?? []), seconds]);
  }
  return [...sizes].map(([size, all]) => {
    const sorted = all.toSorted((a, b) => a - b);
    return { size, median: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0, 2), runs: sorted.length };
  });
}
