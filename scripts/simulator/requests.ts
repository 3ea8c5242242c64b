import { DateTime } from 'luxon';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import type { Streets } from '../../server/stores/city/streets.ts';
import { catalogueOf } from '../../server/stages/intake/catalogue.ts';
import { isRefusal, mapRows } from '../../server/stages/intake/import/mapping.ts';
import { readCsv, type CsvRow } from '../../server/stages/intake/import/read-csv.ts';
import { loadMapping } from '../../server/stages/intake/import/sources/sources.ts';
import { Usage } from '../failure.ts';
import { generateDemand } from './demand.ts';

/** One report of the day to be played, at the moment it was made. */
export interface DayRequest {
  readonly source: string;
  readonly sourceId: string;
  readonly serviceType: string;
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly address: string | null;
  readonly atMs: number;
  /** Nobody made it: said wherever it shows. */
  readonly invented: boolean;
}

export interface DayRequests {
  readonly requests: readonly DayRequest[];
  /** Rows of the file that could not be read. */
  readonly refused: number;
  readonly from: string;
}

/** The local day of a service day: from midnight to midnight in the city's zone, in Unix milliseconds. */
export function dayOf(city: Pick<CityConfig, 'zone'>, date: string): { startMs: number; endMs: number } {
  const start = DateTime.fromISO(date, { zone: city.zone });
  if (!start.isValid) throw new Usage(`"${date}" is not a date like 2026-01-27.`);
  return { startMs: start.toMillis(), endMs: start.plus({ days: 1 }).toMillis() };
}

const inOrder = (requests: DayRequest[]): DayRequest[] =>
  requests.sort((a, b) => a.atMs - b.atMs || (a.sourceId < b.sourceId ? -1 : 1));

/** Real requests of one local day from a file of a known source. */
export async function recordedRequests(city: CityConfig, date: string, file: string, source: string): Promise<DayRequests> {
  const { startMs, endMs } = dayOf(city, date);
  const mapping = await loadMapping(source);
  const catalogue = catalogueOf(city);
  const requests: DayRequest[] = [];
  let refused = 0;
  let map: ((row: CsvRow) => ReturnType<ReturnType<typeof mapRows>>) | null = null;
  for await (const row of readCsv(file)) {
    if (map === null) {
      map = mapRows(
        mapping,
        row,
        {
          zone: city.zone,
          bounds: city.bounds,
          serviceCode: (word) => catalogue.find(word)?.code,
          serviceCodes: catalogue.codes,
        },
        new Date(endMs),
        file,
      );
      continue;
    }
    const mapped = map(row);
    if (isRefusal(mapped)) {
      refused++;
      continue;
    }
    const atMs = mapped.reportedAt.getTime();
    if (atMs < startMs || atMs >= endMs) continue;
    requests.push({
      source: mapping.source,
      sourceId: mapped.sourceId,
      serviceType: mapped.serviceType,
      place: mapped.place,
      address: mapped.address,
      atMs,
      invented: false,
    });
  }
  return { requests: inOrder(requests), refused, from: file };
}

/** Invented requests over the city's real streets. */
export function inventedRequests(city: CityConfig, streets: Streets, date: string, seed: number, perDay?: number): DayRequests {
  const rows = generateDemand(city, streets, { seed, date, ...(perDay === undefined ? {} : { perDay }) });
  return {
    requests: inOrder(
      rows.map((row) => ({
        source: row.source,
        sourceId: row.sourceId,
        serviceType: row.serviceType,
        place: { lon: row.lon, lat: row.lat },
        address: row.address,
        atMs: Date.parse(row.reportedAt),
        invented: true,
      })),
    ),
    refused: 0,
    from: 'invented over real streets',
  };
}
