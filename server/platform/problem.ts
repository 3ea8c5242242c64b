/** One thing wrong with one field of the input. `path` is dotted: `slots.0.skills`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface ProblemDetails {
  readonly fields?: readonly FieldError[];
  /** The present state, for a stale version (409): what the caller should look at before trying again. */
  readonly present?: unknown;
  readonly cause?: unknown;
}

/**
 * An answer we owe the caller (RFC 9457, application/problem+json): `type` is stable and machine-readable,
 * `message` is a sentence a person can act on. Anything else that is thrown is our bug.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly type: string;
  readonly fields: readonly FieldError[];
  readonly present: unknown;

  constructor(status: number, type: string, sentence: string, details: ProblemDetails = {}) {
    super(sentence, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = status;
    this.type = type;
    this.fields = details.fields ?? [];
    this.present = details.present;
  }

  /** The body of the answer, and of a socket's acknowledgement. */
  toJSON(): { type: string; status: number; detail: string; errors?: readonly FieldError[]; present?: unknown } {
    return {
      type: `/problems/${this.type}`,
      status: this.status,
      detail: this.message,
      ...(this.fields.length > 0 ? { errors: this.fields } : {}),
      ...(this.present === undefined ? {} : { present: this.present }),
    };
  }
}
