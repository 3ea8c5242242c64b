/** VROOM's own codes: 1 a fault of ours, 2 the input, 3 the roads. */
export type VroomCode = 1 | 2 | 3;

/**
 * Why an input gets no plan, in VROOM's terms. `path` names the field (`jobs[3].setup`), and stands at the front of
 * the message; empty when it is about the whole.
 */
export class VroomRefusal extends Error {
  override readonly name = 'VroomRefusal';
  readonly code: VroomCode;
  readonly path: string;
  /** More than is planned here, however right it may be. */
  readonly tooLarge: boolean;

  constructor(code: VroomCode, path: string, sentence: string, details: { cause?: unknown; tooLarge?: boolean } = {}) {
    super(path === '' ? sentence : `${path}: ${sentence}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = path;
    this.tooLarge = details.tooLarge ?? false;
  }
}

/** The input is wrong, or says what we cannot represent. */
export const refuse = (path: string, sentence: string): VroomRefusal => new VroomRefusal(2, path, sentence);
