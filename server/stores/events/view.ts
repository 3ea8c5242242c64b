import type { RecordedEvent } from '../../platform/deliveries.ts';
import { covers, type Reach } from '../../platform/reach.ts';
import type { EventView } from './contract.ts';

/**
 * Whether an event lies within a desk's reach. Events without an organisation (plans of the whole city) are for every
 * desk; events that name neither case nor job (a shift's) go by organisation alone.
 * @param areas of the cases and jobs of these events; only read where the reach is bound to areas.
 */
export function maySee(reach: Reach, event: RecordedEvent, areas: ReadonlyMap<string, readonly string[]>): boolean {
  if (event.organisationId === null) return true;
  const areaIds = areas.get(event.caseId ?? '') ?? areas.get(event.jobId ?? '');
  return covers(reach, { organisationId: event.organisationId, ...(areaIds === undefined ? {} : { areaIds }) });
}

/** Longer texts are no code: they do not leave, whoever put them into an event. */
const LONGEST_CODE = 64;

/** An event as a desk is told it; `accountId` is the desk's own. */
export function viewOf(event: RecordedEvent, accountId: string | null): EventView {
  const facts: EventView['facts'] = {};
  for (const [key, value] of Object.entries(event.body)) {
    if (value === null || typeof value === 'number' || typeof value === 'boolean') facts[key] = value;
    else if (typeof value === 'string' && value.length <= LONGEST_CODE) facts[key] = value;
  }
  return {
    seq: event.seq,
    type: event.type,
    at: event.at.toISOString(),
    by: event.actorRole,
    ...(accountId !== null && event.actorAccount === accountId ? { mine: true as const } : {}),
    caseId: event.caseId,
    jobId: event.jobId,
    assignmentId: event.assignmentId,
    shiftId: event.shiftId,
    planId: event.planId,
    facts,
  };
}
