import type { Page, WebSocketRoute } from 'playwright-core';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { LonLat } from '../../routing/units.ts';
import { encodeFrame, hashOf } from '../../server/stages/live/frames/encode.ts';
import { FleetPicture } from '../../server/stages/live/frames/fleet-picture.ts';

export interface FedOptions {
  readonly vehicles: number;
  /** Shares of the vehicles, 0 to 1: in a crew, silent for twenty minutes, cut off. */
  readonly crewed?: number;
  readonly silent?: number;
  readonly cutOff?: number;
  /** Where they begin, in turn: places on roads. */
  readonly places: readonly LonLat[];
  /** The city's time, which stands still. */
  readonly atMs: number;
}

/** A fleet put into the page's own connection to a real server, frame by frame as the server would send it. */
export interface FedFleet {
  /** All vehicles move on for so many seconds at 9 m/s, and a tenth of them is told with each of ten frames. */
  second(seconds?: number): Promise<void>;
  /** One frame without entries: the stream lives. */
  breathe(): void;
}

/** Acknowledgements the page sends for what is put into its socket are not the server's. */
const ACK_ID = 900_000;
const TICKS = 10;
const idOf = (kind: number, n: number): string => `00000000-0000-7${kind}00-8000-${String(n).padStart(12, '0')}`;

/** To be called before the page is opened; the frames of the server itself are kept from the page. */
export async function feedFleet(page: Page, options: FedOptions): Promise<FedFleet> {
  const { vehicles, crewed = 1, silent = 0, cutOff = 0, places, atMs } = options;
  const crews = Math.round(vehicles * crewed);
  const picture = new FleetPicture();
  let route: WebSocketRoute | null = null;
  let frames = 0;
  const at = new Date(atMs);
  const isSilent = (n: number): boolean => (n * 37) % 100 < silent * 100;
  const isCutOff = (n: number): boolean => (n * 53 + 11) % 100 < cutOff * 100;

  await multiplyShifts(page, crews);
  await page.route('**/api/vehicles', (asked) =>
    asked.fulfill({ json: Array.from({ length: vehicles }, (_, n) => ({ id: idOf(3, n), code: `van-${n + 1}` })) }),
  );
  await page.routeWebSocket(/socket\.io/, (opened) => {
    const server = opened.connectToServer();
    route = opened;
    let isFrame = false;
    server.onMessage((message) => {
      if (typeof message !== 'string') {
        if (!isFrame) opened.send(message);
        isFrame = false;
      } else if (/^45\d+-\d*\["frame"/.test(message)) isFrame = true;
      else if (!message.startsWith('42["roster"')) opened.send(message);
    });
    opened.onMessage((message) => {
      const text = String(message);
      if (!text.startsWith(`43${ACK_ID / 100_000}`)) server.send(message);
      if (text.includes('"hello"')) setTimeout(begin, 500);
    });
  });

  /** Around the places, up to about 700 m away. */
  const starts = Array.from({ length: vehicles }, (_, n) => {
    const { lon, lat } = places[n % places.length]!;
    return { lon: lon + (((n * 7919) % 1000) - 500) / 45_000, lat: lat + (((n * 104_729) % 1000) - 500) / 90_000 };
  });
  const place = (n: number, passed: number): void => {
    const turn = ((n * 137) % 360) * (Math.PI / 180);
    const metres = isSilent(n) || isCutOff(n) ? 0 : 9 * passed;
    const here = starts[n]!;
    picture.take({
      organisationId: 'works',
      shiftId: n < crews ? idOf(2, n) : null,
      marker: {
        vehicleId: idOf(3, n),
        deviceId: idOf(4, n),
        deviceSeq: 1,
        time: new Date(atMs - (isSilent(n) ? 1_200_000 : 3_000) + passed),
        receivedAt: at,
        lon: here.lon + (metres * Math.sin(turn)) / 60_000,
        lat: here.lat + (metres * Math.cos(turn)) / 111_320,
        accuracyMetres: 6,
        speedMps: (n * 7) % 10 < 3 ? 0 : 9,
        headingDegrees: (n * 137) % 360,
        source: n % 5 === 0 ? 'tracker' : 'crew_phone',
      },
    });
  };

  const send = (entries: ArrayLike<number>, full: boolean): void => {
    const hash = full ? hashOf(picture, () => true) : null;
    const frame = encodeFrame(picture, entries, { tick: ++frames, at, full, hash });
    route!.send(`451-${ACK_ID + (frames % 90_000)}["frame",{"_placeholder":true,"num":0}]`);
    route!.send(frame);
  };
  function begin(): void {
    for (let n = 0; n < vehicles; n++) place(n, 0);
    for (let n = 0; n < vehicles; n++) if (isCutOff(n)) picture.markCutOff(idOf(3, n));
    const roster = picture.vehicleIds.map((vehicleId, index) => ({ index, vehicleId, shiftId: picture.shiftIds[index] }));
    route!.send(`42${JSON.stringify(['roster', roster])}`);
    picture.nextTick();
    send(picture.changedSince(0), true);
  }

  let passed = 0;
  return {
    async second(seconds = 1) {
      passed += seconds;
      for (let tick = 0; tick < TICKS; tick++) {
        for (let n = tick; n < vehicles; n += TICKS) if (!isSilent(n) && !isCutOff(n)) place(n, passed);
        send(picture.nextTick().changed.slice(), false);
        await new Promise((resolve) => setTimeout(resolve, 1_000 / TICKS));
      }
    },
    breathe: () => send([], false),
  };
}

/** The crews of the day so many times over. */
export async function multiplyShifts(page: Page, count: number): Promise<void> {
  await page.route('**/api/shifts?day=*', async (route) => {
    const shifts = (await (await route.fetch()).json()) as DispatcherShift[];
    const many = Array.from({ length: count }, (_, n) => ({
      ...shifts[n % shifts.length]!,
      id: idOf(2, n),
      crewNumber: n + 1,
      crewName: `Crew ${n + 1}`,
      state: 'on_duty',
      members: [],
    }));
    await route.fulfill({ json: many });
  });
}

/** From now on what each push of vehicles costs the page is kept in `window.pushes`, milliseconds. */
export const WATCH_PUSHES = `
  window.pushes = [];
  new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntriesByName('map-push')) {
      if (detail.includes('vehicles')) window.pushes.push(duration);
    }
  }).observe({ entryTypes: ['measure'] });`;
