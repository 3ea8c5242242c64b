import { z } from 'zod';
import { VroomInput } from '../../../routing/formats/vroom/input.ts';
import { VroomRefusal } from '../../../routing/formats/vroom/refusal.ts';
import { answerVroom, failureOf, type VroomTools } from '../../../routing/formats/vroom/solve-vroom.ts';
import { warmEngine } from '../../../routing/formats/vroom/warm-engine.ts';
import type { RoadNetwork } from '../../../routing/roads/road-network.ts';
import type { Planner as Engine } from '../../../routing/worker/start-planner.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { Log } from '../../platform/log.ts';

export interface VroomDeps {
  readonly roads: RoadNetwork;
  /** A thread of its own: a stranger's problem never keeps the city's plans waiting. */
  readonly engine: Engine;
  readonly wallMillis: () => number;
  readonly log: Log;
}

/** As vroom-express. */
const MOST_LOCATIONS = 1_000;
const MOST_VEHICLES = 200;
/** A matrix of 1,000 places is 5 MB of text, with distances 10. */
const MOST_BYTES = 12 * 1024 * 1024;
const MOST_SECONDS = 60;
/** One is being solved, the others wait. */
const MOST_AT_ONCE = 4;
const SEED = 1;

const Amounts = z.array(z.int()).optional();
const Violations = z.array(z.strictObject({ cause: z.string(), duration: z.int().optional() }));
const Place = { location: z.array(z.number()).optional(), location_index: z.int().optional() };
const Totals = {
  cost: z.int(),
  delivery: Amounts,
  amount: Amounts,
  pickup: Amounts,
  setup: z.int(),
  service: z.int(),
  duration: z.int(),
  waiting_time: z.int(),
  priority: z.int(),
  distance: z.int().optional(),
  violations: Violations,
};
const StepType = z.enum(['start', 'job', 'pickup', 'delivery', 'break', 'end']);

/** VROOM's answer, for OpenAPI and for tests. */
const VroomAnswer = z.strictObject({
  code: z.literal(0),
  summary: z.strictObject({
    ...Totals,
    routes: z.int(),
    unassigned: z.int(),
    computing_times: z.strictObject({ loading: z.int(), solving: z.int(), routing: z.int() }),
  }),
  unassigned: z.array(z.strictObject({ id: z.int(), ...Place, type: StepType, description: z.string().optional() })),
  routes: z.array(
    z.strictObject({
      vehicle: z.int(),
      ...Totals,
      description: z.string().optional(),
      geometry: z.string().optional(),
      steps: z.array(
        z.strictObject({
          type: StepType,
          ...Place,
          description: z.string().optional(),
          id: z.int().optional(),
          job: z.int().optional(),
          setup: z.int(),
          service: z.int(),
          waiting_time: z.int(),
          load: Amounts,
          arrival: z.int(),
          duration: z.int(),
          distance: z.int().optional(),
          violations: Violations,
        }),
      ),
    }),
  ),
  travel_times: z.literal('estimate').optional(),
});

/**
 * VROOM's input and its answer. Its users' programs read `{code, error}`, so refusals of the problem are not
 * problem+json here, and the handler reads the body itself: 400 wrong or not representable, 413 too large, 500 roads or a
 * fault of ours, 503 too many at once. Who may not ask, or sends no JSON, is answered as everywhere.
 */
export function vroomRoutes(deps: VroomDeps): Route[] {
  const tools: VroomTools = {
    // One core: the others are the city's.
    solve: warmEngine(deps.engine, { searches: 1 }),
    roads: deps.roads,
    seed: SEED,
    seconds: null,
    mostSeconds: MOST_SECONDS,
    mostLocations: MOST_LOCATIONS,
    mostVehicles: MOST_VEHICLES,
    wallMillis: deps.wallMillis,
  };
  let atOnce = 0;
  return [
    route({
      method: 'post',
      path: '/api/vroom',
      action: 'problem.solve',
      summary: "Solve a problem in VROOM's format, by the city's roads; nothing of it is kept. Refusals are {code, error}",
      body: z.unknown().meta(z.toJSONSchema(VroomInput, { io: 'input', unrepresentable: 'any' })),
      // What is answered has read-only lists; the schema is what tests hold it against.
      answer: VroomAnswer as z.ZodType<unknown>,
      maxBodyBytes: MOST_BYTES,
      async handle({ body, signal, res, requestId }) {
        if (atOnce >= MOST_AT_ONCE) {
          res.status(503).set('Retry-After', '5');
          res.json({ code: 1, error: `${MOST_AT_ONCE} problems are being solved already; send this one again in a moment.` });
          return undefined;
        }
        atOnce++;
        try {
          return await answerVroom(body, tools, signal);
        } catch (error) {
          // Nobody is there to be told.
          if (signal.aborted) {
            res.end();
            return undefined;
          }
          const { status, body: failure } = failureOf(error);
          if (!(error instanceof VroomRefusal)) deps.log.error({ err: error, requestId }, 'vroom');
          res.status(status).json(failure);
          return undefined;
        } finally {
          atOnce--;
        }
      },
    }),
  ];
}
