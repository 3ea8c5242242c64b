import { MalformedInstance } from './malformed-instance.ts';

/** One word of a text and where it stands, from 1. */
export interface Cell {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A line that says something, cut at white space. */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** At least one. */
  readonly cells: readonly [Cell, ...Cell[]];
}

/** The lines of a text that are not empty. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  text.split(/\r\n|\n|\r/).forEach((content, index) => {
    const [first, ...rest] = [...content.matchAll(/\S+/g)].map((found) => ({
      text: found[0],
      line: index + 1,
      column: found.index + 1,
    }));
    if (first !== undefined) lines.push({ number: index + 1, text: content, cells: [first, ...rest] });
  });
  return lines;
}

/** The cell as a number. @throws MalformedInstance where it is none. */
export function numberIn(cell: Cell, what: string): number {
  const value = Number(cell.text);
  if (!Number.isFinite(value)) throw new MalformedInstance(cell, `"${cell.text}" is no ${what}`);
  return value;
}

/** The cell as a whole number of at least `least`. @throws MalformedInstance where it is none. */
export function wholeIn(cell: Cell, what: string, least = 0): number {
  const value = numberIn(cell, what);
  if (!Number.isInteger(value) || value < least)
    throw new MalformedInstance(cell, `"${cell.text}" is no ${what}: a whole number of at least ${least} is wanted`);
  return value;
}

/** So many numbers and no other cell on the line. @throws MalformedInstance. */
export function rowOf(line: Line, columns: readonly string[]): number[] {
  const beyond = line.cells[columns.length];
  if (beyond !== undefined) throw new MalformedInstance(beyond, `one cell too many: ${columns.join(', ')} are wanted`);
  return columns.map((what, index) => {
    const cell = line.cells[index];
    if (cell === undefined)
      throw new MalformedInstance({ line: line.number, column: line.text.trimEnd().length + 1 }, `the ${what} is missing`);
    return numberIn(cell, what);
  });
}
