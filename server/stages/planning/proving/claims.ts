import type { Db } from '../../../../db/knex.ts';

/** Gives back what was claimed. */
export type Release = () => Promise<void>;

/** Claims a plan for this server; null: another server of the city has it. */
export type Claim = (planId: string) => Promise<Release | null>;

interface Connection {
  query(sql: string, values: readonly string[]): Promise<{ rows: { mine: boolean }[] }>;
}

/**
 * One server at a time has a plan. The claim is a lock of the connection it was made on, which is held meanwhile: a server that
 * dies has lost it by that.
 */
export function claims(db: Db): Claim {
  return async (planId) => {
    const connection = (await db.client.acquireConnection()) as Connection;
    const giveBack = (): Promise<void> => db.client.releaseConnection(connection) as Promise<void>;
    const ask = (how: string) => connection.query(`select ${how}(hashtextextended($1, 0)) as mine`, [`prove ${planId}`]);
    try {
      if ((await ask('pg_try_advisory_lock')).rows[0]?.mine === true) {
        return () =>
          ask('pg_advisory_unlock')
            .then(
              () => undefined,
              // The connection is gone, and the claim with it.
              () => undefined,
            )
            .finally(giveBack);
      }
    } catch (error) {
      await giveBack();
      throw error;
    }
    await giveBack();
    return null;
  };
}
