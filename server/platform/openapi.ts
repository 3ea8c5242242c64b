import { z } from 'zod';
import { ProblemBody } from './contract.ts';
import type { CookieName } from './credentials.ts';
import { route, type Route } from './http-route.ts';
import { POLICY, scopeOf, type Role } from './policy.ts';

type Json = Record<string, unknown>;

const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

/** By which credentials each role comes. */
const SCHEME_OF: Readonly<Record<Exclude<Role, 'system' | 'anonymous' | 'reporter'>, string>> = {
  crew: 'device',
  dispatcher: 'session',
  supervisor: 'session',
  admin: 'session',
  integrator: 'apiKey',
};

/** The OpenAPI 3.1 description of the routes, made from the very schemas that guard them. */
export function openApiDocument(routes: readonly Route[], info: { version: string; cookie: CookieName }): Json {
  const paths: Record<string, Json> = {};
  for (const one of routes) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method]: operation(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Thuma',
      version: info.version,
      description:
        'Dispatch for city crews. Times are UTC (ISO 8601), points are lon, lat in degrees (WGS 84). ' +
        'Refusals are application/problem+json (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(ProblemBody, 'output') },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: info.cookie.name,
          description: 'A signed-in session. Changes also need the header "Thuma-Request: 1".',
        },
        device: { type: 'http', scheme: 'bearer', description: 'The token a device got when it was enrolled.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'Api-Key', description: 'The key of an integrator.' },
      },
    },
  };
}

function operation(one: Route): Json {
  const parameters = [...pathParameters(one), ...queryParameters(one)];
  const answer = contentOf(one);
  const success = String(one.status ?? (answer ? 200 : 204));
  const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: PROBLEM_REF } } });
  return {
    operationId: `${one.method}_${one.path.replace(/^\//, '').replace(/[^a-zA-Z0-9]+/g, '_')}`,
    summary: one.summary,
    tags: [one.action.split('.')[0]],
    'x-action': one.action,
    'x-scopes': POLICY[one.action],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(one.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(one.body, 'input') } } } }
      : {}),
    ...(one.anyBody
      ? {
          requestBody: {
            required: false,
            content: Object.fromEntries(one.anyBody.map((type) => [type, { schema: { type: 'string' } }])),
          },
        }
      : {}),
    responses: {
      [success]: { description: 'Done', ...(answer ? { content: answer } : {}) },
      default: problem('Refused, with the reason'),
    },
    security: securityOf(one),
  };
}

function contentOf(one: Route): Json | null {
  if (one.answerType !== undefined) return { [one.answerType]: { schema: { type: 'string' } } };
  return one.answer ? { 'application/json': { schema: jsonSchema(one.answer, 'output') } } : null;
}

function securityOf(one: Route): Json[] {
  if (scopeOf('anonymous', one.action) !== null) return [{}];
  const schemes = (Object.keys(SCHEME_OF) as (keyof typeof SCHEME_OF)[])
    .filter((role) => scopeOf(role, one.action) !== null)
    .map((role) => SCHEME_OF[role]);
  return [...new Set(schemes)].map((scheme) => ({ [scheme]: [] }));
}

function pathParameters(one: Route): Json[] {
  const schemas = one.params ? propertiesOf(jsonSchema(one.params, 'input')) : {};
  return [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: schemas[name!] ?? { type: 'string' },
  }));
}

function queryParameters(one: Route): Json[] {
  if (!one.query) return [];
  const schema = jsonSchema(one.query, 'input');
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(propertiesOf(schema)).map(([name, of]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: of,
  }));
}

const propertiesOf = (schema: Json): Record<string, unknown> => (schema['properties'] ?? {}) as Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
  });
  return rest;
}

/** GET /api/openapi.json, of these routes and itself. */
export function openApiRoutes(routes: readonly Route[], info: { version: string; cookie: CookieName }): Route[] {
  let document: Json | null = null;
  const own: Route = route({
    method: 'get',
    path: '/api/openapi.json',
    action: 'openapi.read',
    summary: 'This description',
    answer: z.record(z.string(), z.unknown()),
    handle: () => Promise.resolve((document ??= openApiDocument([...routes, own], info))),
  });
  return [own];
}
