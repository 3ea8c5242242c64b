import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';

/** When reports are of the same thing: near in space and near in time. */
export interface ClusterPolicy {
  readonly radiusMetres: number;
  readonly windowSeconds: number;
}

/** A report that is a member of a job, or looks for one. */
export interface ClusterReport {
  readonly place: LonLat;
  readonly reportedAt: Date;
}

/** An open job as clustering sees it. */
export interface ClusterJob {
  readonly jobId: string;
  readonly jobType: string;
  readonly emergency: boolean;
  readonly place: LonLat;
  /** The reports it answers now. */
  readonly reports: readonly ClusterReport[];
}

export interface ClusterCandidate extends ClusterReport {
  readonly jobType: string;
  readonly emergency: boolean;
}

/**
 * A job may reach this many radii from its own place: without a limit a chain of reports, each near the last, walks
 * down a whole street (on DC's 27 January, 50 m: chains of 100 m and more in 12 groups), and the crew goes to one place.
 */
export const REACH_IN_RADII = 2;

const METRES_PER_DEGREE = 111_195;

/**
 * The job this report is about, or null when it needs its own: same job type, another report of that job within the
 * radius, the job's place within two radii, reported inside the window around the job's reports. The nearest report
 * decides; between equals the job that stands first. A report of an emergency never waits in an ordinary job.
 */
export function jobToJoin(candidate: ClusterCandidate, jobs: Iterable<ClusterJob>, policy: ClusterPolicy): string | null {
  let best: string | null = null;
  let bestMetres = policy.radiusMetres;
  for (const job of jobs) {
    if (job.jobType !== candidate.jobType || (candidate.emergency && !job.emergency)) continue;
    if (greatCircleMetres(job.place, candidate.place) > policy.radiusMetres * REACH_IN_RADII) continue;
    if (!inWindow(candidate.reportedAt, job.reports, policy.windowSeconds)) continue;
    for (const report of job.reports) {
      const metres = greatCircleMetres(report.place, candidate.place);
      if (metres < bestMetres || (metres === bestMetres && best === null)) {
        best = job.jobId;
        bestMetres = metres;
      }
    }
  }
  return best;
}

function inWindow(at: Date, reports: readonly ClusterReport[], windowSeconds: number): boolean {
  if (reports.length === 0) return false;
  const times = reports.map((report) => report.reportedAt.getTime());
  const window = windowSeconds * 1000;
  return at.getTime() >= Math.min(...times) - window && at.getTime() <= Math.max(...times) + window;
}

/** Open jobs by place, for many reports in a row: a report looks only at the jobs around it. */
export interface ClusterIndex {
  /** The job this report is about (`jobToJoin`), or null. */
  find(candidate: ClusterCandidate, policy: ClusterPolicy): string | null;
  add(job: ClusterJob): void;
  /** The report has joined that job. */
  join(jobId: string, report: ClusterReport): void;
}

/**
 * @param largestRadiusMetres of all policies that will be asked with.
 * @param cityLatitude one latitude for the whole city, which lies within a degree of it.
 */
export function clusterIndex(largestRadiusMetres: number, cityLatitude: number): ClusterIndex {
  interface Entry {
    job: ClusterJob;
    readonly ordinal: number;
  }
  const side = Math.max(largestRadiusMetres, 1) * REACH_IN_RADII;
  const cells = new Map<string, Entry[]>();
  const byId = new Map<string, Entry>();
  // East-west the narrowest degree of the city counts, so that a cell is `side` metres or wider: 3 x 3 hold any disc.
  const east = METRES_PER_DEGREE * Math.cos((Math.min(89, Math.abs(cityLatitude) + 1) * Math.PI) / 180);
  const row = (place: LonLat): number => Math.floor((place.lat * METRES_PER_DEGREE * 0.99) / side);
  const column = (place: LonLat): number => Math.floor((place.lon * east) / side);
  return {
    find(candidate, policy) {
      const found: Entry[] = [];
      for (let i = -1; i <= 1; i++) {
        for (let j = -1; j <= 1; j++) {
          found.push(...(cells.get(`${column(candidate.place) + i}:${row(candidate.place) + j}`) ?? []));
        }
      }
      found.sort((a, b) => a.ordinal - b.ordinal);
      return jobToJoin(
        candidate,
        found.map(({ job }) => job),
        policy,
      );
    },
    add(job) {
      const entry = { job, ordinal: byId.size };
      byId.set(job.jobId, entry);
      const key = `${column(job.place)}:${row(job.place)}`;
      cells.set(key, [...(cells.get(key) ?? []), entry]);
    },
    join(jobId, report) {
      const entry = byId.get(jobId)!;
      entry.job = { ...entry.job, reports: [...entry.job.reports, report] };
    },
  };
}

/** Squares of this many radii: a disc of half a radius then touches at most four of them, nearly always one. */
const SQUARE_IN_RADII = 8;

/**
 * Names of the squares in which a report may meet others, in order. Two reports within one radius always share a
 * square (the middle between them lies in both half-radius discs), so locking all of a report's squares makes the
 * reports of one place wait for each other, and nobody else.
 * @param cityLatitude one latitude for the whole city, so that the squares are the same for all its points.
 */
export function clusterSquares(place: LonLat, radiusMetres: number, cityLatitude: number): string[] {
  const side = Math.max(radiusMetres, 1) * SQUARE_IN_RADII;
  const half = Math.max(radiusMetres, 1) / 2;
  const x = place.lon * METRES_PER_DEGREE * Math.cos((cityLatitude * Math.PI) / 180);
  const y = place.lat * METRES_PER_DEGREE;
  // A degree of longitude is a little shorter or longer away from the city's latitude: a tenth more covers that.
  const squares = (value: number): number[] => {
    const first = Math.floor((value - half * 1.1) / side);
    const last = Math.floor((value + half * 1.1) / side);
    return first === last ? [first] : [first, last];
  };
  return squares(x)
    .flatMap((i) => squares(y).map((j) => `${i}:${j}`))
    .sort();
}
