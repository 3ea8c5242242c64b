import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { EnrolmentCode } from '../../server/stores/accounts/contract.ts';
import type { CrewDay, CrewStop } from '../../server/stages/crew-day/contract.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import { startDesk } from '../../scripts/simulator/desk.ts';
import {
  eventually,
  gzippedKilobytes,
  openPage,
  openTestCity,
  report,
  seriousFindings,
  type TestCity,
  type Watched,
} from '../browser.fixtures.ts';

const REPORTS = 30;
const PHONE = { width: 390, height: 844 };

describe('crew’s phone', function () {
  this.timeout(120_000);
  let browser: Browser;
  let city: TestCity;
  let shift: DispatcherShift;
  let phone: Watched;
  let page: Page;
  let context: BrowserContext;
  let nowMs: number;
  const serious: string[] = [];

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, REPORTS)) await report(city, request);
    nowMs = Date.parse((await city.running.desk.get<{ clock: { now: string } }>('/api/city')).body.clock.now);
    await startDesk(city.running.desk, { seed: 1, iterations: 300, moveByHand: 0 }, () => nowMs).planAndPublish('dispatcher');
    // The crew with the longest day.
    const shifts = await city.running.shifts();
    const lengths = await Promise.all(shifts.map(async ({ id }) => openJobs(await dayOf(id)).length));
    shift = shifts[lengths.indexOf(Math.max(...lengths))]!;
    phone = await openPhone();
    page = phone.page;
    context = page.context();
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const dayOf = async (id: string = shift.id): Promise<CrewDay> =>
    (await city.running.desk.get<CrewDay>(`/api/shifts/${id}/day`)).body;
  const openJobs = (day: CrewDay): CrewStop[] =>
    day.stops.filter((stop): stop is CrewStop => stop.kind === 'job').filter(({ endedAt }) => endedAt === null);
  const jobOf = async (stop: CrewStop): Promise<JobView> =>
    (await city.running.desk.get<JobView>(`/api/jobs/${stop.jobId}`)).body;
  const casesOf = async (stop: CrewStop): Promise<string[]> =>
    (await city.running.desk.get<{ cases: { state: string }[] }>(`/api/cases?jobId=${stop.jobId}`)).body.cases.map(
      (c) => c.state,
    );
  const stateOf = async (stop: CrewStop): Promise<string | undefined> =>
    (await jobOf(stop)).assignments.find(({ id }) => id === stop.assignmentId)?.state;
  const order = (command: object): Promise<unknown> =>
    city.running.desk.post('/api/assignments/commands', { envelope: { actionId: crypto.randomUUID() }, command });
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  const advance = async (minutes: number): Promise<void> => {
    nowMs += minutes * 60_000;
    await city.running.admin.post('/api/clock/advance', { to: new Date(nowMs).toISOString() });
  };
  const newCode = async (): Promise<string> => {
    const vehicleId = shift.members.find(({ kind }) => kind === 'vehicle')!.resourceId;
    return (await city.running.desk.post<EnrolmentCode>('/api/devices/codes', { vehicleId, label: 'Phone' })).body.code;
  };
  const pressed = async (stop: CrewStop, name: string, state: string): Promise<void> => {
    await button(name).click();
    await eventually(async () => (await stateOf(stop)) === state);
  };
  const revoke = async (deviceId: string): Promise<void> => {
    const { base } = city.running.server;
    const headers = { cookie: await city.running.cookie('dispatcher'), 'thuma-request': '1', origin: base };
    expect((await fetch(`${base}/api/devices/${deviceId}`, { method: 'DELETE', headers })).ok).to.equal(true);
  };
  /** Axe in both themes, on the screen as it is. */
  const look = async (what: string): Promise<void> => {
    const before = await page.evaluate<string>('document.documentElement.dataset.theme');
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      serious.push(...(await seriousFindings(page)).map((line) => `${what}, ${theme}: ${line}`));
    }
    await page.evaluate(`document.documentElement.dataset.theme = '${before}'`);
  };
  async function openPhone(): Promise<Watched> {
    const watched = await openPage(browser, city.running.server.base, 'light');
    await watched.page.setViewportSize(PHONE);
    await watched.page.context().grantPermissions(['geolocation']);
    await watched.page.context().setGeolocation({ latitude: shift.startPlace.lat, longitude: shift.startPlace.lon, accuracy: 6 });
    return watched;
  }

  it('asks for a code, and says what is wrong with one that is not valid', async () => {
    await page.goto('/crew');
    await page.getByRole('heading', { name: 'Sign in this phone' }).waitFor();
    await button('Sign in').click();
    await page.getByText('Type the code first.').waitFor();
    await page.getByLabel('Code from the office').fill('AAAAA-AAAAA');
    await button('Sign in').click();
    await page.getByText('used already or is too old').waitFor();
    await look('sign in');
  });

  it('is signed in by the address, which holds the code no longer, and shows the shift that was published', async () => {
    await page.goto(`/crew#${await newCode()}`);
    await page.getByRole('heading', { name: /Your shift/ }).waitFor();
    expect(new URL(page.url()).hash).to.equal('');
    const jobs = openJobs(await dayOf());
    await page.getByText(`${jobs.length} jobs today`).waitFor();
    await page.getByText('It stops when you end your shift').waitFor();
    await look('begin');
    // A device is in its vehicle from its enrolment on: in a city that stands still that moment has to pass.
    await advance(1);
    // Nobody is on shift yet, so no map has been loaded: this is the whole first load.
    expect(gzippedKilobytes(phone.assets)).to.be.below(150);
  });

  it('begins the shift, shares the position, and shows the first stop with its way', async () => {
    const [first] = openJobs(await dayOf());
    await button('Begin shift, share position').click();
    await page.getByRole('heading', { name: first!.title }).first().waitFor();
    await page.getByText('Position shared').waitFor();
    await page.locator('[data-map-ready]').waitFor({ timeout: 60_000 });
    await eventually(async () => (await dayOf()).position !== null);
    const day = await dayOf();
    expect(day).to.include({ state: 'on_duty', acknowledgedVersion: day.orderVersion });
    expect(day.position).to.deep.include({ lon: Number(shift.startPlace.lon.toFixed(6)), source: 'crew_phone' });
    await look('first stop');
  });

  it('goes from accepting to done, one big button at a time, and the case says so', async () => {
    const [first, second] = openJobs(await dayOf());
    await pressed(first!, 'Accept', 'accepted');
    await pressed(first!, 'Start driving', 'travelling');
    expect(await casesOf(first!)).to.include('in_progress');

    await page.locator('.turn').click();
    const steps = first!.way!.directions.steps;
    expect(await page.locator('.steps li').count()).to.equal(steps.length);
    await look('directions');
    await page.goBack();
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(page.url()).to.match(/\/crew$/);

    await pressed(first!, 'I have arrived', 'on_site');
    await pressed(first!, 'Start work', 'working');
    await button('More').click();
    await button('Pause the work').click();
    await eventually(async () => (await stateOf(first!)) === 'paused');
    await pressed(first!, 'Continue work', 'working');

    await button('Done').click();
    await page.getByText(`Job ${first!.jobNumber} is done`).waitFor();
    await page.getByText(`#${second!.jobNumber}`, { exact: true }).first().waitFor();
    await look('undo');
    await button('Undo').click();
    await page.getByText('At work').waitFor();
    expect(await stateOf(first!)).to.equal('working');
    await button('Done').click();
    await eventually(async () => (await stateOf(first!)) === 'completed');
    for (const state of await casesOf(first!)) expect(state).to.match(/^resolved/);
  });

  it('arrives by itself where the fence says so, without a press', async () => {
    const [stop] = openJobs(await dayOf());
    await pressed(stop!, 'Accept', 'accepted');
    await pressed(stop!, 'Start driving', 'travelling');
    await advance(25);
    const { lat, lon } = stop!.roadPoint;
    await context.setGeolocation({ latitude: lat + 0.00028, longitude: lon, accuracy: 5 });
    await page.waitForTimeout(2_000);
    // The second fix inside the fence, 31 m on, confirms it: one alone could be a wrong one.
    await advance(1);
    await context.setGeolocation({ latitude: lat, longitude: lon, accuracy: 5 });
    await eventually(async () => (await stateOf(stop!)) === 'on_site');
    await button('Start work').waitFor();
    await pressed(stop!, 'Start work', 'working');
  });

  it('says why it cannot be done, with what the follow-up needs', async () => {
    const [stop] = openJobs(await dayOf());
    await button('Cannot do this job').click();
    await look('reasons');
    await button('Equipment is missing').click();
    const missing = page.locator('dialog .choices button').first();
    const plant = await missing.innerText();
    await missing.click();
    await page.getByText(`Job ${stop!.jobNumber} could not be done`).waitFor();
    await eventually(async () => (await stateOf(stop!)) === 'cannot_complete');
    const { jobs } = (await city.running.desk.get<{ jobs: JobView[] }>('/api/jobs?limit=500')).body;
    const followUp = jobs.find(({ followUpOf }) => followUpOf === stop!.jobId);
    expect(followUp?.slots[0]?.plant).to.include(plant.replace(/ /g, '-'));
  });

  it('tells of a changed order until it is acknowledged', async () => {
    const open = openJobs(await dayOf());
    const [last, before] = [open.at(-1)!, open.at(-2)!];
    await order({ type: 'assignment.unassign', assignmentId: last.assignmentId, version: last.version });
    await order({
      type: 'assignment.move',
      assignmentId: before.assignmentId,
      version: before.version,
      shiftId: shift.id,
      before: open[0]!.assignmentId,
    });
    await page.getByRole('heading', { name: 'New order: 2 changes' }).waitFor();
    await page.getByText(`Taken away: ${last.jobNumber}`).waitFor();
    await page.getByText(`Moved: ${before.jobNumber}`).waitFor();
    await look('new order');
    expect((await dayOf()).acknowledgedVersion).to.be.below((await dayOf()).orderVersion);
    await button('I have seen it').click();
    await eventually(async () => {
      const day = await dayOf();
      return day.acknowledgedVersion === day.orderVersion;
    });
    await page.getByText('New order').waitFor({ state: 'detached' });
    await page.getByText(`#${before.jobNumber}`, { exact: true }).first().waitFor();
  });

  it('says that the office has taken a job back, and leaves it when the crew has understood', async () => {
    const [stop] = openJobs(await dayOf());
    await pressed(stop!, 'Accept', 'accepted');
    await pressed(stop!, 'Start driving', 'travelling');
    const { version } = (await jobOf(stop!)).assignments.find(({ id }) => id === stop!.assignmentId)!;
    await order({ type: 'assignment.recall', assignmentId: stop!.assignmentId, version, reason: 'Another crew is nearer.' });
    await page.getByRole('heading', { name: `taken job ${stop!.jobNumber} back` }).waitFor();
    await look('recall');
    await button('Understood, I leave it').click();
    await eventually(async () => (await stateOf(stop!)) === 'recalled');
    await button('Accept').waitFor();
    // That it is gone is no news to this crew.
    await eventually(async () => {
      const day = await dayOf();
      return day.acknowledgedVersion === day.orderVersion;
    });
    expect(await page.getByText('New order').count()).to.equal(0);
  });

  it('keeps what is pressed while the server is away, over a reload too, and it happens once', async () => {
    const [stop] = openJobs(await dayOf());
    await pressed(stop!, 'Accept', 'accepted');
    await city.running.server.stop();
    await page.getByText('No connection.').waitFor();
    await button('Start driving').click();
    await page.getByText('No connection. 1 update waits.').waitFor();
    await button('I have arrived').click();
    await page.getByText('No connection. 2 updates wait.').waitFor();
    await look('no connection');
    await city.running.startServerAgain();
    // The first answers are lost on their way, and the page is loaded anew while they are: what was pressed goes again.
    await page.route('**/api/field', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.reload();
    await eventually(async () => (await stateOf(stop!)) === 'travelling');
    await page.reload();
    await page.unroute('**/api/field');
    await eventually(async () => (await stateOf(stop!)) === 'on_site');
    await button('Start work').waitFor();
    await page.getByText('No connection').waitFor({ state: 'detached' });
    const told = await city.running
      .db('event')
      .where({ type: 'assignment.state_changed', assignment_id: stop!.assignmentId })
      .orderBy('seq')
      .select<{ body: { to: string } }[]>('body');
    const states = told.map(({ body }) => body.to);
    expect(states.slice(states.indexOf('accepted'))).to.deep.equal(['accepted', 'travelling', 'on_site']);
  });

  it('lets one window at a time have the phone', async () => {
    const other = await context.newPage();
    await other.goto('/crew');
    await other.getByRole('heading', { name: 'open in another window' }).waitFor();
    await other.getByRole('button', { name: 'Use it here' }).click();
    await other.getByRole('button', { name: 'Start work' }).waitFor();
    await page.getByRole('heading', { name: 'open in another window' }).waitFor();
    await other.close();
    await button('Use it here').click();
    await button('Start work').waitFor();
  });

  it('shows the day in order, takes a break, and lets another stop be chosen', async () => {
    const [, second] = openJobs(await dayOf());
    await button(/^Stop/).click();
    await look('day');
    await button('Take the break now').click();
    await eventually(async () => (await dayOf()).stops.some((stop) => stop.kind === 'break' && stop.takenAt !== null));
    await page.locator('button.day-row').nth(1).click();
    await page.getByText(`#${second!.jobNumber}`, { exact: true }).first().waitFor();
    await page.getByText('You are still on job').waitFor();
    await button('Back to the first one').click();
    await page.getByText('On break until').waitFor();
  });

  it('says when the phone gives no position, and works without', async () => {
    const { page: other, errors } = await openPage(browser, city.running.server.base, 'light');
    await other.setViewportSize(PHONE);
    await other.goto(`/crew#${await newCode()}`);
    await other.getByText('Share your position with the office').waitFor();
    await other.getByRole('button', { name: 'Share', exact: true }).click();
    await other.getByText('No position from this phone').waitFor();
    await other.getByRole('button', { name: 'Start work' }).waitFor();
    expect(errors).to.deep.equal([]);
    await other.context().close();
  });

  it('calls for help in two touches: the office has it, and it is not out of sight until it is put away', async () => {
    await button('Call for help').click();
    await look('alarm');
    // Nobody can be told yet, and the page is closed and opened meanwhile: the call goes on.
    await page.route('**/alarm', (route) => route.abort());
    await button('I need help now').click();
    await page.locator('dialog').getByText('Calling the office').waitFor();
    await look('alarm calling');
    await page.reload();
    await page.locator('.banners').getByText('Calling the office').waitFor();
    await page.unroute('**/alarm');
    await button('Look').click();
    await page.locator('dialog').getByText('The office has your call since').waitFor();
    await look('alarm told');
    const alarms = async (): Promise<number> => {
      const { events } = (
        await city.running.desk.get<{ events: { type: string; shiftId: string }[] }>('/api/events?after=0&limit=1000')
      ).body;
      return events.filter(({ type, shiftId }) => type === 'movement.panic' && shiftId === shift.id).length;
    };
    await eventually(async () => (await alarms()) === 1);
    await page.keyboard.press('Escape');
    await page.locator('.banners').getByText('The office has your call since').waitFor();
    await button('Look').click();
    await page.locator('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.locator('.banners').getByText('The office has your call since').waitFor({ state: 'detached' });
  });

  it('fits 320 pixels and text of twice the size, with every target large enough', async () => {
    const sideways = (): Promise<number> =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sideways()).to.be.at.most(0);
    await page.setViewportSize(PHONE);
    await page.addStyleTag({ content: 'html { font-size: 200% !important }' });
    expect(await sideways()).to.be.at.most(0);
    await page.reload();
    await button('Start work').waitFor();
    const small = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button')].filter((b) => { const r = b.getBoundingClientRect(); return r.height < 48 || r.width < 48; }).map((b) => b.textContent)`,
    );
    expect(small).to.deep.equal([]);
    expect((await button('Start work').boundingBox())!.height).to.be.at.least(64);
  });

  it('ends the shift, and the position with it', async () => {
    await button(/^Settings/).click();
    await look('settings');
    await button('End shift').click();
    await page.getByText('You are still on job').waitFor();
    await page.locator('dialog').getByRole('button', { name: 'End shift' }).click();
    await page.getByRole('heading', { name: 'Shift ended' }).waitFor();
    await eventually(async () => (await dayOf()).state === 'ended');
    await page.getByText('Your position is no longer shared.').waitFor();
    await look('ended');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/positions')) sent.push(request.postData() ?? '');
    });
    await context.setGeolocation({ latitude: shift.startPlace.lat, longitude: shift.startPlace.lon, accuracy: 5 });
    // Two rounds of the phone's own reading later it has still told nobody where it is.
    for (let round = 0; round < 2; round++) await page.waitForResponse('**/api/shifts/mine');
    expect(sent).to.deep.equal([]);
  });

  it('says that it has been signed out, and how to come back', async () => {
    const devices = (await city.running.desk.get<{ id: string; revokedAt: string | null }[]>('/api/devices')).body;
    for (const { id, revokedAt } of devices) {
      if (revokedAt === null) await revoke(id);
    }
    await page.getByRole('heading', { name: 'This phone has been signed out' }).waitFor();
    await look('revoked');
    await page.reload();
    await page.getByRole('heading', { name: 'This phone has been signed out' }).waitFor();
    await page.getByLabel('Code from the office').fill((await newCode()).toLowerCase());
    await button('Sign in').click();
    await page.getByRole('heading', { name: 'Shift ended' }).waitFor();
  });

  it('finds nothing serious by axe in either theme, asks no other host, and breaks nowhere', () => {
    expect(serious).to.deep.equal([]);
    expect([...phone.outside, ...phone.errors]).to.deep.equal([]);
  });
});
