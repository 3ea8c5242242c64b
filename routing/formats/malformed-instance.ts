/** A file of a benchmark that is not as its format says. Lines and columns count from 1. */
export class MalformedInstance extends Error {
  override readonly name = 'MalformedInstance';
  readonly line: number;
  readonly column: number;
  readonly detail: string;
  constructor(at: { readonly line: number; readonly column: number }, detail: string) {
    super(`line ${at.line}, column ${at.column}: ${detail}`);
    this.line = at.line;
    this.column = at.column;
    this.detail = detail;
  }
}
