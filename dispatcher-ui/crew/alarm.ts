import { ApiProblem, type DeviceApi } from '../state/api.ts';

/** How a call for help stands. */
export type Alarm =
  | { readonly phase: 'calling'; readonly sinceMs: number }
  /** The server has it, and with it every desk. */
  | { readonly phase: 'told'; readonly atMs: number }
  /** The server will never take it; `because` says why. */
  | { readonly phase: 'refused'; readonly because: string };

export interface AlarmDeps {
  readonly api: Pick<DeviceApi, 'post'>;
  readonly nowMs: () => number;
  readonly set: (alarm: Alarm | null) => void;
}

export interface AlarmCall {
  /** Tries until the server has it. Pressed again meanwhile it is the same call. */
  call(shiftId: string): void;
  /** It was not meant, as long as nobody has been told; afterwards only the message is put away. */
  stop(): void;
  /** This page calls no more; what is shown stays as it is. */
  close(): void;
}

const AGAIN_MS = 2_000;

/** A call for help does not wait behind anything else that the phone has to send. */
export function alarmCall({ api, nowMs, set }: AlarmDeps): AlarmCall {
  /** The call that is being made; another object, or null: that one is over. */
  let calling: object | null = null;

  async function attempt(shiftId: string, mine: object): Promise<void> {
    try {
      await api.post(`/api/shifts/${shiftId}/alarm`, {});
      if (calling === mine) set({ phase: 'told', atMs: nowMs() });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (calling !== mine) return;
      if (error.passing || error.status >= 500) {
        setTimeout(() => calling === mine && void attempt(shiftId, mine), AGAIN_MS);
        return;
      }
      set({ phase: 'refused', because: error.message });
    }
    if (calling === mine) calling = null;
  }

  return {
    call(shiftId) {
      if (calling !== null) return;
      calling = {};
      set({ phase: 'calling', sinceMs: nowMs() });
      void attempt(shiftId, calling);
    },
    stop() {
      calling = null;
      set(null);
    },
    close: () => (calling = null),
  };
}
