import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Where tests lie, beside the code they test. */
const FOLDERS = ['routing', 'server', 'db', 'scripts', 'dispatcher-ui'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.thuma', 'coverage']);

/**
 * What a test needs is said by its name: `x.test.ts` nothing, `x.smoke.test.ts` the embedded database,
 * `x.db.test.ts` PostgreSQL with PostGIS, `x.roads.test.ts` a real OSRM, `x.browser.test.ts` a browser.
 * In the order they run.
 */
export const KINDS = ['fast', 'smoke', 'db', 'roads', 'browser'];

/** Kind of a test file by its name; undefined for other files. */
export function kindOf(file) {
  const named = /(?:\.(smoke|db|roads|browser))?\.test\.tsx?$/.exec(file);
  return named ? (named[1] ?? 'fast') : undefined;
}

/** Every test file under `root` by kind, as paths relative to it; with filters only those whose path holds one of them. */
export function listTestFiles(root, filters) {
  const found = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  for (const folder of FOLDERS) walk(root, folder, found);
  const wanted = (file) => filters.length === 0 || filters.some((filter) => file.includes(filter));
  return Object.fromEntries(KINDS.map((kind) => [kind, found[kind].filter(wanted).sort()]));
}

function walk(root, folder, found) {
  let entries;
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch {
    return; // a folder that does not exist yet
  }
  for (const entry of entries) {
    const inside = path.posix.join(folder, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) walk(root, inside, found);
    const kind = entry.isFile() ? kindOf(entry.name) : undefined;
    if (kind) found[kind].push(inside);
  }
}
