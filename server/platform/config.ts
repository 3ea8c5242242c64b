import path from 'node:path';
import { z } from 'zod';
import { LOG_LEVELS } from './log.ts';

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
};
const flag = z.enum(['on', 'off']);

/** Every setting there is, read once. What is empty counts as not set. */
const Environment = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }).optional(),
  THUMA_DATABASE: z.enum(['cluster', 'embedded']).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// address' }).optional(),
  OSRM_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// address' }).optional(),
  THUMA_HOME: z.string().default('.thuma'),
  THUMA_CITY: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be the name of a folder in cities/')
    .default('gothenburg'),
  THUMA_CLOCK: z.enum(['real', 'simulated']).default('real'),
  THUMA_CLOCK_START: z.iso.datetime({ offset: true, error: 'must be a time like 2026-01-27T05:00:00Z' }).optional(),
  THUMA_SEED: wholeNumber(0, 2 ** 32 - 1).optional(),
  MQTT_URL: z.url({ protocol: /^(mqtts?|wss?)$/, error: 'must be an mqtt:// or mqtts:// address' }).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  RATE_LIMITS: flag.default('on'),
  PLAN_IN_SERVER: flag.default('on'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | null;
  /** Insist on one kind of private database; null: what the machine can do. */
  readonly database: 'cluster' | 'embedded' | null;
  readonly osrmUrl: string | null;
  /** Where the servers of a city meet; null: this one serves alone. */
  readonly redisUrl: string | null;
  /** Absolute. */
  readonly home: string;
  readonly city: string;
  readonly clock: 'real' | 'simulated';
  /** Where a simulated clock starts. */
  readonly clockStart: Date | null;
  /** Ids are made from it: recorded days only. */
  readonly seed: number | null;
  /** The broker OwnTracks phones publish to; null: none. */
  readonly mqttUrl: string | null;
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How many proxies stand in front; 0 = none, and forwarded addresses are not believed. */
  readonly trustProxy: number;
  readonly rateLimits: boolean;
  /** The server makes plans too; false: only planner processes do (`npm run planner`). */
  readonly planInServer: boolean;
}

/** Settings that are missing or malformed, all named at once. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

/** @throws BadConfig naming every setting that cannot be used. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = Environment.safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${sayFault(issue)}`);
  const origins = (given['ALLOWED_ORIGINS'] ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      faults.push(`ALLOWED_ORIGINS holds "${origin}", which is not an origin like https://desk.example.org`);
    }
  }
  if (given['THUMA_CLOCK'] === 'simulated' && !given['THUMA_CLOCK_START']) {
    faults.push('THUMA_CLOCK_START is missing: a simulated clock needs a time to start at, like 2026-01-27T05:00:00Z');
  }
  if (!parsed.success || faults.length > 0) {
    throw new BadConfig(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  const e = parsed.data;
  return Object.freeze({
    port: e.PORT,
    host: e.HOST,
    databaseUrl: e.DATABASE_URL ?? null,
    database: e.THUMA_DATABASE ?? null,
    osrmUrl: e.OSRM_URL?.replace(/\/+$/, '') ?? null,
    redisUrl: e.REDIS_URL ?? null,
    home: path.resolve(e.THUMA_HOME),
    city: e.THUMA_CITY,
    clock: e.THUMA_CLOCK,
    clockStart: e.THUMA_CLOCK_START === undefined ? null : new Date(e.THUMA_CLOCK_START),
    seed: e.THUMA_SEED ?? null,
    mqttUrl: e.MQTT_URL ?? null,
    publicUrl: e.PUBLIC_URL ?? null,
    allowedOrigins: Object.freeze(origins),
    logLevel: e.LOG_LEVEL,
    trustProxy: e.TRUST_PROXY,
    rateLimits: e.RATE_LIMITS === 'on',
    planInServer: e.PLAN_IN_SERVER === 'on',
  });
}

const sayFault = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value'
    ? `must be one of ${issue.values.join(', ')}`
    : issue.message.replace(/^Invalid input: /, 'is wrong: ');
