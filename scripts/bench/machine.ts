import os from 'node:os';

/** The machine in one line, for a table that somebody reads later. */
export function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const load = (os.loadavg()[0] ?? 0).toFixed(1);
  return `${cpus.length} x ${cpus[0]?.model ?? 'unknown'}, ${memory} GiB, ${os.platform()} ${os.release()}, Node ${process.version}, load ${load}`;
}

/** Most memory that this process, its threads included, has held so far, in MB. */
export const peakRssMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);
