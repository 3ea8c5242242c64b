import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Actor } from './actor.ts';
import type { ActionName } from './policy.ts';
import { Problem } from './problem.ts';

/** Requests a minute and address for what strangers may do; null: no limits (tests, recorded days). */
export type RateLimits = Readonly<Partial<Record<ActionName, number>>> | null;

export const DEFAULT_RATE_LIMITS: RateLimits = {
  'session.open': 10,
  'device.enrol': 10,
  'case.report': 30,
  'case.follow': 120,
  // Asked while somebody types or moves the map.
  'place.find': 240,
  'place.near': 30,
};

export type LimitRate = (action: ActionName, actor: Actor, req: Request, res: Response) => Promise<void>;

/** Throws Problem 429 with Retry-After when an address asks too often. Who is signed in is not limited here. */
export function rateLimiter(limits: RateLimits): LimitRate {
  const limiters = new Map<ActionName, RequestHandler>();
  for (const [action, perMinute] of Object.entries(limits ?? {}) as [ActionName, number][]) {
    limiters.set(
      action,
      rateLimit({
        windowMs: 60_000,
        limit: perMinute,
        standardHeaders: 'draft-8',
        legacyHeaders: false,
        // The warnings are about proxies; what `req.ip` means is decided by TRUST_PROXY alone.
        validate: false,
        keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
        handler: (_req, _res, next) => next(new Problem(429, 'too-many', 'Too many tries from here; wait a minute.')),
      }),
    );
  }
  return async (action, actor, req, res) => {
    const limiter = limiters.get(action);
    if (!limiter || (actor.role !== 'anonymous' && actor.role !== 'reporter')) return;
    await new Promise<void>((resolve, reject) => {
      const next = (error?: unknown) => (error ? reject(error as Error) : resolve());
      void limiter(req, res, next);
    });
  };
}
