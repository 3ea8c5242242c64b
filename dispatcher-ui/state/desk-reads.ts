import type { AreaView, CityView } from '../../server/stages/city/contract.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { Curve, JobWhy, Refined } from '../../server/stages/explaining/contract.ts';
import type { PlanProof } from '../../server/stages/planning/proving/contract.ts';
import type { JobCandidates } from '../../server/stages/planning/contract.ts';
import type { Status } from '../../server/platform/contract.ts';
import type { DispatcherCase, HistoryEntry, PrivateCase } from '../../server/stores/cases/contract.ts';
import type { BindableVehicle, Device, SeenTracker, SessionView } from '../../server/stores/accounts/contract.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { MovementView } from '../../server/stores/movements/contract.ts';
import type { PlanListed, PlanOrigin, PlanRequest, PlanView } from '../../server/stores/plans/contract.ts';
import type { Track } from '../../server/stores/positions/contract.ts';
import type { Question } from '../../server/stores/work/contract.ts';
import { api } from './api.ts';
import type { DeskJob } from './desk-job.ts';
import type { ReplayPage } from './replay.ts';

interface JobPage {
  readonly jobs: DeskJob[];
  readonly next: number | null;
}

/** All that are open, and what ended since; a page of a thousand at a time. */
async function allJobs(endedAfter: string): Promise<DeskJob[]> {
  const jobs: DeskJob[] = [];
  for (let before: number | null = null; ;) {
    const page: JobPage = await api.get<JobPage>(
      `/api/jobs?limit=1000&endedAfter=${encodeURIComponent(endedAfter)}${before === null ? '' : `&before=${before}`}`,
    );
    jobs.push(...page.jobs);
    if (page.next === null) return jobs;
    before = page.next;
  }
}

/** Everything the desk reads by HTTP, in one place. */
export const reads = {
  session: () => api.get<SessionView>('/api/session'),
  city: () => api.get<CityView>('/api/city'),
  areas: () => api.get<AreaView[]>('/api/areas'),
  status: () => api.get<Status>('/api/status'),
  jobs: allJobs,
  jobsById: async (ids: readonly string[]) => (await api.get<JobPage>(`/api/jobs?limit=${ids.length}&ids=${ids.join()}`)).jobs,
  casesOf: async (jobId: string, signal?: AbortSignal) =>
    (await api.get<{ cases: DispatcherCase[] }>(`/api/cases?jobId=${jobId}&limit=200`, signal)).cases,
  privateCase: (caseId: string, why: string) =>
    api.get<PrivateCase>(`/api/cases/${caseId}/private?why=${encodeURIComponent(why)}`),
  history: (jobId: string, signal?: AbortSignal) => api.get<HistoryEntry[]>(`/api/jobs/${jobId}/history`, signal),
  shifts: (day: string) => api.get<DispatcherShift[]>(`/api/shifts?day=${day}`),
  day: (shiftId: string, signal?: AbortSignal) => api.get<CrewDay>(`/api/shifts/${shiftId}/day`, signal),
  movements: (shiftId: string, signal?: AbortSignal) => api.get<MovementView[]>(`/api/shifts/${shiftId}/movements`, signal),
  questions: () => api.get<Question[]>('/api/questions'),
  plans: (day: string, signal?: AbortSignal) => api.get<PlanListed[]>(`/api/plans?day=${day}`, signal),
  plan: (id: string, signal?: AbortSignal) => api.get<PlanView>(`/api/plans/${id}`, signal),
  planOrigin: (id: string, signal?: AbortSignal) => api.get<PlanOrigin>(`/api/plans/${id}/origin`, signal),
  planRequest: (id: string, waitSeconds: number) => api.get<PlanRequest>(`/api/plan-requests/${id}?waitSeconds=${waitSeconds}`),
  candidates: (jobId: string, slot: number, signal?: AbortSignal) =>
    api.get<JobCandidates>(`/api/jobs/${jobId}/candidates?slot=${slot}`, signal),
  why: (planId: string, jobId: string, slot: number, signal?: AbortSignal) =>
    api.get<JobWhy>(`/api/plans/${planId}/jobs/${jobId}/why?slot=${slot}`, signal),
  refined: (planId: string, jobId: string, slot: number, shiftId: string, signal?: AbortSignal) =>
    api.post<Refined>(`/api/plans/${planId}/jobs/${jobId}/refine`, { slot, shiftId }, signal),
  curve: (planId: string, signal?: AbortSignal) => api.get<Curve>(`/api/plans/${planId}/curve`, signal),
  proof: (planId: string, signal?: AbortSignal) => api.get<PlanProof>(`/api/plans/${planId}/proof`, signal),
  seenTrackers: (signal?: AbortSignal) => api.get<SeenTracker[]>('/api/trackers/seen', signal),
  vehicles: (signal?: AbortSignal) => api.get<BindableVehicle[]>('/api/vehicles', signal),
  track: (vehicleId: string, fromMs: number, untilMs: number, signal?: AbortSignal) =>
    api.get<Track>(
      `/api/vehicles/${vehicleId}/track?from=${new Date(fromMs).toISOString()}&until=${new Date(untilMs).toISOString()}`,
      signal,
    ),
  replay: (fromMs: number, untilMs: number, stepSeconds: number, signal?: AbortSignal) =>
    api.get<ReplayPage>(
      `/api/fleet/replay?from=${new Date(fromMs).toISOString()}&until=${new Date(untilMs).toISOString()}&step=${stepSeconds}`,
      signal,
    ),
  devices: (signal?: AbortSignal) => api.get<Device[]>('/api/devices', signal),
};

/** How a desk reads: the gallery's reads its samples. */
export type Reads = typeof reads;
