import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { BadConfig } from './config.ts';

/**
 * Makes THUMA_HOME, one folder at a time: a recursive mkdir of Node never returns for a place like /proc/x.
 * @throws BadConfig when it cannot be made.
 */
export function makeHome(home: string): void {
  const missing: string[] = [];
  for (let at = home; !existsSync(at); at = path.dirname(at)) missing.unshift(at);
  try {
    // Another command may make the same ones at this moment.
    for (const folder of missing) if (!existsSync(folder)) mkdirSync(folder);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (!existsSync(home))
      throw new BadConfig(`The folder ${home} cannot be made (${why}). Set THUMA_HOME to a folder you may write.`, { cause });
  }
}
