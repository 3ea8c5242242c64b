import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Secrets and personal data, wherever in a logged object (two levels deep) somebody puts them by mistake. */
const SECRET = [
  'token',
  'password',
  'secret',
  'key',
  'code',
  'apiKey',
  'followToken',
  'authorization',
  'cookie',
  'name',
  'email',
  'phone',
  'words',
  'contact',
];
const redacted = SECRET.flatMap((key) => [`body.${key}`, `*.body.${key}`, `query.${key}`, `params.${key}`]).concat(
  ['authorization', 'cookie', '["set-cookie"]', '["api-key"]'].flatMap((key) => [
    key.startsWith('[') ? `headers${key}` : `headers.${key}`,
    key.startsWith('[') ? `*.headers${key}` : `*.headers.${key}`,
  ]),
  ['token', 'password', 'apiKey', 'secret'].flatMap((key) => [key, `*.${key}`]),
);

/** One JSON line per happening, on stdout unless told otherwise. Never give it a URL: those carry tokens. */
export function createLog(options: { level: LogLevel; destination?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redacted, censor: '[hidden]' },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
