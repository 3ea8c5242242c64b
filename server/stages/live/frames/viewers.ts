import type { CityClock } from '../../../platform/clock.ts';
import type { LiveSocket } from '../../../platform/sockets.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { isInView, type RosterEntry, type View } from './contract.ts';
import { encodeFrame, hashOf, type PictureHash } from './encode.ts';
import { FleetPicture } from './fleet-picture.ts';

export interface ViewersDeps {
  readonly clock: CityClock;
  /** Wall milliseconds between two frames to the same client. */
  readonly tickMillis: number;
  /** Milliseconds on a monotonic clock. */
  readonly wallMillis: () => number;
}

/** The clients that look at the map, and what each has been told of where the vehicles are. */
export interface Viewers {
  /** From now on this client gets frames, the first with all it may see. Again: it begins anew. */
  add(socket: LiveSocket, organisationId: string | null): void;
  /** It looks at something else: with the next frame it has all that is new, in its view and outside it. */
  setView(socketId: string, view: View | null): void;
  /** It gets all it may see once more. */
  resync(socketId: string): void;
  moved(moves: readonly VehicleMove[]): void;
  /** Another server, which heard these vehicles, does not answer. */
  cutOff(vehicleIds: readonly string[]): void;
  /** Vehicles whose shift may be another now. */
  shiftsChanged(shiftOf: (vehicleId: string) => string | null): void;
  stop(): void;
}

interface Viewer {
  readonly socket: LiveSocket;
  /** Number of the only organisation it may see; null = all. */
  readonly organisation: number | null;
  view: View | null;
  /** It has been told of everything in its view up to and including this tick. */
  toldTick: number;
  /** The same of what lies outside its view too. */
  toldWideTick: number;
  toldWideAt: number;
  /** It has been told of the roster up to this version. */
  rosterVersion: number;
  /** Its next frame is of everything. */
  full: boolean;
  unacked: number;
  sentAt: number;
  hashedAt: number;
}

/**
 * Neither `writable` nor `bufferedAmount` sees what lies in the kernel's buffers: a client that stopped reading got
 * 50,000 old updates. So clients acknowledge, and one that has this many open gets nothing more until it does.
 */
const MOST_UNACKNOWLEDGED = 3;
const ACK_MILLIS = 30_000;
/** What lies outside a viewer's view is told of this often: lists show it too, and say how old it is. */
const WIDE_MILLIS = 10_000;
/** A frame without entries says that the stream lives. */
const SILENCE_MILLIS = 1_000;
const HASH_MILLIS = 5_000;

