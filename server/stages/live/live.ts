import type { Db } from '../../../db/knex.ts';
import { readLastSeq } from '../../platform/clock-http.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Status } from '../../platform/contract.ts';
import type { RecordedEvent } from '../../platform/deliveries.ts';
import type { Log } from '../../platform/log.ts';
import { reachOf } from '../../platform/reach.ts';
import { scopeOf, type Scope } from '../../platform/policy.ts';
import { socketEvent, type LiveSocket, type SocketEvent } from '../../platform/sockets.ts';
import type { Actor } from '../../platform/actor.ts';
import { EventPage, Since } from '../../stores/events/contract.ts';
import { FixBatch, RelayBatch, type FixReceipt, type RelayReceipt } from '../../stores/positions/contract.ts';
import { isPlainFixBatch, isPlainRelayBatch } from '../../stores/positions/plain-fix-batch.ts';
import type { VehicleMove } from '../../stores/positions/store.ts';
import { FieldReport, type FieldAnswer } from '../completion/contract.ts';
import type { CrewDay, OrderSeen } from '../crew-day/contract.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { AckDay, Hello, type DeskSnapshot } from './contract.ts';
import { crews } from './crews.ts';
import { desks } from './desks.ts';
import { eventFeed, type FeedReader } from './feed.ts';
import { Resync, SetView } from './frames/contract.ts';
import { viewers } from './frames/viewers.ts';
import { keptNotices, type DeviceTold } from './kept-notices.ts';

/** What the live stream carries and does not do itself: app.ts hands it the other stages' functions. */
export interface LiveDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  /** How the server is now; its changes come by `statusChanged`. */
  readonly status: () => Status;
  readonly receiveFixes: (actor: Actor, batch: FixBatch) => Promise<FixReceipt>;
  /** The same for a device that does not wait for the answer: `told` hears it. */
  readonly receiveFixesAndTell: (actor: Actor, batch: FixBatch, told: DeviceTold) => void;
  readonly relayFixes?: (actor: Actor, batch: RelayBatch) => Promise<RelayReceipt>;
  readonly reportFact: (actor: Actor, scope: Scope, report: FieldReport) => Promise<FieldAnswer>;
  readonly dayOf: (shiftId: string) => Promise<CrewDay>;
  readonly acknowledgeDay: (actor: Actor, scope: Scope, input: AckDay) => Promise<OrderSeen>;
  readonly times?: Partial<LiveTimes>;
  /** What became true, whichever server of the city committed it, in order; before any desk or crew is told. */
  readonly onEvents?: (events: readonly RecordedEvent[]) => void;
}

/** Wall milliseconds: the live stream never runs on the city clock. */
export interface LiveTimes {
  /** Between two frames of positions to a client. */
  readonly tickMillis: number;
  /** How long a commit nobody told us of may go unnoticed. */
  readonly pollMillis: number;
  /** How long what is stored is gathered before a device is told that did not ask for each answer. */
  readonly keptMillis: number;
}

/** 100 ms: of the quarter of a second in which a position should be on every map, the tick takes half of this on average. */
const ORDINARY_TIMES: LiveTimes = { tickMillis: 100, pollMillis: 2_000, keptMillis: 10_000 };
const PAGE_SIZE = 200;

export interface Live {
  /** For `openSockets`. */
  readonly events: readonly SocketEvent[];
  onConnect(socket: LiveSocket): void;
  /** Something was committed (`ChangeTools.committed`). */
  committed(): void;
  /** Where vehicles are at the start, and that they have moved (`Tracking`'s `onMoved`). */
  moved(moves: readonly VehicleMove[]): void;
  /** Another server, which heard these vehicles, does not answer. */
  cutOff(vehicleIds: readonly string[]): void;
  /** Vehicles whose shift may be another now. */
  shiftsChanged(shiftOf: (vehicleId: string) => string | null): void;
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
  if (deps.onEvents !== undefined) feed.listen(deps.onEvents);
  const watching = desks({ feed, log, pageSize: PAGE_SIZE });
  const looking = viewers({ clock, tickMillis: times.tickMillis, wallMillis: () => performance.now() });
  const keeping = keptNotices({ everyMillis: times.keptMillis });
  const driving = crews({ db, clock, feed, log, dayOf: deps.dayOf });

  async function snapshot(since: number | undefined): Promise<DeskSnapshot> {
    const lastSeq = feed.head() ?? (await readLastSeq(db));
    return { lastSeq, since: since ?? lastSeq, status: deps.status() };
  }

  const events: readonly SocketEvent[] = [
    socketEvent({
      name: 'hello',
      action: 'live.watch',
      input: Hello,
      async handle({ socket, actor, scope, input }) {
        const reader = readerOf(actor, scope);
        const start = await snapshot(input.since);
        // After the answer is on its way, so that a desk has its snapshot before what follows it.
        setImmediate(() => {
          watching.add(socket, reader, start.since);
          looking.add(socket, reader.reach.organisationId);
        });
        return start;
      },
    }),
    socketEvent({
      name: 'view',
      action: 'live.watch',
      input: SetView,
      handle({ socket, input }) {
        looking.setView(socket.id, input.view);
        return null;
      },
    }),
    socketEvent({
      name: 'resync',
      action: 'live.watch',
      input: Resync,
      handle({ socket }) {
        looking.resync(socket.id);
        return null;
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
      isPlain: isPlainFixBatch,
      handle({ socket, actor, input, isAsked }) {
        if (isAsked) return deps.receiveFixes(actor, input);
        deps.receiveFixesAndTell(actor, input, keeping.of(socket));
        return null;
      },
    }),
    ...(deps.relayFixes === undefined
      ? []
      : [
          socketEvent({
            name: 'relay',
            action: 'position.relay',
            input: RelayBatch,
            isPlain: isPlainRelayBatch,
            handle: ({ actor, input }) => deps.relayFixes!(actor, input),
          }),
        ]),
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
    moved: (moves) => looking.moved(moves),
    cutOff: (vehicleIds) => looking.cutOff(vehicleIds),
    shiftsChanged: (shiftOf) => looking.shiftsChanged(shiftOf),
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
      looking.stop();
      watching.stop();
      driving.stop();
      keeping.stop();
      await feed.stop();
    },
  };
}
