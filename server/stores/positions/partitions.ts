import type { Db } from '../../../db/knex.ts';

const DAY_MILLIS = 86_400_000;
/** Any number, the same in every process: PostgreSQL's advisory lock for "partitions are being made". */
const PARTITION_LOCK = 7_483_926_151;

/**
 * Makes the partitions of `fix` for the UTC day of `day` and the one after, where they are missing. Fixes of a day
 * that came before its partition lie in the default one and are moved over (PostgreSQL refuses the partition else).
 * @returns the names of those it made.
 */
export async function ensureFixPartitions(tx: Db, day: Date): Promise<string[]> {
  const first = Math.floor(day.getTime() / DAY_MILLIS) * DAY_MILLIS;
  const made: string[] = [];
  await tx.transaction(async (inner) => {
    await lockPartitions(inner);
    for (const start of [first, first + DAY_MILLIS]) {
      const from = new Date(start).toISOString();
      const until = new Date(start + DAY_MILLIS).toISOString();
      const name = `fix_${from.slice(0, 10).replaceAll('-', '')}`;
      if (await exists(inner, name)) continue;
      await inner.raw('create table ?? (like fix including defaults including constraints)', [name]);
      await inner.raw(
        `with moved as (delete from fix_default where fix_time >= ?::timestamptz and fix_time < ?::timestamptz returning *)
         insert into ?? select * from moved`,
        [from, until, name],
      );
      // The bounds of a partition must stand in the statement itself: PostgreSQL takes no parameters there.
      await inner.raw(inner.raw('alter table fix attach partition ?? for values from (?) to (?)', [name, from, until]).toQuery());
      made.push(name);
    }
  });
  return made;
}

/** One at a time makes partitions or takes them away; until the transaction ends. */
export async function lockPartitions(tx: Db): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(?)', [PARTITION_LOCK]);
}

async function exists(tx: Db, name: string): Promise<boolean> {
  const answer = await tx.raw<{ rows: { there: boolean }[] }>(
    `select exists (select from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'fix'::regclass and c.relname = ?) as there`,
    [name],
  );
  return answer.rows[0]?.there === true;
}
