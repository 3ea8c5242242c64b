import type { Db } from '../../db/knex.ts';
import { Usage } from '../failure.ts';

/** A database that has this remark on its schema was filled by a demo and may be emptied by the next. */
const REMARK = 'Thuma demo: the next demo empties this database';

/** Everything in the schema public that no extension put there, as what to drop; sequences last, most go with their tables. */
const LEFT = `
  select what from (
    select case c.relkind when 'S' then 2 else 0 end as turn, c.oid,
      case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end || ' if exists ' || c.oid::regclass as what
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    union all
    select 1, p.oid, 'function if exists ' || p.oid::regprocedure
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  ) as ours
  order by turn, oid`;

/**
 * Empties what an earlier demo left, so that a demo always begins with its own morning.
 * @throws Usage when a database that somebody named (not `ours`) holds anything a demo did not put there.
 */
export async function emptyDemoDatabase(db: Db, ours: boolean): Promise<void> {
  const found = await db.raw<{ rows: { remark: string | null; left: boolean }[] }>(
    `select obj_description(to_regnamespace('private')::oid, 'pg_namespace') as remark, exists (${LEFT}) as left`,
  );
  const { remark, left } = found.rows[0]!;
  if (!left && remark === null) return;
  if (!ours && remark !== REMARK) {
    throw new Usage(
      'The database of DATABASE_URL holds something that no demo put there. A demo fills its database with simulated crews: ' +
        'name an empty one, or leave DATABASE_URL out and it makes its own.',
    );
  }
  await db.transaction(async (tx) => {
    // A server that was killed may still be closing its last transaction.
    await tx.raw(`set local lock_timeout = '15s'`);
    await tx.raw('drop schema if exists private cascade');
    await tx.raw(`
      do $$
      declare piece text;
      begin
        for piece in select l.what from (${LEFT}) as l loop
          execute 'drop ' || piece || ' cascade';
        end loop;
      end $$`);
  });
}

/** Leaves the remark by which the next demo knows that it may empty this database. */
export async function markDemoDatabase(db: Db): Promise<void> {
  await db.raw(`comment on schema private is '${REMARK}'`);
}
