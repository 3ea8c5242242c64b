import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Answer } from './action.ts';
import type { Actor } from './actor.ts';
import type { ActionName, Scope } from './policy.ts';

/** What a handler is given: input already parsed, the actor already allowed, and in which scope. */
export interface Call<P, Q, B> {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** When the request arrived, in city time. */
  readonly receivedAt: Date;
  readonly requestId: string;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** For the few that stream or set headers; most handlers just return their answer. */
  readonly req: Request;
  readonly res: Response;
}

/**
 * One HTTP endpoint. Guards, validation, OpenAPI and the authorisation matrix are made from this description;
 * `handle` parses nothing and checks no right, it calls and answers.
 */
export interface Route<P = unknown, Q = unknown, B = unknown, A = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express form: /api/cases/:id */
  readonly path: string;
  readonly action: ActionName;
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /**
   * Media types of a body that is taken as it is (`call.body` is a Uint8Array, empty where there is none), whatever type the
   * caller says: for protocols of others, whose devices say a wrong one or none. Instead of `body`.
   */
  readonly anyBody?: readonly string[];
  /** Schema of the answer's body, for OpenAPI and for tests. */
  readonly answer?: z.ZodType<A>;
  /** Media type of an answer that is no JSON; the handler sends it itself. */
  readonly answerType?: string;
  /** HTTP status of success, 200 when left out. */
  readonly status?: number;
  /** Largest body in bytes, 256 KiB when left out. */
  readonly maxBodyBytes?: number;
  handle(call: Call<P, Q, B>): Promise<A>;
}

/** Keeps the types of one route together and forgets them for the list. */
export function route<P, Q, B, A>(definition: Route<P, Q, B, A>): Route {
  // A list of routes is heterogeneous; each was checked here, where its own types are known.
  return definition as unknown as Route;
}

/**
 * Answers with what an action got (now, or when it was first sent): its status, its body, and whether it is repeated.
 * A handler ends with `return giveAnswer(call, await act(...))`.
 */
export function giveAnswer(call: Pick<Call<unknown, unknown, unknown>, 'res'>, answer: Answer): unknown {
  call.res.status(answer.status);
  if (answer.repeated) call.res.set('Thuma-Repeated', 'true');
  return answer.body;
}
