import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CrewStop } from '../../server/stages/crew-day/contract.ts';
import type { Enrolled } from '../../server/stores/accounts/contract.ts';
import type { FieldFact } from '../../server/stores/work/contract.ts';
import { api, ApiProblem, deviceApi, newActionId } from '../state/api.ts';
import { cityNow } from '../state/city-clock.ts';
import { alarmCall, type Alarm, type AlarmCall } from './alarm.ts';
import type { Kept, Keeper } from './kept.ts';
import { openLink } from './link.ts';
import { takePhone } from './one-window.ts';
import { answered, dayAsPressed, press, releaseHeld, renumbered, takeBack, type Outbox, type Said } from './outbox.ts';
import { acknowledgeFixes, isWorthKeeping, keepFix, NO_FIXES, type OwnFixes, type Reading } from './own-fixes.ts';
import { watchOwnPosition, type OwnPosition } from './own-position.ts';
import { EMPTY_PHONE, type NewNotice, type PhoneState, type Sheet } from './phone-state.ts';
import { startReading, type Reader } from './reading.ts';
import { screenLock } from './screen-lock.ts';
import { startSending, type Sending } from './sending.ts';
import { orderNews, type FactOf } from './steps.ts';

export interface Phone {
  readonly store: StoreApi<PhoneState>;
  /** Begins; with a code from the address the phone is made known by it. */
  start(code: string | null): void;
  /** Makes this phone known by a code. */
  enrol(code: string): Promise<void>;
  /** This window takes the phone from the other one. */
  useHere(): void;
  /** Reads everything again now. */
  lookAgain(): void;
  /** What the crew says of a job. `hold`: it can be taken back for some seconds. */
  say(stop: CrewStop, fact: FactOf, options?: { readonly hold: boolean }): void;
  undo(actionId: string): void;
  signOn(share: boolean): void;
  signOff(): void;
  /** Calls for help: every desk is told. */
  alarm(): void;
  /** It was not meant, or its message has been read. */
  endAlarm(): void;
  takeBreak(breakId: string): void;
  acknowledgeOrder(): void;
  setSharing(share: boolean): void;
  choose(assignmentId: string | null): void;
  open(sheet: Sheet): void;
  close(): void;
  dismiss(noticeId: number): void;
  /** The last position this phone has numbered: a completion says so, that it can be confirmed by the track. */
  fixesThrough(): number | null;
}

/** How long a completion can be taken back before it is sent. */
const HOLD_MS = 8_000;
/** A call for help that a page was closed in goes on when it is opened again; after this it is over, one way or the other. */
const STILL_CALLING_MS = 30 * 60_000;

