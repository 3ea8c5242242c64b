import type { LonLat } from '../../../routing/units.ts';
import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import type { CrewId } from '../crews/contract.ts';
import type { AreaConfig } from './contract.ts';
import type { LoadedCity } from './load.ts';

/** What `installCity` did. */
export interface InstalledCity {
  readonly configVersionId: string;
  /** False when exactly this configuration had been installed before. */
  readonly isNew: boolean;
}

/**
 * Brings the database to the city's folder: a configuration version for each new hash, and organisations, areas, depots,
 * vehicles, plant, crews and people by their codes. Safe to repeat. What the folder no longer names is made inactive,
 * never deleted: history refers to it (organisations, depots and areas just stay).
 */
export async function installCity(change: Change, city: LoadedCity): Promise<InstalledCity> {
  const { tx } = change;
  const { config, hash } = city;
  const id = (): string => change.ids.next(change.now);

  const inserted = await tx('config_version')
    .insert({ id: id(), hash, content: JSON.stringify(config), loaded_at: change.now })
    .onConflict('hash')
    .ignore()
    .returning<{ id: string }[]>('id');
  const configVersionId = inserted[0]?.id ?? (await getConfigVersionId(tx, hash));

  await upsert(
    tx,
    ORGANISATIONS,
    config.organisations.map((o) => ({ id: id(), ...o })),
  );
  await upsert(
    tx,
    AREAS,
    config.areas.map(({ polygons, ...area }) => ({
      id: id(),
      ...area,
      shape: polygons === null ? null : JSON.stringify({ type: 'MultiPolygon', coordinates: polygons }),
    })),
  );
  await refuseBrokenBoundaries(tx);
  await upsert(
    tx,
    DEPOTS,
    config.depots.map(({ place, ...depot }) => ({ id: id(), ...depot, lon: place.lon, lat: place.lat })),
  );
  await upsert(
    tx,
    VEHICLES,
    config.vehicles.map((v) => ({ id: id(), ...v })),
  );
  await upsert(
    tx,
    PLANT_ITEMS,
    config.plant.map((p) => ({ id: id(), ...p })),
  );
  await upsert(
    tx,
    CREWS,
    config.crews.map((crew, i) => ({ id: id(), ...crew, ordinal: i + 1 })),
  );
  await upsert(
    tx,
    PERSONS,
    config.crews.flatMap((crew) =>
      personCodes(crew).map((code) => ({ id: id(), code, organisation: crew.organisation, skills: crew.skills })),
    ),
  );

  await deactivate(
    tx,
    'vehicle',
    config.vehicles.map(({ code }) => code),
  );
  await deactivate(
    tx,
    'plant_item',
    config.plant.map(({ code }) => code),
  );
  await deactivate(
    tx,
    'crew',
    config.crews.map(({ code }) => code),
  );
  await deactivate(tx, 'person', config.crews.flatMap(personCodes));

  if (inserted.length > 0) change.emit({ type: 'city.configured', configVersionId, body: { hash } });
  return { configVersionId, isNew: inserted.length > 0 };
}

/** The folder counts people and does not name them: the first of crew-4 is `crew-4-1`. */
export const personCodes = (crew: { readonly code: string; readonly people: number }): string[] =>
  Array.from({ length: crew.people }, (_, i) => `${crew.code}-${i + 1}`);

/** @throws Error when this configuration was never installed here. */
export async function getConfigVersionId(tx: Db, hash: string): Promise<string> {
  const id = await findConfigVersionId(tx, hash);
  if (id === undefined) throw new Error(`Configuration ${hash} has not been installed in this database.`);
  return id;
}

/** The same; undefined when it has not been installed in this database. */
export async function findConfigVersionId(tx: Db, hash: string): Promise<string | undefined> {
  return (await tx('config_version').where({ hash }).first<{ id: string } | undefined>('id'))?.id;
}

