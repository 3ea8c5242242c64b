import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Usage } from '../failure.ts';
import type { BenchOptions } from './options.ts';

/** Data that a bench measures on is not on this machine. */
export class NoData extends Error {
  override readonly name = 'NoData';
}

/** A file or folder that a bench cannot do without. @throws NoData that says what is missing and where it was looked for. */
export function dataAt(place: string, what: string): string {
  if (statSync(place, { throwIfNoEntry: false }) !== undefined) return place;
  throw new NoData(
    `NOTHING WAS MEASURED: ${what} must lie at ${place}, and nothing does. They are not part of the repository; put the shared data beside it, or say where with --shared DIR.`,
  );
}

/** Names of instances in a folder, by the ends of their files, in order of number and letter. @throws NoData for a folder without any. */
export function instancesIn(folder: string, ends: readonly string[], what: string): { name: string; file: string }[] {
  dataAt(folder, what);
  const found = readdirSync(folder).flatMap((entry) => {
    const end = ends.find((one) => entry.endsWith(one));
    return end === undefined ? [] : [{ name: entry.slice(0, -end.length), file: path.join(folder, entry) }];
  });
  if (found.length === 0) throw new NoData(`NOTHING WAS MEASURED: ${folder} holds no file that ends with ${ends.join(' or ')}.`);
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Those that `--only` names. @throws Usage for a name that is none of them. */
export function chosen<T extends { readonly name: string }>(all: readonly T[], { only }: Pick<BenchOptions, 'only'>): T[] {
  if (only === null) return [...all];
  return only.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new Usage(`There is no instance "${name}"; there are ${all.map((one) => one.name).join(', ')}.`);
    return found;
  });
}
