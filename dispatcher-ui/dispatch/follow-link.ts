import type { Desk } from '../state/desk.ts';
import { api } from '../state/api.ts';
import { openPlan } from '../state/desk-planning.ts';
import type { JobView } from '../../server/stores/work/contract.ts';

/** Opens what an address names, `/?job=2042`, `/?crew=14` (or a crew's code) or a draft, `/?plan=ID`, once the desk knows it. */
export function followLink(desk: Desk, search: string): void {
  const asked = new URLSearchParams(search);
  const job = asked.get('job');
  const crew = asked.get('crew');
  const plan = asked.get('plan');
  if (job === null && crew === null && plan === null) return;
  const open = (): void => {
    const { jobs, shifts } = desk.store.getState();
    if (plan !== null) return void openPlan(desk, plan);
    if (job !== null) {
      const known = [...jobs.values()].find(({ number }) => String(number) === job);
      if (known !== undefined) desk.select({ kind: 'job', id: known.id });
      else void readJob(desk, job);
      return;
    }
    const shift = [...shifts.values()].find(({ crewNumber, crewCode }) => String(crewNumber) === crew || crewCode === crew);
    if (shift !== undefined) desk.select({ kind: 'shift', id: shift.id });
  };
  const silence = desk.store.subscribe(({ phase }) => {
    if (phase !== 'ready') return;
    silence();
    open();
  });
}

/** Work that ended long ago is not in the queue: the drawer reads it by its id. */
async function readJob(desk: Desk, number: string): Promise<void> {
  const { jobs } = await api
    .get<{ jobs: JobView[] }>(`/api/jobs?limit=20&q=${encodeURIComponent(number)}`)
    .catch(() => ({ jobs: [] }));
  const found = jobs.find((job) => String(job.number) === number);
  if (found === undefined) return;
  await desk.readJobs([found.id]);
  desk.select({ kind: 'job', id: found.id });
}
