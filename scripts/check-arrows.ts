/** npm run check: who may import whom (the table in arrows.ts), names and places of files, import cycles. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cycles, wrongArrow, wrongPlace } from './arrows.ts';
import { readImports } from './read-imports.ts';

const root = path.join(import.meta.dirname, '..');
const FOLDERS = ['routing', 'db', 'server', 'dispatcher-ui', 'scripts'];

const files = sources();
const imports = files.flatMap((file) => readImports(file, readFileSync(path.join(root, file), 'utf8')));
const wrong = [
  ...imports.map(wrongArrow).filter((sentence) => sentence !== undefined),
  ...files.flatMap((file) => wrongPlace(file, readFileSync(path.join(root, file), 'utf8').split('\n').length)),
  ...cycles(imports),
];
for (const sentence of new Set(wrong)) console.error(sentence);
console.log(`${files.length} files, ${imports.length} imports, ${new Set(wrong).size} wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** By git (which knows what is ignored), or by walking the folders where there is no git. */
function sources(): string[] {
  const isSource = (file: string): boolean => /\.tsx?$/.test(file) && !file.endsWith('.d.ts');
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...FOLDERS];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const here = new Set(walk());
    return listed.split('\n').filter((file) => isSource(file) && here.has(file));
  } catch {
    return walk().filter(isSource);
  }
}

function walk(): string[] {
  return FOLDERS.flatMap((folder) => {
    try {
      const entries = readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    } catch {
      return []; // a folder that does not exist yet
    }
  }).filter((file) => !/(^|\/)(node_modules|dist)\//.test(file));
}
