import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import type { Refusal } from './mapping.ts';

/** The rows that stay out, as a CSV file beside the import: line, column, value, reason. Made with the first one. */
export interface RefusalFile {
  add(refusals: readonly Refusal[]): Promise<void>;
  /** Its path, or null when nothing was refused. */
  close(): Promise<string | null>;
}

/** @param file where it goes when there is anything to write. Only its owner may read it: values may be personal. */
export function refusalFile(file: string): RefusalFile {
  let out: WriteStream | undefined;
  return {
    async add(refusals) {
      if (refusals.length === 0) return;
      if (!out) {
        await mkdir(path.dirname(file), { recursive: true });
        out = createWriteStream(file, { mode: 0o600 });
        out.write('line,column,value,reason\n');
      }
      const text = refusals.map(
        ({ line, column, value, reason }) => `${[line, ...[column, value, reason].map(quoted)].join(',')}\n`,
      );
      if (!out.write(text.join(''))) await once(out, 'drain');
    },
    async close() {
      if (!out) return null;
      out.end();
      await once(out, 'finish');
      return file;
    },
  };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