/** Id of every organisation by its code. */
export async function listOrganisationIds(tx: Db): Promise<Map<string, string>> {
  const rows = await tx('organisation').orderBy('code').select<{ code: string; id: string }[]>('code', 'id');
  return new Map(rows.map(({ code, id }) => [code, id]));
}

/** Id of every area by `kind:code`. */
export async function listAreaIds(tx: Db): Promise<Map<string, string>> {
  const rows = await tx('area')
    .orderBy(['kind', 'code'])
    .select<{ kind: string; code: string; id: string }[]>('kind', 'code', 'id');
  return new Map(rows.map(({ kind, code, id }) => [`${kind}:${code}`, id]));
}

/** An area with its boundary as GeoJSON MultiPolygon coordinates; null: known by name only. */
export interface Area extends AreaConfig {
  readonly id: string;
}

/** All areas, by kind and code. */
export async function listAreas(db: Db): Promise<Area[]> {
  const rows = await db('area')
    .orderBy(['kind', 'code'])
    .select<(Omit<Area, 'polygons'> & { shape: string | null })[]>(
      'id',
      'kind',
      'code',
      'name',
      db.raw('st_asgeojson(shape, 6) as shape'),
    );
  return rows.map(({ shape, ...area }) => ({
    ...area,
    polygons: shape === null ? null : (JSON.parse(shape) as { coordinates: NonNullable<AreaConfig['polygons']> }).coordinates,
  }));
}

/** Ids of everything the folder names, by code; `crews` with their organisation. */
export interface Fleet {
  readonly crews: ReadonlyMap<string, { readonly id: CrewId; readonly organisationId: string }>;
  readonly vehicles: ReadonlyMap<string, string>;
  readonly plant: ReadonlyMap<string, string>;
  readonly persons: ReadonlyMap<string, string>;
}

export async function listFleet(tx: Db): Promise<Fleet> {
  const idsOf = async (table: 'vehicle' | 'plant_item' | 'person'): Promise<Map<string, string>> => {
    const rows = await tx(table).select<{ code: string; id: string }[]>('code', 'id');
    return new Map(rows.map(({ code, id }) => [code, id]));
  };
  const crews = await tx('crew').select<{ code: string; id: CrewId; organisation_id: string }[]>('code', 'id', 'organisation_id');
  return {
    crews: new Map(crews.map(({ code, id, organisation_id }) => [code, { id, organisationId: organisation_id }])),
    vehicles: await idsOf('vehicle'),
    plant: await idsOf('plant_item'),
    persons: await idsOf('person'),
  };
}

/** For each point the ids of the areas it lies in (on an edge: of all that touch), in the order of kind and code. */
export async function areasAt(tx: Db, points: readonly (LonLat | null)[]): Promise<string[][]> {
  const found: string[][] = points.map(() => []);
  const asked = points.flatMap((point, i) => (point === null ? [] : [{ i, lon: point.lon, lat: point.lat }]));
  if (asked.length === 0) return found;
  const { rows } = await tx.raw<{ rows: { i: number; ids: string[] }[] }>(
    `select p.i, array_agg(a.id order by a.kind, a.code) as ids
       from jsonb_to_recordset(?::jsonb) as p(i integer, lon double precision, lat double precision)
       join area a on st_intersects(a.shape, st_setsrid(st_makepoint(p.lon, p.lat), 4326))
      group by p.i`,
    [JSON.stringify(asked)],
  );
  for (const { i, ids } of rows) found[i] = ids;
  return found;
}

/** Looking up an area needs a valid boundary, and repairing an arbitrary one can run for minutes. */
async function refuseBrokenBoundaries(tx: Db): Promise<void> {
  const broken = await tx('area')
    .whereRaw('not st_isvalid(shape)')
    .orderBy(['kind', 'code'])
    .first<{ kind: string; code: string; why: string } | undefined>('kind', 'code', tx.raw('st_isvalidreason(shape) as why'));
  if (!broken) return;
  throw new Error(`The boundary of ${broken.kind} ${broken.code} is not valid (${broken.why}). Redraw it in areas.geojson.`);
}

