import type { Db } from '../../../db/knex.ts';
import { readLastSeq } from '../../platform/clock-http.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Status } from '../../platform/contract.ts';
import type { Log } from '../../platform/log.ts';
import { reachOf, type Reach } from '../../platform/reach.ts';
import { scopeOf, type Scope } from '../../platform/policy.ts';
import { socketEvent, type LiveSocket, type SocketEvent } from '../../platform/sockets.ts';
import type { Actor } from '../../platform/actor.ts';
import { EventPage, Since } from '../../stores/events/contract.ts';
import { FixBatch, type FixReceipt, type VehiclePosition } from '../../stores/positions/contract.ts';
import { listPositions } from '../../stores/positions/store.ts';
import { FieldReport, type FieldAnswer } from '../completion/contract.ts';
import type { CrewDay, OrderSeen } from '../crew-day/contract.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { AckDay, Hello, type DeskSnapshot } from './contract.ts';
import { crews } from './crews.ts';
import { desks } from './desks.ts';
import { eventFeed, type FeedReader } from './feed.ts';

/** What the live stream carries and does not do itself: app.ts hands it the other stages' functions. */
export interface LiveDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  /** How the server is now; its changes come by `statusChanged`. */
  readonly status: () => Status;
  readonly receiveFixes: (actor: Actor, batch: FixBatch) => Promise<FixReceipt>;
  readonly reportFact: (actor: Actor, scope: Scope, report: FieldReport) => Promise<FieldAnswer>;
  readonly dayOf: (shiftId: string) => Promise<CrewDay>;
  readonly acknowledgeDay: (actor: Actor, scope: Scope, input: AckDay) => Promise<OrderSeen>;
  readonly times?: Partial<LiveTimes>;
}

/** Wall milliseconds: the live stream never runs on the city clock. */
export interface LiveTimes {
  /** Between two messages of positions to a client. */
  readonly tickMillis: number;
  /** How long a commit nobody told us of may go unnoticed. */
  readonly pollMillis: number;
}

const ORDINARY_TIMES: LiveTimes = { tickMillis: 250, pollMillis: 2_000 };
const PAGE_SIZE = 200;

export interface Live {
  /** For `openSockets`. */
  readonly events: readonly SocketEvent[];
  onConnect(socket: LiveSocket): void;
  /** Something was committed (`ChangeTools.committed`). */
  committed(): void;
  /** Vehicles have moved (`Tracking`'s `onStored`). */
  moved(moves: readonly { readonly organisationId: string; readonly position: VehiclePosition }[]): void;
  /** A dependency has changed its state (`watchHealth`'s `onChange`). */
  statusChanged(status: Status): void;
  /** Seq of the newest event the stream has read; null before the first. */
  head(): number | null;
  /** The event log is being read. */
  reading(): boolean;
  readonly routes: Route[];
  stop(): Promise<void>;
}

const readerOf = (actor: Actor, scope: Scope): FeedReader => ({ reach: reachOf(actor, scope), accountId: actor.accountId });

/** The live stream: desks hear events, positions and the server's state; crews hear of their day. */
export function live(deps: LiveDeps): Live {
  const { db, clock, log } = deps;
  const times = { ...ORDINARY_TIMES, ...deps.times };
  const feed = eventFeed({ db, log, pollMillis: times.pollMillis });
  const watching = desks({ feed, clock, log, tickMillis: times.tickMillis, pageSize: PAGE_SIZE });
  const driving = crews({ db, clock, feed, log, dayOf: deps.dayOf });

  async function snapshot(reach: Reach, since: number | undefined): Promise<DeskSnapshot> {
    const lastSeq = feed.head() ?? (await readLastSeq(db));
    const now = clock.now();
    const { organisationId } = reach;
    const positions = (await listPositions(db, now, { organisationId })).map((p) => p.position);
    return {
      lastSeq,
      since: since ?? lastSeq,
      status: deps.status(),
      positions: { at: now.toISOString(), positions },
    };
  }

  const events: readonly SocketEvent[] = [
    socketEvent({
      name: 'hello',
      action: 'live.watch',
      input: Hello,
      async handle({ socket, actor, scope, input }) {
        const reader = readerOf(actor, scope);
        const start = await snapshot(reader.reach, input.since);
        // After the answer is on its way, so that a desk has its snapshot before what follows it.
        setImmediate(() => watching.add(socket, reader, start.since));
        return start;
      },
    }),
    socketEvent({
      name: 'since',
      action: 'event.read',
      input: Since,
      handle: ({ actor, scope, input }) => feed.page(readerOf(actor, scope), input.after, input.limit),
    }),
    socketEvent({
      name: 'fixes',
      action: 'position.report',
      input: FixBatch,
      handle: ({ actor, input }) => deps.receiveFixes(actor, input),
    }),
    socketEvent({
      name: 'fact',
      action: 'assignment.report',
      input: FieldReport,
      handle: ({ actor, scope, input }) => deps.reportFact(actor, scope, input),
    }),
    socketEvent({
      name: 'ack_day',
      action: 'shift.report',
      input: AckDay,
      handle: ({ actor, scope, input }) => deps.acknowledgeDay(actor, scope, input),
    }),
  ];

  return {
    events,
    onConnect(socket) {
      if (scopeOf(socket.actor.role, 'live.crew') !== null) driving.add(socket);
    },
    committed: () => feed.wake(),
    moved: (moves) => watching.moved(moves),
    statusChanged: (status) => watching.status(status),
    head: () => feed.head(),
    reading: () => feed.reading(),
    routes: [
      route({
        method: 'get',
        path: '/api/events',
        action: 'event.read',
        summary: 'What became true after a seq, in order and without a gap',
        query: Since,
        answer: EventPage,
        handle: ({ actor, scope, query }) => feed.page(readerOf(actor, scope), query.after, query.limit),
      }),
    ],
    async stop() {
      watching.stop();
      driving.stop();
      await feed.stop();
    },
  };
}
