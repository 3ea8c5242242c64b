import { problemOf } from '../../platform/failure.ts';
import type { LiveSocket } from '../../platform/sockets.ts';
import type { KeptNotice, RefusedNotice } from './contract.ts';

export interface KeptNoticesDeps {
  /** So long at most, and at least half as long, what is stored is gathered before its device is told. Wall time. */
  readonly everyMillis: number;
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

/** In so many turns everybody has been told. */
const TURNS = 100;

export function keptNotices({ everyMillis }: KeptNoticesDeps): KeptNotices {
  /** Who is told in each of the next turns: as many in each, or thousands that began together would hold everything else up. */
  const turns: Device[][] = Array.from({ length: TURNS }, () => []);
  let turn = 0;
  let ahead = 0;
  const devices = new WeakMap<LiveSocket, Device>();

  /** Between half of the time from now and all of it. */
  function begin(device: Device): void {
    ahead = (ahead + 1) % (TURNS / 2);
    turns[(turn + TURNS / 2 + ahead) % TURNS]!.push(device);
  }

  const timer = setInterval(
    () => {
      turn = (turn + 1) % TURNS;
      const due = turns[turn]!;
      turns[turn] = [];
      for (const device of due) device.tell();
    },
    Math.max(1, everyMillis / TURNS),
  ).unref();

  return {
    of(socket) {
      const known = devices.get(socket);
      if (known !== undefined) return known;
      const device = new Device(socket, begin);
      devices.set(socket, device);
      return device;
    },
    stop() {
      clearInterval(timer);
      for (const due of turns) for (const device of due) device.tell();
    },
  };
}

class Device implements DeviceTold {
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
