export type UnavailableCode =
  | 'unreachable'
  | 'refused-login'
  | 'too-old'
  | 'no-postgis'
  | 'no-binaries'
  | 'wrong-version'
  | 'no-permission'
  | 'disk-full'
  | 'in-use'
  | 'failed-to-start';

/** No database to work with. The message is a sentence (or two) that a person can act on. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: UnavailableCode;

  constructor(code: UnavailableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The sentence for what the file system or a child process said while we made or started a database in `folder`. */
export function unavailableBecause(folder: string, cause: unknown): DatabaseUnavailable {
  if (cause instanceof DatabaseUnavailable) return cause;
  const text = cause instanceof Error ? `${codeOf(cause)} ${cause.message}` : String(cause);
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i.test(text)) {
    return new DatabaseUnavailable(
      'disk-full',
      `No space left for the database in ${folder}. Free some space (about 500 MB), or set THUMA_HOME to a folder on another disk.`,
      { cause },
    );
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system/i.test(text)) {
    return new DatabaseUnavailable(
      'no-permission',
      `The database folder ${folder} cannot be written. Make it yours (chown), or set THUMA_HOME to a folder you own.`,
      { cause },
    );
  }
  if (/ENOTDIR|EEXIST/.test(text)) {
    return new DatabaseUnavailable(
      'failed-to-start',
      `The database folder ${folder} cannot be made: a file is in its way. Move that file, or set THUMA_HOME to another folder.`,
      { cause },
    );
  }
  return new DatabaseUnavailable('failed-to-start', `The database in ${folder} did not start: ${lastLines(text)}`, { cause });
}

function codeOf(cause: Error): string {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function lastLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-4)
    .join(' | ');
}
