/** Enough of a strange reply to see in a log what it was; a table's reply is megabytes. */
const EXCERPT = 2_000;

/** The router gave no usable answer: unreachable, too slow, or its reply is not what its interface says. */
export class RoadsUnavailable extends Error {
  override readonly name = 'RoadsUnavailable';
  readonly #body: unknown;

  constructor(message: string, options: { cause?: unknown; body?: unknown } = {}) {
    super(message, { cause: options.cause ?? excerpt(options.body) });
    this.#body = options.body;
  }

  /** All that the router sent, when it sent something. Not a field: it must not end up in a log whole. */
  get body(): unknown {
    return this.#body;
  }
}

/** The router works and says that no road leads through the points asked for. */
export class NoRoad extends Error {
  override readonly name = 'NoRoad';
}

function excerpt(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  return (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, EXCERPT);
}
