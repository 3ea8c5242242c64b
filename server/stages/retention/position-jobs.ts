import type { BackgroundJob } from '../../platform/background-jobs.ts';
import { compactFixes, dropWhatIsOver, type KeepPositionsDeps } from './keep-positions.ts';

/** What is done with positions when they get old. */
export const positionJobs = (deps: KeepPositionsDeps): BackgroundJob[] => [
  {
    name: 'compact_fixes',
    everyMinutes: 60,
    async run(signal) {
      await compactFixes(deps, signal);
    },
  },
  {
    name: 'drop_positions',
    everyMinutes: 60,
    async run(signal) {
      await dropWhatIsOver(deps, signal);
    },
  },
];
