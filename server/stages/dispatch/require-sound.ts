import { greatCircleMetres } from '../../../routing/units.ts';
import { Problem } from '../../platform/problem.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import type { NewJob } from '../../stores/work/contract.ts';
import type { DeskCommand } from './inverse.ts';

/**
 * What a desk may say and the city does not have: a job of a type that is not in the catalogue, at a place outside the
 * city or far from any road (no crew could be sent there, and no plan would hold it), or in the policy's name.
 * @throws Problem 400 `invalid-input` with the path of the field.
 */
export function requireSound(command: DeskCommand, city: CityConfig): void {
  if (command.type !== 'case.make_job' && command.type !== 'case.join') return;
  if (command.cause !== 'dispatcher') {
    throw wrong('command.cause', 'must be dispatcher: the policy speaks for itself');
  }
  if (command.type === 'case.join') {
    if (command.ownJob !== undefined) requireJob('command.ownJob', command.ownJob, city);
    return;
  }
  requireJob('command.job', command.job, city);
  for (const [id, own] of Object.entries(command.ownJobs ?? {})) requireJob(`command.ownJobs.${id}`, own, city);
}

function requireJob(path: string, job: NewJob, city: CityConfig): void {
  if (!city.jobTypes.some(({ code }) => code === job.jobType)) {
    const known = city.jobTypes.map(({ code }) => code).join(', ');
    throw wrong(`${path}.jobType`, `is not in the city's catalogue, which has ${known}`);
  }
  const [west, south, east, north] = city.bounds;
  const { lon, lat } = job.roadPoint;
  if (lon < west || lon > east || lat < south || lat > north) throw wrong(`${path}.roadPoint`, 'lies outside the city');
  const metres = Math.round(greatCircleMetres(job.place, job.roadPoint));
  const most = city.policy.maxMetresFromRoad;
  if (metres > most) throw wrong(`${path}.roadPoint`, `is ${metres} m from the place; at most ${most} m are one place`);
}

const wrong = (path: string, message: string): Problem =>
  new Problem(400, 'invalid-input', `The body cannot be used: ${path} ${message}.`, { fields: [{ path, message }] });
