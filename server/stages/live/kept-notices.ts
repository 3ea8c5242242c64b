import { problemOf } from '../../platform/failure.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import type { KeptNotice, RefusedNotice } from './contract.ts';

export interface KeptNoticesDeps {
  /** So long what is stored is gathered for a device before it is told. Wall time. */
  readonly everyMillis: number;
  /** Milliseconds on a monotonic clock. */
  readonly wallMillis: () => number;
}

/**
 * Tells devices that did not ask for an answer to each message which of their fixes are stored, several messages' together: an
 * answer to each is as dear as everything else that is done with a position.
 */
export interface KeptNotices {
  /** Who hears of this device's fixes and tells it. The same for a socket each time. */
  of(socket: LiveSocket): DeviceTold;
  /** Tells what is left. */
  stop(): void;
}

/** What `Tracking` tells what became of a batch. */
export interface DeviceTold {
  stored(receipt: unknown, deviceSeqs: readonly number[]): void;
  refused(error: unknown): void;
}

const LOOKS_A_PERIOD = 20;

export function keptNotices({ everyMillis, wallMillis }: KeptNoticesDeps): KeptNotices {
  /** In the order in which they began to gather. */
  const gathering = new Set<Device>();
  const devices = new WeakMap<LiveSocket, Device>();

  function tell(device: Device): void {
    gathering.delete(device);
    device.tell();
  }

  const timer = setInterval(
    () => {
      const before = wallMillis() - everyMillis;
      for (const device of gathering) {
        if (device.since > before) break;
        tell(device);
      }
    },
    Math.max(1, everyMillis / LOOKS_A_PERIOD),
  ).unref();

  return {
    of(socket) {
      const known = devices.get(socket);
      if (known !== undefined) return known;
      const device = new Device(socket, (begins) => {
        begins.since = wallMillis();
        gathering.add(begins);
      });
      devices.set(socket, device);
      return device;
    },
    stop() {
      clearInterval(timer);
      for (const device of gathering) tell(device);
    },
  };
}

class Device implements DeviceTold {
  /** When the first of what it has not been told was stored. */
  since = 0;
  private deviceSeqs: number[] = [];
  private readonly socket: LiveSocket;
  private readonly begin: (device: Device) => void;

  constructor(socket: LiveSocket, begin: (device: Device) => void) {
    this.socket = socket;
    this.begin = begin;
  }

  stored(_receipt: unknown, deviceSeqs: readonly number[]): void {
    if (this.deviceSeqs.length === 0) this.begin(this);
    for (const seq of deviceSeqs) this.deviceSeqs.push(seq);
  }

  refused(error: unknown): void {
    const notice: RefusedNotice = { event: 'fixes', problem: problemOf(error).toJSON() };
    this.socket.emit('refused', notice);
  }

  tell(): void {
    const notice: KeptNotice = { ranges: rangesOf(this.deviceSeqs) };
    this.deviceSeqs = [];
    this.socket.emit('kept', notice);
  }
}

/** First and last of each run of numbers without a gap, rising. */
function rangesOf(numbers: number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
