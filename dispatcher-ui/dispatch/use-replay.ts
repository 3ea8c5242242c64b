import { useEffect, useMemo, useRef, useState } from 'react';
import { cityNow } from '../state/city-clock.ts';
import { ApiProblem } from '../state/api.ts';
import type { Reads } from '../state/desk-reads.ts';
import { fleetAt, readTracks, ReplayPages, type ReplayShift, type ReplayTrack } from '../state/replay.ts';
import { useDesk } from './desk-context.ts';
import type { Replayed } from './use-fleet.ts';

/** A replay as its bar shows and drives it. */
export interface ReplayPlayer {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly atMs: number;
  readonly playing: boolean;
  /** Seconds of the day a second. */
  readonly speed: number;
  /** How much of the day has been read, 0 to 1. */
  readonly read: number;
  readonly isEmpty: boolean;
  readonly failed: boolean;
  readonly replayed: Replayed;
  seek(atMs: number): void;
  play(playing: boolean): void;
  setSpeed(speed: number): void;
}

const HOUR_MS = 3_600_000;
/** Where there are no shifts. */
const USUAL_MS = 8 * HOUR_MS;
/** A fix each ten seconds is enough to see who drove where; what lies between is on the line. */
const STEP_SECONDS = 10;
const NO_TRACKS: readonly ReplayTrack[] = [];

/** Plays the day so far, while `on`: reads where everybody was, and then lets it pass at any speed. */
export function useReplay(on: boolean): ReplayPlayer | null {
  const desk = useDesk();
  const [span, setSpan] = useState<{ fromMs: number; untilMs: number } | null>(null);
  const [tracks, setTracks] = useState(NO_TRACKS);
  const [read, setRead] = useState(0);
  const [failed, setFailed] = useState(false);
  const [atMs, setAtMs] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(60);
  const shifts = useRef<readonly ReplayShift[]>([]);

  useEffect(() => {
    if (!on) return;
    const away = new AbortController();
    const { clock, shifts: known } = desk.store.getState();
    const untilMs = clock === null ? 0 : cityNow(clock, Date.now());
    shifts.current = [...known.values()].flatMap(({ id, members }) =>
      members
        .filter(({ kind }) => kind === 'vehicle')
        .map(({ resourceId, from, until }) => ({
          shiftId: id as string,
          vehicleId: resourceId,
          fromMs: Date.parse(from),
          untilMs: Date.parse(until),
        })),
    );
    const began = Math.min(...shifts.current.map(({ fromMs }) => fromMs));
    const fromMs = began < untilMs ? Math.max(began, untilMs - 24 * HOUR_MS) : untilMs - USUAL_MS;
    const vehicles = [...new Set([...shifts.current.map(({ vehicleId }) => vehicleId), ...desk.positions.latest.keys()])];
    setSpan({ fromMs, untilMs });
    setAtMs(fromMs);
    setTracks(NO_TRACKS);
    setRead(0);
    setFailed(false);
    setPlaying(false);
    readDay({ fromMs, untilMs, vehicles }, desk.reads, away.signal, (some, share) => {
      if (away.signal.aborted) return;
      setTracks(some);
      setRead(share);
      // Nothing is played before anybody was heard of.
      const first = Math.min(...some.map(({ times }) => times[0] ?? Infinity));
      if (first < untilMs) setAtMs((at) => Math.max(at, first));
    }).then(
      () => {
        if (away.signal.aborted) return;
        setRead(1);
        setPlaying(true);
      },
      () => !away.signal.aborted && setFailed(true),
    );
    return () => away.abort();
  }, [on, desk]);

  const isPlaying = on && playing && span !== null;
  const endMs = span?.untilMs ?? 0;
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = (now - before) * speed;
      before = now;
      setAtMs((at) => Math.min(endMs, at + passed));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, endMs]);
  // The day is over: it stands.
  const ended = isPlaying && atMs >= endMs;
  useEffect(() => {
    if (ended) setPlaying(false);
  }, [ended]);

  const replayed = useMemo(() => ({ atMs, spots: fleetAt(tracks, shifts.current, atMs) }), [tracks, atMs]);
  if (!on || span === null) return null;
  return {
    ...span,
    atMs,
    playing,
    speed,
    read,
    isEmpty: tracks.length === 0,
    failed,
    replayed,
    seek: setAtMs,
    play(next) {
      if (next && atMs >= span.untilMs) setAtMs(span.fromMs);
      setPlaying(next);
    },
    setSpeed,
  };
}

interface DayAsked {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly vehicles: readonly string[];
}

/** Page by page; from a server that has no replay, track by track. `told`: what there is so far, and its share of the day. */
async function readDay(
  { fromMs, untilMs, vehicles }: DayAsked,
  reads: Reads,
  signal: AbortSignal,
  told: (tracks: readonly ReplayTrack[], share: number) => void,
): Promise<void> {
  const pages = new ReplayPages();
  try {
    for (let nextMs: number | null = fromMs; nextMs !== null;) {
      const page = await reads.replay(nextMs, untilMs, STEP_SECONDS, signal);
      pages.take(page);
      nextMs = page.next === null ? null : Date.parse(page.next);
      told(pages.all(), ((nextMs ?? untilMs) - fromMs) / (untilMs - fromMs));
    }
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    await readTracks(
      vehicles,
      (id) => reads.track(id, fromMs, untilMs, signal),
      (tracks) => told(tracks, tracks.length / vehicles.length),
    );
  }
}
