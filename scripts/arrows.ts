import path from 'node:path';

/** One import of one file: `target` is a path from the root for relative imports, else the package's name as written. */
export interface Import {
  readonly from: string;
  readonly target: string;
  readonly isPackage: boolean;
}

/** Folder names that say nothing about what is in them. */
const DRAWERS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'misc', 'lib']);
const MOST_LINES = 500;

interface Arrow {
  /** Files this arrow is about. */
  readonly of: (file: string) => boolean;
  /** What they may import; packages are free unless `packages` names the only ones. */
  readonly may: (target: string, from: string) => boolean;
  readonly packages?: readonly string[];
  readonly says: string;
}

const under = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
const isTest = (file: string): boolean => /\.(test|fixtures)\.tsx?$/.test(file);
const isContract = (file: string): boolean => /(^|\/)contract\.ts$/.test(file);
/** A contract is the public face of its noun or verb: shapes, no doing. */
const isFace = (file: string): boolean => file.startsWith('server/') && isContract(file);
const isUnits = (file: string): boolean => file === 'routing/units.ts';
const isRouting = under('routing');
const isDb = under('db');
const isPlatform = under('server/platform');
const isStore = under('server/stores');
const isForTests = (file: string): boolean => isTest(file) || file === 'db/testing.ts';
/** `server/stores/cases` of `server/stores/cases/http.ts`: the noun or verb a file belongs to. */
const unitOf = (file: string): string => file.split('/').slice(0, 3).join('/');
const sameUnit = (target: string, from: string): boolean => unitOf(target) === unitOf(from);

/** The table of ARCHITECTURE.md; the first line whose files match decides. */
const ARROWS: readonly Arrow[] = [
  { of: isRouting, may: isRouting, says: 'the engine (routing/) imports nothing outside itself' },
  { of: (file) => isTest(file) || file.startsWith('scripts/'), may: () => true, says: '' },
  { of: isDb, may: (to) => isDb(to) || isUnits(to), says: 'db/ imports db/ and routing/units.ts' },
  {
    of: isContract,
    may: (to) => isContract(to) || isUnits(to),
    packages: ['zod'],
    says: 'a contract.ts imports other contract.ts files, routing/units.ts and zod',
  },
  { of: isPlatform, may: (to) => isPlatform(to) || isDb(to), says: 'server/platform imports itself and db/' },
  {
    of: under('server/stores/work'),
    may: (to) => isStore(to) || isPlatform(to) || isDb(to) || isUnits(to),
    says: 'stores/work imports stores, platform and db/',
  },
  {
    of: isStore,
    may: (to, from) => sameUnit(to, from) || (isStore(to) && isContract(to)) || isPlatform(to) || isDb(to) || isUnits(to),
    says: "a store imports itself, other stores' contract.ts, platform, db/ and routing/units.ts",
  },
  {
    of: (file) => ['planning', 'crew-day', 'sizing'].some((verb) => under(`server/stages/${verb}`)(file)),
    may: (to, from) => sameUnit(to, from) || isFace(to) || isStore(to) || isPlatform(to) || isRouting(to) || to === 'db/knex.ts',
    says: 'stages/planning, crew-day and sizing import themselves, stores, platform, db/knex.ts, routing/ and any contract.ts',
  },
  {
    of: under('server/stages'),
    may: (to, from) => sameUnit(to, from) || isFace(to) || isStore(to) || isPlatform(to) || to === 'db/knex.ts' || isUnits(to),
    says: 'a stage imports itself, stores, platform, db/knex.ts, routing/units.ts and any contract.ts; verbs import no verbs',
  },
  {
    of: (file) => /^server\/[^/]+\.ts$/.test(file),
    may: (to) => to.startsWith('server/') || isRouting(to) || isDb(to),
    says: 'app.ts and main.ts import server/, routing/ and db/',
  },
  {
    of: under('dispatcher-ui'),
    may: (to) => under('dispatcher-ui')(to) || isFace(to) || isUnits(to),
    says: 'the screens import themselves, any contract.ts of the server and routing/units.ts',
  },
];

/** What is wrong with one import, as a sentence; undefined when nothing is. */
export function wrongArrow(it: Import): string | undefined {
  const arrow = ARROWS.find(({ of }) => of(it.from));
  if (!arrow) return `${it.from}: no arrow is drawn for this place; ARCHITECTURE.md has the folders`;
  if (it.isPackage) {
    const name = it.target.startsWith('@') ? it.target : it.target.split('/')[0];
    if (!arrow.packages || arrow.packages.includes(name ?? '')) return undefined;
    return `${it.from} imports "${it.target}": ${arrow.says}`;
  }
  if (isForTests(it.target) && !isTest(it.from) && !it.from.startsWith('scripts/') && it.from !== 'db/testing.ts') {
    return `${it.from} imports ${it.target}: only tests and scripts import what is for tests`;
  }
  // A test in a browser needs a running city, and those are started by scripts/simulator.
  if (it.target.startsWith('scripts/') && !it.from.startsWith('scripts/') && !isTest(it.from))
    return `${it.from} imports ${it.target}: nothing imports scripts/, but for tests`;
  return arrow.may(it.target, it.from) ? undefined : `${it.from} imports ${it.target}: ${arrow.says}`;
}

/** What is wrong with a file's name, place or length. */
export function wrongPlace(file: string, lines: number): string[] {
  const wrong: string[] = [];
  if (/^index\.tsx?$/.test(path.basename(file))) wrong.push(`${file}: no index files; import the file itself`);
  const drawer = path
    .dirname(file)
    .split('/')
    .find((name) => DRAWERS.has(name));
  if (drawer) wrong.push(`${file}: no folder named "${drawer}"; a function lives with the type it serves`);
  const drawerFile = path.basename(file).replace(/\.(test\.)?tsx?$/, '');
  if (DRAWERS.has(drawerFile)) wrong.push(`${file}: no file named "${drawerFile}"; a function lives with the type it serves`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.tsx?$/.test(path.basename(file)))
    wrong.push(`${file}: file names are kebab-case`);
  if (lines > MOST_LINES) wrong.push(`${file}: ${lines} lines; about 300 is the aim, ${MOST_LINES} the end`);
  return wrong;
}

/** Cycles of files that import each other, each told once; test files and scripts included. */
export function cycles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, target, isPackage } of imports) {
    if (!isPackage) next.set(from, [...(next.get(from) ?? []), target]);
  }
  const told: string[] = [];
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (file: string): void => {
    const at = open.indexOf(file);
    if (at >= 0) told.push(`import cycle: ${[...open.slice(at), file].join(' -> ')}`);
    if (at >= 0 || done.has(file)) return;
    open.push(file);
    for (const target of next.get(file) ?? []) visit(target);
    open.pop();
    done.add(file);
  };
  for (const file of [...next.keys()].sort()) visit(file);
  return told;
}
