import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SourceMapping } from '../mapping.ts';
import { UnreadableFile } from '../unreadable-file.ts';
import { baltimore } from './baltimore.ts';
import { dc } from './dc.ts';
import { generic } from './generic.ts';

const SOURCES: Readonly<Record<string, z.input<typeof SourceMapping>>> = { generic, dc, baltimore };

/** The mappings that come with Thuma. */
export const SOURCE_NAMES: readonly string[] = Object.keys(SOURCES);

/**
 * The mapping called `name`, or the one in a JSON file when `name` ends in `.json`.
 * @throws UnreadableFile when there is no such mapping, or the file is not one.
 */
export async function loadMapping(name: string): Promise<SourceMapping> {
  if (!name.endsWith('.json')) {
    const known = SOURCES[name];
    if (known !== undefined) return SourceMapping.parse(known);
    throw new UnreadableFile(
      `There is no source "${name}". Known: ${SOURCE_NAMES.join(', ')}; or name a mapping file of your own that ends in .json.`,
      { line: 1 },
    );
  }
  try {
    return SourceMapping.parse(JSON.parse(await readFile(name, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : String(cause);
    throw new UnreadableFile(`The mapping file ${name} cannot be used: ${why}`, { line: 1 }, { cause });
  }
}