async function upsert(tx: Db, statement: string, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await tx.raw(statement, [JSON.stringify(rows)]);
}

async function deactivate(tx: Db, table: 'vehicle' | 'plant_item' | 'crew' | 'person', codes: readonly string[]): Promise<void> {
  await tx(table)
    .where({ active: true })
    .whereRaw('code <> all(?::text[])', [[...codes]])
    .update({ active: false });
}

const ORGANISATIONS = `
  insert into organisation (id, code, name)
  select r.id, r.code, r.name from jsonb_to_recordset(?::jsonb) as r(id uuid, code text, name text)
  on conflict (code) do update set name = excluded.name where organisation.name <> excluded.name`;

const AREAS = `
  insert into area (id, kind, code, name, shape)
  select r.id, r.kind, r.code, r.name, st_setsrid(st_geomfromgeojson(r.shape), 4326)
  from jsonb_to_recordset(?::jsonb) as r(id uuid, kind text, code text, name text, shape text)
  on conflict (kind, code) do update set name = excluded.name, shape = excluded.shape`;

const DEPOTS = `
  insert into depot (id, code, name, organisation_id, place)
  select r.id, r.code, r.name, o.id, st_setsrid(st_makepoint(r.lon, r.lat), 4326)
  from jsonb_to_recordset(?::jsonb) as r(id uuid, code text, name text, organisation text, lon double precision, lat double precision)
  join organisation o on o.code = r.organisation
  on conflict (code) do update set name = excluded.name, organisation_id = excluded.organisation_id, place = excluded.place`;

const VEHICLES = `
  insert into vehicle (id, code, kind, organisation_id, depot_id, plant)
  select r.id, r.code, r.kind, o.id, d.id, r.plant
  from jsonb_to_recordset(?::jsonb) as r(id uuid, code text, kind text, organisation text, depot text, plant text[])
  join organisation o on o.code = r.organisation join depot d on d.code = r.depot
  on conflict (code) do update set kind = excluded.kind, organisation_id = excluded.organisation_id,
    depot_id = excluded.depot_id, plant = excluded.plant, active = true`;

const PLANT_ITEMS = `
  insert into plant_item (id, code, kind, organisation_id)
  select r.id, r.code, r.kind, o.id
  from jsonb_to_recordset(?::jsonb) as r(id uuid, code text, kind text, organisation text)
  join organisation o on o.code = r.organisation
  on conflict (code) do update set kind = excluded.kind, organisation_id = excluded.organisation_id, active = true`;

// New crews get the numbers after the highest there is, in the folder's order; a number once given is kept.
const CREWS = `
  insert into crew (id, number, code, name, organisation_id, depot_id)
  select r.id, (select coalesce(max(number), 0) from crew) + row_number() over (order by known.id is not null, r.ordinal),
    r.code, r.name, o.id, d.id
  from jsonb_to_recordset(?::jsonb) as r(id uuid, ordinal integer, code text, name text, organisation text, depot text)
  join organisation o on o.code = r.organisation join depot d on d.code = r.depot left join crew known on known.code = r.code
  order by r.ordinal
  on conflict (code) do update set name = excluded.name, organisation_id = excluded.organisation_id,
    depot_id = excluded.depot_id, active = true, version = crew.version + 1
  where (crew.name, crew.organisation_id, crew.depot_id, crew.active)
    is distinct from (excluded.name, excluded.organisation_id, excluded.depot_id, true)`;

const PERSONS = `
  insert into person (id, code, organisation_id, skills)
  select r.id, r.code, o.id, r.skills
  from jsonb_to_recordset(?::jsonb) as r(id uuid, code text, organisation text, skills text[])
  join organisation o on o.code = r.organisation
  on conflict (code) do update set organisation_id = excluded.organisation_id, skills = excluded.skills, active = true`;
