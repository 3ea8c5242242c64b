import { systemActor, type Actor } from '../../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../../platform/change.ts';
import type { EventReferences } from '../../../platform/events.ts';
import type { Log } from '../../../platform/log.ts';
import { AssignmentId } from '../../../stores/assignments/contract.ts';
import { listNextStops, type NextStop } from '../../../stores/assignments/field.ts';
import type { KnownTracker } from '../../../stores/accounts/trackers.ts';
import { listShiftsOfVehicles } from '../../../stores/positions/store.ts';
import { actAsSystem } from '../../../stores/work/act.ts';
import { jobOfFence } from './owntracks-message.ts';

/** What a tracker says besides where it is, made into events; an arrival is stamped where the policy says so. */
export interface TrackerSigns {
  /** It has come into or out of a region of this name. Said twice, it is one event. */
  transition(
    tracker: KnownTracker,
    said: { readonly event: 'enter' | 'leave'; readonly region: string; readonly at: Date },
  ): Promise<void>;
  /** Its connection has ended and nobody took leave. */
  silent(tracker: KnownTracker): Promise<void>;
  /** It is heard again. */
  heard(tracker: KnownTracker): void;
  /** Its user has pressed an alarm, or it has one of its own. */
  alarm(tracker: KnownTracker, alarm: string): Promise<void>;
}

export interface FencePolicy {
  readonly radiusMetres: number;
  /** True: entering the fence is the arrival. False: it is a hint on the crew's screen, which asks the crew. */
  readonly stampsArrival: boolean;
}

export interface SignsDeps {
  readonly tools: ChangeTools;
  readonly log: Log;
  readonly policy: () => FencePolicy;
}

/** The last thing each of so many trackers said is remembered, so that what is sent again is not told again. */
const MOST_REMEMBERED = 20_000;

export function trackerSigns(deps: SignsDeps): TrackerSigns {
  const { tools, log } = deps;
  const said = new Map<string, string>();
  const silentOnes = new Set<string>();

  /** True the first time; what is said once more by the same tracker is no news. */
  function isNews(deviceId: string, what: string): boolean {
    if (said.get(deviceId) === what) return false;
    said.delete(deviceId);
    said.set(deviceId, what);
    if (said.size > MOST_REMEMBERED) said.delete(said.keys().next().value!);
    return true;
  }

  async function shiftOf(tracker: KnownTracker): Promise<string | null> {
    if (tracker.vehicleId === null) return null;
    const shifts = await listShiftsOfVehicles(tools.db, [tracker.vehicleId], tools.clock.now());
    return shifts.get(tracker.vehicleId) ?? null;
  }

  async function tell(
    tracker: KnownTracker,
    type: string,
    body: Readonly<Record<string, string>>,
    references: EventReferences = {},
    at?: Date,
  ): Promise<void> {
    const { deviceId, vehicleId, organisationId } = tracker;
    const actor: Actor = { ...systemActor, deviceId };
    await inChange(tools, actor, (change) => {
      change.emit({
        type,
        body: { deviceId, ...(vehicleId === null ? {} : { vehicleId }), ...body },
        organisationId,
        ...references,
        ...(at === undefined ? {} : { at }),
      });
      return Promise.resolve();
    });
  }

  async function arrive(stop: NextStop, at: Date): Promise<void> {
    try {
      const assignmentId = AssignmentId.parse(stop.assignmentId);
      await actAsSystem(tools, { type: 'fence.arrive', assignmentId, at: at.toISOString() });
    } catch (error) {
      log.warn({ err: error, assignment: stop.assignmentId }, 'an arrival told by a tracker could not be stamped');
    }
  }

  return {
    async transition(tracker, { event, region, at }) {
      const jobNumber = jobOfFence(region);
      // Other regions are the phone owner's own, and nobody's business here.
      if (jobNumber === null || !isNews(tracker.deviceId, `${event} ${region} ${at.getTime()}`)) return;
      const now = tools.clock.now();
      // Nothing has happened after we heard of it.
      const then = at > now ? now : at;
      const shiftId = await shiftOf(tracker);
      const stop =
        shiftId === null ? undefined : (await listNextStops(tools.db, [shiftId])).find((s) => s.jobNumber === jobNumber);
      // A fence that is no longer the next stop's: the plan has moved on, the phone not yet.
      if (event === 'enter' && stop === undefined) return;
      const references = { shiftId, ...(stop === undefined ? {} : { assignmentId: stop.assignmentId, jobId: stop.jobId }) };
      await tell(
        tracker,
        event === 'enter' ? 'fence.entered' : 'fence.left',
        { by: 'tracker', jobNumber: String(jobNumber) },
        references,
        then,
      );
      if (event === 'enter' && stop !== undefined && deps.policy().stampsArrival) await arrive(stop, then);
    },
    async silent(tracker) {
      if (silentOnes.has(tracker.deviceId)) return;
      silentOnes.add(tracker.deviceId);
      await tell(tracker, 'device.silent', { by: 'broker' }, { shiftId: await shiftOf(tracker) });
    },
    heard(tracker) {
      silentOnes.delete(tracker.deviceId);
    },
    async alarm(tracker, alarm) {
      const minute = Math.floor(tools.clock.now().getTime() / 60_000);
      if (!isNews(tracker.deviceId, `alarm ${alarm} ${minute}`)) return;
      await tell(tracker, 'device.alarm', { alarm }, { shiftId: await shiftOf(tracker) });
    },
  };
}