export function viewers({ clock, tickMillis, wallMillis }: ViewersDeps): Viewers {
  const picture = new FleetPicture();
  const open = new Map<string, Viewer>();

  function tellRoster(viewer: Viewer): void {
    if (viewer.rosterVersion === picture.rosterVersion) return;
    const entries: RosterEntry[] = [];
    for (let i = 0; i < picture.size; i++) {
      if (picture.rosterChanged[i]! <= viewer.rosterVersion || !maySee(viewer, i)) continue;
      entries.push({ index: i, vehicleId: picture.vehicleIds[i]!, shiftId: picture.shiftIds[i] ?? null });
    }
    viewer.rosterVersion = picture.rosterVersion;
    if (entries.length > 0) viewer.socket.emit('roster', entries);
  }

  const maySee = ({ organisation }: Viewer, i: number): boolean =>
    organisation === null || picture.organisation[i] === organisation;
  const isShown = (viewer: Viewer, i: number): boolean =>
    maySee(viewer, i) && (viewer.view === null || isInView(viewer.view, picture.lonE7[i]!, picture.latE7[i]!));

  /** What this viewer is told now: what it sees of the changes and what has just left its view, or at times all changes. */
  function newsFor(viewer: Viewer, closed: { tick: number; changed: Int32Array }, wide: boolean): ArrayLike<number> {
    const { view, full } = viewer;
    const missed = viewer.toldTick < closed.tick - 1;
    const since = full ? 0 : wide ? Math.min(viewer.toldTick, viewer.toldWideTick) : viewer.toldTick;
    const candidates = since < closed.tick - 1 ? picture.changedSince(since) : closed.changed;
    if (wide && viewer.organisation === null) return candidates;
    const all = full || wide || missed;
    const left = (i: number): boolean => view !== null && isInView(view, picture.lonBefore[i]!, picture.latBefore[i]!);
    return candidates.filter((i) => maySee(viewer, i) && (all || isShown(viewer, i) || left(i)));
  }

  function tick(): void {
    const closed = picture.nextTick();
    const at = clock.now();
    const now = wallMillis();
    /** One frame for all who see the whole city and are up to date. */
    const common = new Map<number | null, Buffer>();
    const commonHash = new Map<number | null, PictureHash>();
    for (const viewer of open.values()) {
      if (viewer.unacked >= MOST_UNACKNOWLEDGED) continue;
      const { organisation, view, full } = viewer;
      const isCommon = view === null && !full && Math.min(viewer.toldTick, viewer.toldWideTick) === closed.tick - 1;
      const hashDue = full || now - viewer.hashedAt >= HASH_MILLIS;
      tellRoster(viewer);
      let frame = isCommon && !hashDue ? common.get(organisation) : undefined;
      if (frame === undefined) {
        const wide = view === null || now - viewer.toldWideAt >= WIDE_MILLIS;
        const news = newsFor(viewer, closed, wide);
        viewer.toldTick = closed.tick;
        if (full || wide) {
          viewer.toldWideTick = closed.tick;
          viewer.toldWideAt = now;
        }
        if (news.length === 0 && !full && !hashDue && now - viewer.sentAt < SILENCE_MILLIS) continue;
        let hash: PictureHash | null = null;
        if (hashDue) {
          hash = (view === null ? commonHash.get(organisation) : undefined) ?? hashOf(picture, (i) => isShown(viewer, i));
          if (view === null) commonHash.set(organisation, hash);
          viewer.hashedAt = now;
        }
        frame = encodeFrame(picture, news, { tick: closed.tick, at, full, hash });
        if (isCommon && !hashDue) common.set(organisation, frame);
      }
      viewer.toldTick = closed.tick;
      if (view === null) viewer.toldWideTick = closed.tick;
      viewer.full = false;
      viewer.sentAt = now;
      viewer.unacked++;
      viewer.socket.emitAcked('frame', frame, ACK_MILLIS, () => {
        viewer.unacked--;
      });
    }
  }

  const timer = setInterval(tick, tickMillis).unref();

  return {
    add(socket, organisationId) {
      const known = open.get(socket.id);
      if (known) {
        known.full = true;
        return;
      }
      open.set(socket.id, {
        socket,
        organisation: organisationId === null ? null : picture.organisationNumber(organisationId),
        view: null,
        toldTick: 0,
        toldWideTick: 0,
        toldWideAt: 0,
        rosterVersion: 0,
        full: true,
        unacked: 0,
        sentAt: 0,
        hashedAt: 0,
      });
      socket.onClose(() => open.delete(socket.id));
    },
    setView(socketId, view) {
      const viewer = open.get(socketId);
      if (viewer === undefined) return;
      viewer.view = view;
      viewer.toldWideAt = -Infinity;
    },
    resync(socketId) {
      const viewer = open.get(socketId);
      if (viewer !== undefined) viewer.full = true;
    },
    moved(moves) {
      for (const move of moves) picture.take(move);
    },
    cutOff(vehicleIds) {
      for (const id of vehicleIds) picture.markCutOff(id);
    },
    shiftsChanged(shiftOf) {
      for (let i = 0; i < picture.size; i++) {
        const shiftId = shiftOf(picture.vehicleIds[i]!);
        if (picture.shiftIds[i] !== shiftId) picture.setShift(i, shiftId);
      }
    },
    stop: () => clearInterval(timer),
  };
}
