/** What a run of `bench:live` is, and what it found. */
export interface Load {
  readonly vehicles: number;
  readonly dispatchers: number;
  readonly nodes: number;
  /** Vehicles are trackers behind this many sockets; 0: each has a socket of its own. */
  readonly gateways: number;
  readonly seconds: number;
  readonly freeze: boolean;
  /** Vehicles ask for an answer to each message. */
  readonly answers: boolean;
}

export interface Run {
  readonly vehicles: number;
  readonly dispatchers: number;
  readonly nodes: number;
  readonly gateways: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number;
  /** Of one core; of several servers the sum. */
  readonly server_cpu_percent: number;
  readonly database_cpu_percent: number | null;
  /** Of the largest server. */
  readonly rss_mb: number;
  readonly rss_growth_mb: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Answered with a problem. */
  readonly refused: number;
  readonly delivered: number;
  readonly delivered_percent: number;
  readonly stored: number | null;
  readonly lost: number | null;
  readonly ack_p50_ms: number | null;
  readonly ack_p99_ms: number | null;
  readonly hashes_checked: number;
  readonly hashes_equal: boolean;
  readonly stale_frames: number | null;
  /** Processes that want a core, over a minute: above the number of cores others work beside the bench. */
  readonly load_average: number;
}
