import { isConnectionLost } from '../../db/knex.ts';
import { Problem } from './problem.ts';

const TOO_SLOW = new Set(['57014', '55P03']);

/** PostgreSQL's data exceptions: schemas should have refused it before, so it is logged like a fault of ours. */
const UNSTORABLE = /^22(003|007|008|009|021|P02|P05)$/;
export const UNSTORABLE_TYPE = 'value-refused';

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/**
 * What a caller is told of anything that was thrown: a Problem as it is, a database that is away (503), and of
 * everything else nothing (500). A schema that fails inside a handler is our bug, not the caller's input.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isConnectionLost(error) || (error instanceof Error && error.name === 'KnexTimeoutError')) {
    return new Problem(
      503,
      'database-unavailable',
      // A connection that broke while committing leaves it open what became of it.
      'The database cannot be reached at the moment. Send the same again in a few seconds, with the same action id: what was done already is not done twice.',
      { cause: error },
    );
  }
  if (error instanceof Error && TOO_SLOW.has(codeOf(error))) {
    return new Problem(503, 'too-busy', 'This took too long and was given up. Nothing was changed; try again.', { cause: error });
  }
  if (error instanceof Error && UNSTORABLE.test(codeOf(error))) {
    return new Problem(
      400,
      UNSTORABLE_TYPE,
      'One of the values cannot be stored: a number too large, a time that does not exist, or text that is no text. Nothing was changed.',
      { cause: error },
    );
  }
  return new Problem(500, 'internal', 'Something went wrong on our side; it has been logged.', { cause: error });
}
