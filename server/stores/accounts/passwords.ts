import { hash, verify } from '@node-rs/argon2';

/** OWASP's smallest recommended argon2id; about 20 ms here, off the main thread. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id in its PHC string, salt included. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let nobody: Promise<string> | undefined;

/** Takes as long for an account that does not exist or has no password (`stored` null): the time tells nothing. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  const against = stored ?? (await (nobody ??= hashPassword('nobody has this password')));
  const fits = await verify(against, password);
  return stored !== null && fits;
}