/** The phone's state, outside React: what it keeps, what the server says, what is pressed and where it is. */
export function openPhone(keeper: Keeper): Phone {
  const store = createStore<PhoneState>(() => EMPTY_PHONE);
  const get = store.getState;
  let fixes: OwnFixes = NO_FIXES;
  let lastKept: Reading | null = null;
  let position: OwnPosition | null = null;
  let sending: Sending | null = null;
  let reader: Reader | null = null;
  let help: AlarmCall | null = null;
  let link: { close(): void } | null = null;
  let noticeId = 0;
  const lock = screenLock((screenStaysOn) => store.setState({ screenStaysOn }));

  /** Everything that shows follows from day and outbox. */
  const set = (patch: Partial<PhoneState>): void => {
    const next = { ...get(), ...patch };
    const changed = 'day' in patch || 'outbox' in patch;
    store.setState(changed ? { ...patch, shown: next.day === null ? null : dayAsPressed(next.day, next.outbox) } : patch);
    if (changed) followShift();
  };
  const keep = <K extends keyof Kept>(name: K, value: Kept[K]): void => {
    const kept = keeper.write(name, value);
    if (kept === get().keepFailed) set({ keepFailed: !kept });
  };
  const setOutbox = (outbox: Outbox): void => {
    if (outbox === get().outbox) return;
    // Kept first: what the screen shows as pressed is already safe.
    keep('outbox', outbox);
    set({ outbox });
  };
  const tell = (notice: NewNotice): void => set({ notices: [...get().notices, { ...notice, id: ++noticeId }] });

  /** The own position is watched on shift, with the crew's word, and at no other time. */
  function followShift(): void {
    const { shown, share } = get();
    const onDuty = shown?.state === 'on_duty';
    lock.want(onDuty);
    const wanted = onDuty && share === true;
    if (wanted && position === null) position = watchOwnPosition(onReading, (sharing) => set({ sharing }));
    if (!wanted && position !== null) {
      position.stop();
      position = null;
      lastKept = null;
      set({ own: null });
    }
  }

  function onReading(reading: Reading): void {
    set({ own: reading });
    if (!isWorthKeeping(lastKept, reading)) return;
    lastKept = reading;
    setFixes(keepFix(fixes, reading));
    sending?.wake();
    reader?.moved(reading);
  }
  const setFixes = (next: OwnFixes): void => {
    fixes = next;
    keep('fixes', fixes);
    set({ unsentFixes: fixes.unsent.length });
  };

  const pressed = (said: Said, holdMs = 0): void => {
    setOutbox(press(get().outbox, said, { actionId: newActionId(), nowMs: Date.now(), holdMs }));
    sending?.wake();
  };

  const cityMs = (): number => {
    const { clock } = get();
    return clock === null ? Date.now() : cityNow(clock, Date.now());
  };

  const setAlarm = (alarm: Alarm | null): void => {
    if (alarm?.phase !== 'calling') keeper.forget('alarm');
    set({ alarm });
  };

  const closeAll = (): void => {
    for (const part of [sending, reader]) part?.stop();
    link?.close();
    help?.close();
    position?.stop();
    [sending, reader, link, help, position] = [null, null, null, null, null];
  };
  const revoked = (): void => {
    closeAll();
    lock.want(false);
    set({ phase: 'revoked', connected: false, own: null, sheet: null, alarm: null });
  };

  function connect(device: Kept['device']): void {
    closeAll();
    fixes = keeper.read('fixes') ?? NO_FIXES;
    const own = deviceApi(device.token);
    const [city, mine, day] = [keeper.read('city'), keeper.read('mine'), keeper.read('day')];
    const ofShift = day !== null && day.shiftId === mine?.shift?.id ? day : null;
    const consent = keeper.read('consent');
    set({
      // What was known at the last look is shown at once, with its age; the reading follows.
      phase: city !== null && mine !== null ? 'ready' : 'starting',
      city,
      mine,
      jobs: keeper.read('jobs') ?? {},
      share: consent !== null && consent.shiftId === ofShift?.shiftId ? consent.share : null,
      outbox: keeper.read('outbox') ?? get().outbox,
      day: ofShift,
      unsentFixes: fixes.unsent.length,
    });
    reader = startReading({ api: own, store, set, keep, setOutbox, onDay: afterDay, onRevoked: revoked });
    sending = startSending({
      api: own,
      waiting: () => get().outbox.waiting,
      fixes: () => fixes,
      nowMs: Date.now,
      onTaken(one, version) {
        setOutbox(answered(get().outbox, one.actionId, { version }));
        reader?.look();
      },
      onRefused(one, problem) {
        setOutbox(answered(get().outbox, one.actionId, null));
        // An order that is not the newest any more was seen all the same: the next one is shown.
        if (one.said.kind !== 'seen') tell({ kind: 'refused', because: problem.message });
        reader?.look();
      },
      onFixesThrough: (through) => setFixes(acknowledgeFixes(fixes, through)),
      onHeard: () => set({ heardAtMs: Date.now() }),
      onRevoked: revoked,
    });
    help = alarmCall({ api: own, nowMs: cityMs, set: setAlarm });
    const called = keeper.read('alarm');
    if (called !== null && Date.now() - called.sinceMs < STILL_CALLING_MS) help.call(called.shiftId);
    else keeper.forget('alarm');
    link = openLink(device.token, {
      onConnection(connected) {
        set({ connected });
        if (!connected) return;
        sending?.wake();
        reader?.look();
      },
      onDay: (next) => reader?.heard(next),
      onRecall(notice) {
        const { assignmentId, toAcknowledge } = notice;
        if (!toAcknowledge) tell({ kind: 'taken_back', assignmentId, jobNumber: get().jobs[assignmentId]?.number ?? null });
        reader?.look();
      },
      onRevoked: revoked,
    });
    sending.wake();
  }

  /** That this job is gone needs not be told any more. */
  const leave = (assignmentId: string): void => {
    const job = get().jobs[assignmentId];
    if (job === undefined) return;
    const jobs = { ...get().jobs, [assignmentId]: { ...job, left: true } };
    keep('jobs', jobs);
    set({ jobs });
    afterDay();
  };

  /** A new order in which nothing of this crew's has changed needs nobody's eyes. */
  function afterDay(): void {
    const { shown, jobs } = get();
    if (shown === null || shown.state !== 'on_duty' || shown.acknowledgedVersion >= shown.orderVersion) return;
    const { count } = orderNews(shown, (id) => jobs[id]?.left === true);
    if (count === 0) pressed({ kind: 'seen', shiftId: shown.shiftId, orderVersion: shown.orderVersion });
  }

  async function begin(code: string | null, byForce: boolean): Promise<void> {
    if (!(await takePhone(byForce, () => (closeAll(), set({ phase: 'elsewhere' }))))) {
      set({ phase: 'elsewhere' });
      return;
    }
    if (code !== null) return enrol(code);
    const device = keeper.read('device');
    if (device === null) set({ phase: 'signed_out' });
    else connect(device);
  }

  async function enrol(code: string): Promise<void> {
    set({ enrolling: true, codeProblem: null });
    const known = keeper.read('device');
    try {
      const { deviceId, token } = await api.post<Enrolled>('/api/devices/enrol', { code, kind: 'crew_phone' });
      closeAll();
      keep('device', { deviceId, token });
      keep('fixes', NO_FIXES);
      setOutbox(renumbered(keeper.read('outbox') ?? get().outbox));
      // Whose vehicle it is now is not known yet.
      for (const name of ['mine', 'day', 'jobs', 'consent'] as const) keeper.forget(name);
      set({ enrolling: false, notices: [], sharing: 'off', share: null, chosenId: null });
      connect({ deviceId, token });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      set({ enrolling: false });
      const { phase } = get();
      if (known !== null && phase === 'starting') {
        connect(known);
        tell({ kind: 'code_not_used', because: error.message });
      } else set({ phase: phase === 'revoked' ? 'revoked' : 'signed_out', codeProblem: error.message });
    }
  }

  const agree = (share: boolean): void => {
    const { shown } = get();
    if (shown === null) return;
    keep('consent', { shiftId: shown.shiftId, share });
    set({ share });
    followShift();
  };

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') setOutbox(releaseHeld(get().outbox));
    sending?.wake();
    reader?.look();
  });
  window.addEventListener('online', () => {
    sending?.wake();
    reader?.look();
  });
  window.addEventListener('popstate', () => set({ sheet: null }));

  return {
    store,
    start: (code) => void begin(code, false),
    enrol,
    useHere: () => void begin(null, true),
    lookAgain: () => reader?.look(),
    say(stop, fact, { hold } = { hold: false }) {
      const whole = { ...fact, assignmentId: stop.assignmentId } as FieldFact;
      pressed({ kind: 'fact', fact: whole, jobNumber: stop.jobNumber }, hold ? HOLD_MS : 0);
      if (fact.type === 'field.acknowledge_recall' || fact.type === 'field.decline') leave(stop.assignmentId);
      if (get().chosenId === stop.assignmentId && hold) set({ chosenId: null });
    },
    undo(actionId) {
      if (sending?.onItsWay() !== actionId) setOutbox(takeBack(get().outbox, actionId));
    },
    signOn(share) {
      const { shown } = get();
      if (shown === null) return;
      pressed({ kind: 'shift', shiftId: shown.shiftId, report: { type: 'sign_on' } });
      // The order was on the very screen that was pressed.
      if (shown.orderVersion > shown.acknowledgedVersion) {
        pressed({ kind: 'seen', shiftId: shown.shiftId, orderVersion: shown.orderVersion });
      }
      agree(share);
    },
    signOff() {
      const { shown } = get();
      if (shown !== null) pressed({ kind: 'shift', shiftId: shown.shiftId, report: { type: 'sign_off' } });
    },
    alarm() {
      const { shown } = get();
      if (shown === null) return;
      keep('alarm', { shiftId: shown.shiftId, sinceMs: Date.now() });
      help?.call(shown.shiftId);
    },
    endAlarm: () => help?.stop(),
    takeBreak(breakId) {
      const { shown } = get();
      if (shown !== null) pressed({ kind: 'shift', shiftId: shown.shiftId, report: { type: 'break_taken', breakId } });
    },
    acknowledgeOrder() {
      const { shown } = get();
      if (shown !== null) pressed({ kind: 'seen', shiftId: shown.shiftId, orderVersion: shown.orderVersion });
    },
    setSharing: agree,
    choose: (chosenId) => set({ chosenId }),
    open(sheet) {
      // The phone's own "back" closes a sheet and does not leave the page.
      if (get().sheet === null) history.pushState({ sheet }, '');
      set({ sheet });
    },
    close() {
      if (get().sheet === null) return;
      set({ sheet: null });
      if (history.state !== null) history.back();
    },
    dismiss(id) {
      const notice = get().notices.find((one) => one.id === id);
      set({ notices: get().notices.filter((one) => one !== notice) });
      if (notice?.kind === 'taken_back') leave(notice.assignmentId);
    },
    fixesThrough: () => (fixes.lastSeq === 0 ? null : fixes.lastSeq),
  };
}
