import type { FixReceipt } from '../../server/stores/positions/contract.ts';
import type { WorkAnswer } from '../../server/stores/work/contract.ts';
import { ApiProblem, type DeviceApi } from '../state/api.ts';
import type { Pressed } from './outbox.ts';
import type { OwnFixes } from './own-fixes.ts';

export interface SendingDeps {
  readonly api: DeviceApi;
  readonly waiting: () => readonly Pressed[];
  readonly fixes: () => OwnFixes;
  /** Taken by the server, with the version its assignment has now. */
  readonly onTaken: (pressed: Pressed, version: number | null) => void;
  /** Refused for good: sending it again would be refused again. */
  readonly onRefused: (pressed: Pressed, problem: ApiProblem) => void;
  readonly onFixesThrough: (through: number) => void;
  readonly onHeard: () => void;
  readonly onRevoked: () => void;
  readonly nowMs: () => number;
}

export interface Sending {
  /** Something was pressed, or the way to the server may be open again. */
  wake(): void;
  /** The action that is on its way and can no longer be taken back. */
  onItsWay(): string | null;
  stop(): void;
}

const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;
const FIXES_AT_ONCE = 400;

/**
 * Sends what the phone keeps, one at a time in the order it was pressed, until each is answered. The same id is sent
 * again after every doubt: the server does it once.
 */
export function startSending(deps: SendingDeps): Sending {
  let running = false;
  let again = false;
  let stopped = false;
  let onItsWay: string | null = null;
  let waitMs = LEAST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (ms: number): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, ms);
  };

  const heard = (): void => {
    waitMs = LEAST_WAIT_MS;
    deps.onHeard();
  };

  /** @returns whether all of it was answered. */
  async function attempt(send: () => Promise<void>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.status === 401) deps.onRevoked();
      else {
        later(waitMs);
        waitMs = Math.min(MOST_WAIT_MS, waitMs * 2);
      }
      return false;
    }
  }

  async function sendFixes(): Promise<void> {
    for (;;) {
      const batch = deps.fixes().unsent.slice(0, FIXES_AT_ONCE);
      if (batch.length === 0) return;
      const sentAt = new Date(deps.nowMs()).toISOString();
      const { through } = await deps.api.post<FixReceipt>('/api/positions', { sentAt, fixes: batch });
      heard();
      deps.onFixesThrough(through);
    }
  }

  async function sendOne(pressed: Pressed): Promise<void> {
    onItsWay = pressed.actionId;
    try {
      const version = await post(deps, pressed);
      heard();
      deps.onTaken(pressed, version);
    } catch (error) {
      if (!(error instanceof ApiProblem) || isPassing(error)) throw error;
      heard();
      // This very action was taken from this phone under its former token: it has happened.
      if (error.type === 'action-reused') deps.onTaken(pressed, null);
      else deps.onRefused(pressed, error);
    } finally {
      onItsWay = null;
    }
  }

  async function run(): Promise<void> {
    // Positions first, so that a completion finds its track.
    if (!(await attempt(sendFixes))) return;
    for (;;) {
      const next = deps.waiting()[0];
      if (next === undefined || stopped) return;
      const heldMs = (next.heldUntilMs ?? 0) - deps.nowMs();
      if (heldMs > 0) return later(heldMs);
      if (!(await attempt(() => sendOne(next)))) return;
    }
  }

  function wake(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    void run().finally(() => {
      running = false;
      if (!again) return;
      again = false;
      wake();
    });
  }

  return {
    wake,
    onItsWay: () => onItsWay,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Not an answer to what was asked: the line, the server or the token. */
const isPassing = ({ status }: ApiProblem): boolean => status === 0 || status === 401 || status === 429 || status >= 500;

async function post({ api, nowMs }: SendingDeps, pressed: Pressed): Promise<number | null> {
  const { actionId, deviceSeq, deviceTime, said } = pressed;
  const envelope = { actionId, deviceSeq, deviceTime, sentAt: new Date(nowMs()).toISOString() };
  switch (said.kind) {
    case 'fact': {
      const answer = await api.post<WorkAnswer>('/api/field', { envelope, command: said.fact });
      return answer.assignments.find(({ id }) => id === said.fact.assignmentId)?.version ?? null;
    }
    case 'seen':
      await api.post(`/api/shifts/${said.shiftId}/acknowledge-order`, { orderVersion: said.orderVersion });
      return null;
    case 'shift': {
      const shift = `/api/shifts/${said.shiftId}`;
      const { report } = said;
      if (report.type === 'break_taken') await api.post(`${shift}/break-taken`, { envelope, breakId: report.breakId });
      else await api.post(`${shift}/${report.type === 'sign_on' ? 'sign-on' : 'sign-off'}`, { envelope });
      return null;
    }
    default:
      return said satisfies never;
  }
}
