import { z } from 'zod';
import { MalformedInstance } from './malformed-instance.ts';

/**
 * An instance of the home-care routing and scheduling problem: caregivers leave one office at time 0 and return to it;
 * a patient gets one service, or two from two caregivers, at once or one after the other. Times and lengths in the file's unit.
 */
export interface HomeCareInstance {
  readonly patients: readonly Patient[];
  readonly caregivers: readonly { readonly id: string; readonly abilities: readonly string[] }[];
  /** The office first, then the patients in their order; row = from. */
  readonly distances: readonly (readonly number[])[];
}

export interface Patient {
  readonly id: string;
  /** No service starts before; starting later than `windowEnd` is tardy, and allowed. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** One or two. */
  readonly services: readonly { readonly service: string; readonly duration: number }[];
  /** Of two services: so much later the second starts than the first, at least and at most. null for one service. */
  readonly lag: { readonly least: number; readonly most: number } | null;
}

const Pair = z.tuple([z.number(), z.number()]);
const File = z.object({
  patients: z.array(
    z.object({
      id: z.string(),
      time_window: Pair,
      required_caregivers: z
        .array(z.object({ service: z.string(), duration: z.number().nonnegative() }))
        .min(1)
        .max(2),
      synchronization: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('simultaneous') }),
          z.object({ type: z.literal('sequential'), distance: Pair }),
        ])
        .optional(),
    }),
  ),
  caregivers: z.array(z.object({ id: z.string(), abilities: z.array(z.string()) })).min(1),
  central_offices: z.array(z.unknown()).length(1),
  distances: z.array(z.array(z.number().nonnegative())),
});

/** Reads the JSON of a home-care instance. @throws MalformedInstance with the line and column of what is wrong. */
export function readHomeCare(text: string): HomeCareInstance {
  const parsed = File.safeParse(jsonOf(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    throw new MalformedInstance(placeOf(text, path), `${path.join('.')}: ${issue?.message ?? 'not a home-care instance'}`);
  }
  const { patients, caregivers, distances } = parsed.data;
  const size = patients.length + 1;
  const ragged = distances.findIndex((row) => row.length !== size);
  if (distances.length !== size || ragged !== -1)
    throw new MalformedInstance(
      placeOf(text, ragged === -1 ? ['distances'] : ['distances', ragged]),
      `distances are not ${size} x ${size}: the office and ${patients.length} patients`,
    );
  return {
    caregivers,
    distances,
    patients: patients.map((patient, index) => {
      const {
        id,
        time_window: [windowStart, windowEnd],
        required_caregivers: services,
        synchronization,
      } = patient;
      if ((services.length === 2) !== (synchronization !== undefined))
        throw new MalformedInstance(
          placeOf(text, ['patients', index]),
          `patient ${id} has ${services.length} services and ${synchronization === undefined ? 'no' : 'a'} synchronization`,
        );
      const [least, most] = synchronization?.type === 'sequential' ? synchronization.distance : [0, 0];
      return { id, windowStart, windowEnd, services, lag: synchronization === undefined ? null : { least, most } };
    }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const offset = Number(/position (\d+)/.exec(said)?.[1] ?? text.length);
    throw new MalformedInstance(lineAndColumn(text, offset), 'this is not JSON');
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where the value at a path begins in a valid JSON text; of what is not there, the innermost value that is. */
function placeOf(text: string, path: readonly PropertyKey[]): { line: number; column: number } {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)];
  let at = 0;
  const skipValue = (): void => {
    let depth = 0;
    do {
      const token = tokens[at++]?.[0];
      if (token === undefined) return;
      if (token === '{' || token === '[') depth++;
      if (token === '}' || token === ']') depth--;
    } while (depth > 0);
  };
  /** Steps from the opening bracket to the member; false when it is not there. */
  const enter = (step: PropertyKey): boolean => {
    const isList = tokens[at]?.[0] === '[';
    const from = at;
    at++;
    for (let index = 0; at < tokens.length && !['}', ']'].includes(tokens[at]?.[0] ?? ''); index++) {
      const name = isList ? index : (JSON.parse(tokens[at]?.[0] ?? '""') as unknown);
      if (!isList) at += 2;
      if (name === step) return true;
      skipValue();
      if (tokens[at]?.[0] === ',') at++;
    }
    at = from;
    return false;
  };
  for (const step of path) if (!enter(step)) break;
  return lineAndColumn(text, tokens[at]?.index ?? 0);
}
