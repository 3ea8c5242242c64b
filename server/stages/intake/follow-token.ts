import { createHash, randomBytes } from 'node:crypto';

/**
 * What a reporter follows a case with, when the report carried an idempotency key: made from the key and a salt, so
 * that the same key gets the same receipt again although neither token nor key is kept. (The salt lies in the action's
 * stored answer; the action's id is `actionIdOf(key)`, from which the key cannot be had.)
 */
export const tokenFrom = (key: string, salt: string): string =>
  createHash('sha256').update(`follow\n${salt}\n${key}`).digest('base64url');

export const newSalt = (): string => randomBytes(32).toString('base64url');

/** The id of the action an idempotency key stands for: a UUID (version 8, RFC 9562) from its hash. */
export function actionIdOf(key: string): string {
  const b = createHash('sha256').update(`report\n${key}`).digest().subarray(0, 16);
  b[6] = (b[6]! & 0x0f) | 0x80;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const h = b.toString('hex');
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join('-');
}
