/** Steps with their seconds, one line each; on a terminal the running step counts. */
export interface DemoProgress {
  /** Runs a step and says how long it took and what came of it. */
  step<T>(name: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T>;
  /** A line of detail below the running step. */
  detail(line: string): void;
  line(text: string): void;
}

const TICK_MILLIS = 1_000;
const CLEAR_LINE = '\r\u001b[2K';

/** Writes to `out`; wall time, it is about this machine. */
export function demoProgress(out: NodeJS.WriteStream): DemoProgress {
  let ticking = false;
  const line = (text: string): void => void out.write(`${ticking ? CLEAR_LINE : ''}${text}\n`);
  return {
    line,
    detail: (text) => line(`${' '.repeat(13)}${text}`),
    async step(name, work, outcome) {
      const began = performance.now();
      const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
      const tick = (): void => {
        ticking = true;
        out.write(`${CLEAR_LINE}${name.padEnd(11)}${seconds()}  ...`);
      };
      const timer = out.isTTY ? setInterval(tick, TICK_MILLIS) : undefined;
      try {
        const result = await work();
        line(`${name.padEnd(11)}${seconds()}  ${outcome(result)}`);
        return result;
      } finally {
        clearInterval(timer);
        if (ticking) out.write(CLEAR_LINE);
        ticking = false;
      }
    },
  };
}
