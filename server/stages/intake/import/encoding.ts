import { isUtf8 } from 'node:buffer';
import { UnreadableFile } from './unreadable-file.ts';

/**
 * Lets bytes through while they are UTF-8 and looks for the usual ways in which a file is something else.
 * Feed it the file's chunks in order, then call `end`.
 */
export interface Utf8Guard {
  /** @throws UnreadableFile naming line and byte when the chunk is not UTF-8. */
  check(chunk: Buffer): void;
  /** @throws UnreadableFile for an empty file, or one that ends inside a character. */
  end(): void;
}

const NEWLINE = 0x0a;

/** Other formats that are sent in place of a CSV file, by their first bytes. */
const FOREIGN: readonly { readonly bytes: readonly number[]; readonly says: string }[] = [
  { bytes: [0xff, 0xfe], says: 'is UTF-16 text. Save it as "CSV UTF-8" and import that file' },
  { bytes: [0xfe, 0xff], says: 'is UTF-16 text. Save it as "CSV UTF-8" and import that file' },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    says: 'is a zip archive or an .xlsx spreadsheet. Save the sheet as "CSV UTF-8" and import that file',
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], says: 'is an .xls spreadsheet. Save the sheet as "CSV UTF-8" and import that file' },
  { bytes: [0x1f, 0x8b], says: 'is compressed (gzip). Unpack it first: gunzip FILE' },
  { bytes: [0x25, 0x50, 0x44, 0x46], says: 'is a PDF document, not CSV' },
];

/** @param file the file's name, for the sentences. */
export function utf8Guard(file: string): Utf8Guard {
  let offset = 0;
  let line = 1;
  // An unfinished character at the end of the last chunk (at most 3 bytes).
  let rest: Buffer = Buffer.alloc(0);

  const refuse = (bytes: Buffer, at: number): never => {
    const before = bytes.subarray(0, at);
    const start = before.lastIndexOf(NEWLINE) + 1;
    const bad = bytes[at]!;
    throw new UnreadableFile(
      `${file} is not UTF-8: byte 0x${hex(bad)} at byte ${offset + at + 1} of the file (line ${line + count(before)}) ` +
        `is not part of a UTF-8 character. The text before it is "${ending(bytes.subarray(start, at))}". ` +
        `It looks like ${guess(bad)}: convert it (for example: iconv -f ${guess(bad)} -t UTF-8 FILE > NEW) and import the new file.`,
      { line: line + count(before), byte: offset + at + 1 },
    );
  };

  return {
    check(chunk) {
      if (offset === 0 && rest.length === 0) refuseForeign(file, chunk);
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = wholeCharacters(bytes);
      const ready = bytes.subarray(0, whole);
      if (!isUtf8(ready)) refuse(ready, firstInvalid(ready));
      const nul = ready.indexOf(0);
      if (nul !== -1) {
        const at = line + count(ready.subarray(0, nul));
        throw new UnreadableFile(
          `${file} holds a zero byte at byte ${offset + nul + 1} (line ${at}): it is UTF-16 text or not text at all. ` +
            'Save it as "CSV UTF-8" and import that file.',
          { line: at, byte: offset + nul + 1 },
        );
      }
      line += count(ready);
      offset += whole;
      rest = Buffer.from(bytes.subarray(whole));
    },
    end() {
      if (rest.length > 0) refuse(rest, 0);
      if (offset === 0)
        throw new UnreadableFile(`${file} is empty: there is nothing in it, not even a header line.`, { line: 1 });
    },
  };
}

function refuseForeign(file: string, chunk: Buffer): void {
  const found = FOREIGN.find(({ bytes }) => bytes.every((byte, i) => chunk[i] === byte));
  if (found) throw new UnreadableFile(`${file} ${found.says}.`, { line: 1, byte: 1 });
}

/** How many bytes of the buffer end with a whole character (a cut one at the end waits for the next chunk). */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Index of the first byte that no UTF-8 text could have there; the buffer is known to hold one. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

const count = (bytes: Buffer): number => {
  let n = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) n++;
  return n;
};
const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
const ending = (bytes: Buffer): string => bytes.toString('utf8').slice(-40);
/** 0x80 to 0x9F are control characters in Latin-1 and letters or quotes in Windows' own table. */
const guess = (byte: number): string => (byte >= 0x80 && byte <= 0x9f ? 'WINDOWS-1252' : 'ISO-8859-1');
