/** One step of setting up, told when it begins and again when it has ended. */
export interface ProgressStep {
  /** A phrase for people: 'Creating the database cluster'. */
  readonly step: string;
  readonly state: 'started' | 'done';
  /** Since the step began; 0 when it begins. */
  readonly seconds: number;
}

export type OnProgress = (step: ProgressStep) => void;

/** Runs one step and tells how long it took (wall time; it is about the machine, not the city). */
export async function inStep<T>(onProgress: OnProgress | undefined, step: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  onProgress?.({ step, state: 'started', seconds: 0 });
  const result = await work();
  onProgress?.({ step, state: 'done', seconds: (performance.now() - began) / 1000 });
  return result;
}
