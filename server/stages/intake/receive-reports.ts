import { DateTime } from 'luxon';
import type { Db } from '../../../db/knex.ts';
import type { LonLat } from '../../../routing/units.ts';
import type { Change } from '../../platform/events.ts';
import type { CaseId } from '../../stores/cases/contract.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import { areasAt, listAreaIds, listOrganisationIds } from '../../stores/city/store.ts';
import type { Streets } from '../../stores/city/streets.ts';
import { receiveCases, type NewCase } from '../../stores/work/receive.ts';
import type { TriagedCase } from '../../stores/work/triage.ts';
import { dueAndPriority, type Catalogue, type Service } from './catalogue.ts';
import { locate, type Located } from './place.ts';
import { triage } from './triage.ts';

/** What intake knows of the city while it works. */
export interface IntakeWorld {
  readonly city: CityConfig;
  readonly catalogue: Catalogue;
  readonly streets: Streets;
  /** Ids by code. */
  readonly organisations: ReadonlyMap<string, string>;
  /** Ids by `kind:code`. */
  readonly areas: ReadonlyMap<string, string>;
}

export async function intakeWorld(db: Db, city: CityConfig, catalogue: Catalogue, streets: Streets): Promise<IntakeWorld> {
  return { city, catalogue, streets, organisations: await listOrganisationIds(db), areas: await listAreaIds(db) };
}

/** A report from anywhere, its service found in the catalogue, its place as it was given. */
export interface Report {
  readonly source: string;
  readonly sourceId: string;
  readonly service: Service;
  readonly place: LonLat | null;
  readonly address: string | null;
  readonly reportedAt: Date;
  /** The reporter has looked at the open work near by: it is the same, or another; null: policy decides. */
  readonly near: 'same' | 'another' | null;
  readonly words: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly phone: string | null } | null;
  /** Areas the source names itself, `ward:7`; unknown ones are left out. */
  readonly areaCodes: readonly string[];
  readonly followTokenHash: string | null;
  /** What the source says of it; null for a report that is made here and now. */
  readonly atSource: {
    readonly status: 'open' | 'closed' | 'duplicate' | 'cancelled';
    readonly said: string | null;
    readonly closedAt: Date | null;
    readonly updatedAt: Date | null;
  } | null;
}

export interface ReceivedReport {
  readonly caseId: CaseId;
  readonly number: string;
  readonly outcome: 'new' | 'updated' | 'unchanged';
  readonly placeQuality: Located['placeQuality'];
  /** The job that answers it by the policy's decision, when one was made now. */
  readonly job: TriagedCase | null;
}

export interface ReceiveOptions {
  readonly triage: boolean;
  /** Many at once from a file: the whole city's jobs are kept to ourselves, instead of a few squares of it. */
  readonly bulk: boolean;
}

/**
 * Takes reports in: finds place, area, due time and priority, stores the cases (new, updated or unchanged by source and
 * source id), and gives those that are new, open and on a road their job. All in the caller's change: the answer is final.
 * @returns one answer a report, in their order.
 */
export async function receiveReports(
  change: Change,
  world: IntakeWorld,
  reports: readonly Report[],
  options: ReceiveOptions,
): Promise<ReceivedReport[]> {
  const located = reports.map(({ place }) => locate(place, world.city, world.streets));
  // A city may name its areas without having boundaries: then there is nothing to look up.
  const hasBoundaries = world.city.areas.some(({ polygons }) => polygons !== null);
  const areas = hasBoundaries
    ? await areasAt(
        change.tx,
        located.map(({ place }) => place),
      )
    : located.map(() => []);
  const received = await receiveCases(
    change,
    reports.map((report, i) => newCase(report, located[i]!, areas[i]!, world)),
  );
  const jobs = options.triage
    ? await triage(
        change,
        world.city,
        received.flatMap(({ id, state }, i) => {
          const where = located[i]!;
          const report = reports[i]!;
          if (state !== 'received' || where.placeQuality !== 'on_road') return [];
          return [{ caseId: id, service: report.service, located: where, reportedAt: report.reportedAt, near: report.near }];
        }),
        options.bulk,
      )
    : new Map<CaseId, TriagedCase>();
  return received.map(({ id, number, outcome }, i) => ({
    caseId: id,
    number,
    outcome,
    placeQuality: located[i]!.placeQuality,
    job: jobs.get(id) ?? null,
  }));
}

function newCase(report: Report, located: Located, areaIds: readonly string[], world: IntakeWorld): NewCase {
  const organisationId = world.organisations.get(report.service.organisation);
  if (organisationId === undefined) throw new Error(`organisation ${report.service.organisation} is not installed`);
  const named = report.areaCodes.flatMap((code) => world.areas.get(code) ?? []);
  const { dueAt, priority } = dueAndPriority(report.service, report.reportedAt);
  return {
    source: report.source,
    sourceId: report.sourceId,
    organisationId,
    serviceType: report.service.code,
    place: report.place,
    address: report.address,
    roadPoint: located.roadPoint,
    roadMetres: located.roadMetres,
    placeQuality: located.placeQuality,
    placeText: located.placeText,
    areaIds: [...new Set([...areaIds, ...named])],
    reportedAt: report.reportedAt,
    reportedYear: localYear(report.reportedAt, world.city.zone),
    dueAt,
    priority,
    words: report.words,
    contact: report.contact,
    followTokenHash: report.followTokenHash,
    atSource: report.atSource?.status ?? 'open',
    sourceStatus: report.atSource?.said ?? null,
    sourceClosedAt: report.atSource?.closedAt ?? null,
    sourceUpdatedAt: report.atSource?.updatedAt ?? null,
  };
}

/** The calendar year in the zone. Away from New Year it is the same everywhere, and needs no 10 µs of Luxon. */
function localYear(at: Date, zone: string): number {
  const month = at.getUTCMonth();
  const day = at.getUTCDate();
  const nearNewYear = (month === 11 && day === 31) || (month === 0 && day === 1);
  return nearNewYear ? DateTime.fromJSDate(at, { zone }).year : at.getUTCFullYear();
}
