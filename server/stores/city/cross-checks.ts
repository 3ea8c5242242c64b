import type { CityConfig } from './contract.ts';

/** One thing in a city's folder that contradicts another. */
export interface Contradiction {
  readonly file: string;
  /** Place in the file, e.g. `crews[3].depot`. */
  readonly path: string;
  readonly says: string;
}

/** What no single file can know: names that must exist elsewhere, places that must lie inside, work nobody could do. */
export function crossCheck(city: CityConfig): Contradiction[] {
  const found: Contradiction[] = [];
  const say = (file: string, path: string, says: string) => found.push({ file, path, says });
  const known = {
    organisation: codes(city.organisations),
    depot: codes(city.depots),
    vehicle: codes(city.vehicles),
    plant: codes(city.plant),
    shift: codes(city.shifts),
    jobType: codes(city.jobTypes),
    requestType: codes(city.requestTypes),
  };
  const must = (file: string, path: string, kind: keyof typeof known, code: string) => {
    if (!known[kind].has(code))
      say(file, path, `there is no ${kind} "${code}" (known: ${[...known[kind]].join(', ') || 'none'})`);
  };
  const unique = (file: string, list: string, items: readonly { code: string }[]) => {
    const seen = new Set<string>();
    items.forEach(({ code }, i) => {
      if (seen.has(code)) say(file, `${list}[${i}].code`, `"${code}" is there twice`);
      seen.add(code);
    });
  };

  unique('catalogue.json', 'jobTypes', city.jobTypes);
  unique('catalogue.json', 'requestTypes', city.requestTypes);
  for (const list of ['organisations', 'depots', 'vehicles', 'plant', 'shifts', 'crews'] as const)
    unique('fleet.json', list, city[list]);

  const aliases = new Map<string, string>();
  city.requestTypes.forEach((type, i) => {
    must('catalogue.json', `requestTypes[${i}].organisation`, 'organisation', type.organisation);
    if (type.jobType !== null) must('catalogue.json', `requestTypes[${i}].jobType`, 'jobType', type.jobType);
    for (const alias of type.aliases) {
      const other = aliases.get(alias);
      if (other) say('catalogue.json', `requestTypes[${i}].aliases`, `"${alias}" already means "${other}"`);
      aliases.set(alias, type.code);
    }
  });

  const [west, south, east, north] = city.bounds;
  city.depots.forEach(({ organisation, place }, i) => {
    must('fleet.json', `depots[${i}].organisation`, 'organisation', organisation);
    if (place.lon < west || place.lon > east || place.lat < south || place.lat > north) {
      say(
        'fleet.json',
        `depots[${i}].place`,
        `${place.lon}, ${place.lat} lies outside the bounds of city.json (longitude comes first)`,
      );
    }
  });
  for (const list of ['vehicles', 'plant'] as const) {
    city[list].forEach((item, i) => {
      must('fleet.json', `${list}[${i}].organisation`, 'organisation', item.organisation);
      must('fleet.json', `${list}[${i}].depot`, 'depot', item.depot);
    });
  }
  city.crews.forEach((crew, i) => {
    must('fleet.json', `crews[${i}].organisation`, 'organisation', crew.organisation);
    must('fleet.json', `crews[${i}].depot`, 'depot', crew.depot);
    must('fleet.json', `crews[${i}].vehicle`, 'vehicle', crew.vehicle);
    must('fleet.json', `crews[${i}].shift`, 'shift', crew.shift);
    crew.plant.forEach((code, j) => must('fleet.json', `crews[${i}].plant[${j}]`, 'plant', code));
  });

  const skills = new Set(city.crews.flatMap((crew) => crew.skills));
  const plant = new Set([...city.vehicles.flatMap((vehicle) => vehicle.plant), ...city.plant.map((item) => item.kind)]);
  city.jobTypes.forEach((type, i) => {
    type.slots.forEach((slot, j) => {
      for (const skill of slot.skills) {
        if (!skills.has(skill))
          say('catalogue.json', `jobTypes[${i}].slots[${j}].skills`, `no crew in fleet.json has the skill "${skill}"`);
      }
      for (const kind of slot.plant) {
        if (!plant.has(kind))
          say('catalogue.json', `jobTypes[${i}].slots[${j}].plant`, `nothing in fleet.json is or carries a "${kind}"`);
      }
    });
  });
  for (const code of Object.keys(city.policy.clusters.byJobType))
    must('policy.json', `clusters.byJobType.${code}`, 'jobType', code);
  for (const code of Object.keys(city.demand?.shares ?? {})) must('demand.json', `shares.${code}`, 'requestType', code);
  if (city.demand && Object.values(city.demand.shares).every((share) => share === 0)) say('demand.json', 'shares', 'all are 0');
  if (city.demand && city.demand.hours.every((share) => share === 0)) say('demand.json', 'hours', 'all are 0');
  return found;
}

const codes = (items: readonly { code: string }[]): ReadonlySet<string> => new Set(items.map((item) => item.code));
