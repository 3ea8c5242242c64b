/** A mistake of the person at the keyboard; the message says what to type. */
export class Usage extends Error {
  override readonly name = 'Usage';
}

/** Faults whose message is a sentence a person can act on. Anything else that is thrown is a fault of ours. */
const FORESEEN = new Set([
  'BadCity',
  'BadConfig',
  'BadDataset',
  'BadOsmFile',
  'CityExists',
  'DatabaseUnavailable',
  'MigrationFailed',
  'MigrationsDiffer',
  'NoDemand',
  'NoRoads',
  'NoRouter',
  'PlannerRefused',
  'RouterFailed',
  'RouterNotMade',
  'ScreensNotBuilt',
  'ServerFailed',
  'UnreadableFile',
  'Usage',
]);

/** What the operating system says of a place we may not or cannot write, and what to do about it. */
const OF_THE_SYSTEM: Readonly<Record<string, (place: string) => string>> = {
  ENOSPC: (place) =>
    `The disk is full${place}. Free about 1 GB, or set THUMA_HOME to a folder on another disk; nothing half-made is left behind.`,
  // PostgreSQL's own word for it.
  '53100': () =>
    'The disk of the database is full. Free about 500 MB, or set THUMA_HOME to a folder on another disk, and start again.',
  EDQUOT: (place) => `Your share of the disk is used up${place}. Free about 1 GB, or set THUMA_HOME to a folder on another disk.`,
  EACCES: (place) => `This user may not write${place}. Make the folder yours (chown), or set THUMA_HOME to a folder you own.`,
  EPERM: (place) => `This user may not write${place}. Make the folder yours (chown), or set THUMA_HOME to a folder you own.`,
  EROFS: (place) => `The file system is read-only${place}. Set THUMA_HOME to a folder that can be written.`,
  ENOTDIR: (place) => `A file is in the way of a folder${place}. Move it, or set THUMA_HOME to another folder.`,
};

/** The sentence for a foreseen fault, of the error or of what caused it; null for a fault of ours, whose stack is wanted. */
export function sentenceOf(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    const place = 'path' in at && typeof at.path === 'string' ? ` (${at.path})` : '';
    const system = FORESEEN.has(at.name) ? undefined : OF_THE_SYSTEM[code];
    if (system !== undefined) return system(place);
    if (FORESEEN.has(at.name) || code.startsWith('ERR_PARSE_ARGS')) return at.message;
  }
  return null;
}

/** Says what went wrong on standard error: a sentence when it was foreseen, else everything we know. */
export function tellFailure(error: unknown): void {
  console.error(sentenceOf(error) ?? error);
}
