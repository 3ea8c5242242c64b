import { createStore } from 'zustand/vanilla';
import type { CrewDay, CrewStop, Way } from '../../server/stages/crew-day/contract.ts';
import type { DeviceShift } from '../../server/stores/crews/contract.ts';
import { EMPTY_PHONE, type PhoneState } from '../crew/phone-state.ts';
import type { Phone } from '../crew/phone.ts';
import { aBreak, aDay, aStop, aWay } from '../crew/sample-day.ts';
import { aShift } from '../state/sample-desk.ts';
import { theCity } from './sample-city.ts';

/** What the phone shows happens at this moment: 08:30 in the city. */
const NOW = '2026-03-02T07:30:00.000Z';
export const NOW_MS = Date.parse(NOW);
/** City time so many minutes from then. */
export const phoneMinutes = (minutes: number): string => new Date(NOW_MS + minutes * 60_000).toISOString();

/** A way with its turns: east, then north. */
export const theWay: Way = aWay({
  directions: {
    locale: 'en',
    instead: null,
    steps: [
      { text: 'Head east on Storgatan', turn: 'depart', metres: 600, seconds: 100 },
      { text: 'Turn left onto Vasagatan', turn: 'left', metres: 1_050, seconds: 190 },
      { text: 'Arrive on the right', turn: 'arrive', metres: 50, seconds: 10 },
    ],
  },
});

/** A stop with its drive and its times. */
export const aGalleryStop = (n: number, over: Partial<CrewStop> = {}): CrewStop =>
  aStop(n, {
    priority: ((n - 1) % 4) + 1,
    emergency: n === 1,
    dueAt: phoneMinutes(n * 40),
    eta: { arrival: phoneMinutes(n * 12), end: phoneMinutes(n * 12 + 45), range: null, source: 'osrm', ageSeconds: 8 },
    way: theWay,
    ...over,
  });

const over = (n: number, state: 'completed' | 'cannot_complete', verification: CrewStop['verification']): CrewStop =>
  aGalleryStop(n, { state, endedAt: phoneMinutes(-130 + n * 10), eta: null, way: null, verification });

const depot: CrewDay['stops'][number] = { kind: 'depot', place: theCity.depots[0]!.place, eta: null, way: theWay };
const ended = [over(6, 'completed', 'verified'), over(7, 'completed', 'pending'), over(8, 'cannot_complete', null)];

/** A day round one stop in hand: some done, two more to come, a break and the way home. */
export const aFullDay = (inHand: CrewStop, more: Partial<CrewDay> = {}): CrewDay =>
  aDay([...ended, inHand, aBreak(), aGalleryStop(2, { state: 'planned' }), aGalleryStop(3, { state: 'planned' }), depot], {
    now: NOW,
    ...more,
  });
export const anEmptyDay = aDay([], { now: NOW });
export const aDoneDay = aDay([...ended, depot], { now: NOW });
export const anEndedDay = aDay(ended, { now: NOW, state: 'ended' });

const { planningVersion: _planning, organisationId: _organisation, ...theShift } = aShift(1, { crewName: 'Crew 1' });
const next = { crewName: 'Crew 1', from: phoneMinutes(22 * 60), until: phoneMinutes(30 * 60) };
/** The shift of the phone in van-1. */
export const theDevice: DeviceShift = { now: NOW, vehicleCode: 'van-1', shift: theShift, next };

const CALM: PhoneState = {
  ...EMPTY_PHONE,
  phase: 'ready',
  city: { ...theCity, plant: ['digger', 'roller', 'bucket-truck'] },
  clock: { kind: 'simulated', cityMs: NOW_MS, wallMs: 0 },
  mine: theDevice,
  share: true,
  sharing: 'on',
  connected: true,
  // Later than anybody looks: the news does not grow old while it is looked at.
  heardAtMs: Number.POSITIVE_INFINITY,
};

export type GalleryPhone = Partial<Omit<PhoneState, 'shown'>>;

/** A phone that stands still: what it shows comes from samples, and pressing it says nothing to anybody. */
export function galleryPhone(state: GalleryPhone): Phone {
  const nothing = (): void => undefined;
  return {
    store: createStore<PhoneState>(() => ({ ...CALM, ...state, shown: state.day ?? null })),
    start: nothing,
    enrol: () => Promise.resolve(),
    useHere: nothing,
    lookAgain: nothing,
    say: nothing,
    undo: nothing,
    signOn: nothing,
    signOff: nothing,
    alarm: nothing,
    endAlarm: nothing,
    takeBreak: nothing,
    acknowledgeOrder: nothing,
    setSharing: nothing,
    choose: nothing,
    open: nothing,
    close: nothing,
    dismiss: nothing,
    fixesThrough: () => null,
  };
}
