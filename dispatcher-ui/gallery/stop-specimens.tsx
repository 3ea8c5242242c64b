import type { CrewDay, CrewStop } from '../../server/stages/crew-day/contract.ts';
import { BreakDue, BreakNow } from '../crew/parts/break-cards.tsx';
import { OrderNotice } from '../crew/parts/order-notice.tsx';
import { RecallCard } from '../crew/parts/recall-card.tsx';
import { ShareQuestion } from '../crew/parts/share-question.tsx';
import { StopActions } from '../crew/parts/stop-actions.tsx';
import { StopCard } from '../crew/parts/stop-card.tsx';
import { TopLine } from '../crew/parts/top-line.tsx';
import { TurnBanner } from '../crew/parts/turn-banner.tsx';
import { UndoToast } from '../crew/parts/undo-toast.tsx';
import { EMPTY_OUTBOX, type Outbox } from '../crew/outbox.ts';
import { Idle } from '../crew/parts/on-duty-screen.tsx';
import { aBreak, aWay, assignmentId } from '../crew/sample-day.ts';
import { sampleId } from '../state/sample-desk.ts';
import { aDoneDay, aFullDay, aGalleryStop, anEmptyDay, phoneMinutes, theWay, type GalleryPhone } from './gallery-phone.ts';
import { PhoneSpecimen } from './phone-specimen.tsx';
import type { Is } from './specimen-frame.tsx';

const STOPS: readonly { readonly is: Is; readonly stop: CrewStop }[] = [
  { is: 'planned', stop: aGalleryStop(2, { state: 'planned', proof: [], plant: [] }) },
  { is: 'new', stop: aGalleryStop(1) },
  { is: 'accepted', stop: aGalleryStop(1, { state: 'accepted' }) },
  {
    is: 'travelling',
    stop: aGalleryStop(3, {
      state: 'travelling',
      slots: 2,
      promisedFrom: phoneMinutes(10),
      promisedUntil: phoneMinutes(70),
      windows: [{ from: phoneMinutes(0), until: phoneMinutes(120) }],
    }),
  },
  { is: 'arrivalSuggested', stop: aGalleryStop(4, { state: 'travelling', arrivalSuggested: true, dueAt: null }) },
  { is: 'onSite', stop: aGalleryStop(1, { state: 'on_site', way: null }) },
  { is: 'working', stop: aGalleryStop(1, { state: 'working', way: null }) },
  { is: 'paused', stop: aGalleryStop(1, { state: 'paused', way: null, dueAt: phoneMinutes(-25) }) },
  {
    is: 'estimate',
    stop: aGalleryStop(2, {
      state: 'accepted',
      placeText: null,
      way: aWay({ source: 'estimate' }),
      eta: { arrival: phoneMinutes(20), end: phoneMinutes(65), range: null, source: 'estimate', ageSeconds: null },
    }),
  },
];
const SHOWN = STOPS.map(({ is, stop }) => {
  const day = aFullDay(stop);
  return { is, stop, day, phone: { day } };
});
const IDLE: readonly { readonly is: Is; readonly phone: GalleryPhone }[] = [
  { is: 'emptyDay', phone: { day: anEmptyDay } },
  { is: 'dayDone', phone: { day: aDoneDay } },
];

/** The card of the job in hand, in each state of its assignment, and what stands there without a job. */
export function StopCards(): React.JSX.Element {
  return (
    <>
      {SHOWN.map(({ is, stop, day, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <div className="card">
            <StopCard stop={stop} />
            <StopActions day={day} stop={stop} />
          </div>
        </PhoneSpecimen>
      ))}
      {IDLE.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <div className="card">
            <Idle />
          </div>
        </PhoneSpecimen>
      ))}
    </>
  );
}

const day = aFullDay(aGalleryStop(1, { state: 'travelling' }));
const TOPS: readonly { readonly is: Is; readonly phone: GalleryPhone }[] = [
  { is: 'shared', phone: { day } },
  { is: 'notShared', phone: { day, share: false, sharing: 'off' } },
  { is: 'noPosition', phone: { day, sharing: 'denied' } },
  { is: 'emptyDay', phone: { day: anEmptyDay } },
];

/** Who this is and how far the day is. */
export function TopLines(): React.JSX.Element {
  return (
    <>
      {TOPS.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <TopLine />
        </PhoneSpecimen>
      ))}
    </>
  );
}

const at = (lon: number, lat: number): GalleryPhone => ({
  day,
  own: { atMs: 0, lon, lat, accuracyMetres: 6, speedMps: 9, headingDegrees: 90 },
});
const TURNS: readonly { readonly is: Is; readonly phone: GalleryPhone }[] = [
  { is: 'notKnownWhere', phone: { day } },
  // On the sample way: shortly before its corner, and shortly before its end.
  { is: 'near', phone: at(12.105, 55.18752) },
  { is: 'arriving', phone: at(12.1132, 55.275) },
];

/** The next turn, from where the phone is. */
export function TurnBanners(): React.JSX.Element {
  return (
    <>
      {TURNS.map(({ is, phone }) => (
        <PhoneSpecimen key={is} is={is} phone={phone}>
          <TurnBanner way={theWay} />
        </PhoneSpecimen>
      ))}
    </>
  );
}

const changed: CrewDay = {
  ...day,
  orderVersion: 5,
  changes: { since: 4, added: [assignmentId(2)], moved: [assignmentId(3)], removed: [assignmentId(9)] },
};
const CHANGED: GalleryPhone = {
  day: changed,
  jobs: {
    [assignmentId(2)]: { number: 2002, title: 'Burst main repair' },
    [assignmentId(3)]: { number: 2003, title: 'Pothole repair' },
    [assignmentId(9)]: { number: 2009, title: 'Streetlight repair' },
  },
};
const undoable: Outbox = {
  ...EMPTY_OUTBOX,
  lastSeq: 1,
  waiting: [
    {
      actionId: sampleId(1),
      deviceSeq: 1,
      deviceTime: phoneMinutes(0),
      heldUntilMs: Number.POSITIVE_INFINITY,
      said: {
        kind: 'fact',
        fact: { type: 'field.complete', assignmentId: assignmentId(1), fixesThrough: null },
        jobNumber: 2001,
      },
    },
  ],
};
const UNDO: GalleryPhone = { day, outbox: undoable };
const ASK: GalleryPhone = { day, share: null, sharing: 'off' };
const BREAK = aBreak({ earliest: phoneMinutes(-10), latest: phoneMinutes(80) });
const BREAK_UNTIL_MS = Date.parse(phoneMinutes(18));

/** What the office has changed, and everything else that wants an answer. */
export function NoticesOfPhone(): React.JSX.Element {
  return (
    <>
      <PhoneSpecimen is="changedOrder" phone={CHANGED}>
        <OrderNotice day={changed} />
      </PhoneSpecimen>
      {(['recall', 'cancel'] as const).map((requested) => (
        <PhoneSpecimen key={requested} is={requested}>
          <RecallCard stop={aGalleryStop(1, { state: 'travelling', requested })} />
        </PhoneSpecimen>
      ))}
      <PhoneSpecimen is="breakDue">
        <BreakDue stop={BREAK} />
      </PhoneSpecimen>
      <PhoneSpecimen is="breakNow">
        <BreakNow untilMs={BREAK_UNTIL_MS} />
      </PhoneSpecimen>
      <PhoneSpecimen is="share" phone={ASK}>
        <ShareQuestion />
      </PhoneSpecimen>
      <PhoneSpecimen is="undo" phone={UNDO}>
        <UndoToast />
      </PhoneSpecimen>
    </>
  );
}
