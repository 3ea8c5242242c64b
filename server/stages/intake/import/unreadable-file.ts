/** Where in a file something is wrong; lines, columns and bytes count from 1. */
export interface FilePlace {
  readonly line: number;
  readonly column?: number;
  readonly byte?: number;
}

/** The file as a whole cannot be imported; the message is a sentence that says what to do. Nothing was written. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly place: FilePlace;

  constructor(sentence: string, place: FilePlace, options?: ErrorOptions) {
    super(sentence, options);
    this.place = place;
  }
}
