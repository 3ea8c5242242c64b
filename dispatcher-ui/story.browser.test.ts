import '../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { EnrolmentCode } from '../server/stores/accounts/contract.ts';
import type { DispatcherShift } from '../server/stores/crews/contract.ts';
import type { JobView } from '../server/stores/work/contract.ts';
import {
  findBrowser,
  isLacking,
  launchBrowser,
  openPage,
  startTestCity,
  type TestCity,
  type Watched,
} from './browser.fixtures.ts';

const PATIENCE_MS = 60_000;

/** One report from the citizen's phone to the citizen's phone, through four screens, each a person's own. */
describe('the story of a report', function () {
  this.timeout(240_000);
  let browser: Browser;
  let city: TestCity;
  let desk: Page;
  const opened: Watched[] = [];

  before(function () {
    const executable = findBrowser();
    if (executable === null) return this.skip();
    return launchBrowser(executable).then((launched) => {
      browser = launched;
    });
  });
  after(() => browser?.close());
  // A city of its own for each telling: every crew's shift begins with it.
  beforeEach(async function () {
    this.timeout(300_000);
    try {
      city = await startTestCity();
    } catch (error) {
      if (isLacking(error)) return this.skip();
      throw error;
    }
    desk = (await open()).page;
    await desk.goto((await city.running.links()).find(({ role }) => role === 'dispatcher')!.url);
    await desk.getByText('Nothing waits.').waitFor();
  });
  afterEach(async () => {
    for (const { page, outside, errors } of opened.splice(0)) {
      expect({ outside, errors }).to.deep.equal({ outside: [], errors: [] });
      await page.context().close();
    }
    await city?.stop();
  });

  async function open(theme: 'light' | 'dark' = 'dark', isPhone = false): Promise<Watched> {
    const watched = await openPage(browser, city.running.server.base, theme);
    opened.push(watched);
    watched.page.setDefaultTimeout(PATIENCE_MS);
    if (isPhone) await watched.page.setViewportSize({ width: 390, height: 844 });
    return watched;
  }
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor();
  /** What the page says in its first sentence; the words of the steps are always there. */
  const truth = (page: Page, says: RegExp) => page.locator('.truth').getByText(says).first().waitFor();
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const restart = async (): Promise<void> => {
    await city.running.server.stop();
    await city.running.startServerAgain();
  };

  /** A citizen reports a pothole in this street; gives the number and the page that follows it. */
  async function reports(street: string): Promise<{ page: Page; number: string }> {
    const { page } = await open('light', true);
    await page.goto('/report');
    await page.getByRole('combobox', { name: 'Street or crossing' }).fill(street);
    await page.getByRole('option').first().click();
    await page.locator('.chosen-good').waitFor();
    await press(page, 'Continue');
    await heading(page, 'What is it?');
    await page.getByRole('radio', { name: 'Pothole' }).check();
    await press(page, 'Continue');
    await heading(page, 'Anything that helps?');
    await page.getByLabel('What should the city know?').fill('deep, at the kerb');
    await press(page, 'Send the report');
    await heading(page, /arrived/);
    const number = (await page.locator('.sent-number strong').innerText()).trim();
    await page.getByRole('link', { name: 'Follow the report' }).click();
    await page.locator('.progress').waitFor();
    return { page, number };
  }

  /** The dispatcher sees it, plans and publishes; gives the job and the shift that has it now. */
  async function dispatches(number: string): Promise<{ job: JobView; shift: DispatcherShift }> {
    const waiting = (await city.running.desk.get<{ jobs: JobView[] }>('/api/jobs?limit=500&state=ready')).body.jobs;
    expect(waiting).to.have.length(1);
    const job = waiting[0]!;
    const cases = (await city.running.desk.get<{ cases: { number: string }[] }>(`/api/cases?jobId=${job.id}`)).body.cases;
    expect(cases.map((one) => one.number)).to.deep.equal([number]);
    await desk.locator(`#job-${job.id}`).waitFor();
    await desk.keyboard.press('Escape');
    await desk.keyboard.press('o');
    await desk.getByRole('button', { name: 'Publish' }).click();
    await desk.getByText('Published: 1 new').waitFor();
    await desk.getByText('Nothing waits.').waitFor();
    const { assignments } = (await city.running.desk.get<JobView>(`/api/jobs/${job.id}`)).body;
    const shifts = await city.running.shifts();
    return { job, shift: shifts.find(({ id }) => id === assignments[0]!.shiftId)! };
  }

  /** That crew's phone, signed in by a code and on shift. */
  async function onShift(shift: DispatcherShift): Promise<Page> {
    const vehicleId = shift.members.find(({ kind }) => kind === 'vehicle')!.resourceId;
    const { code } = (await city.running.desk.post<EnrolmentCode>('/api/devices/codes', { vehicleId, label: 'Phone' })).body;
    const { page } = await open('light', true);
    await page.context().grantPermissions(['geolocation']);
    const { lat, lon } = shift.startPlace;
    await page.context().setGeolocation({ latitude: lat, longitude: lon, accuracy: 6 });
    await page.goto(`/crew#${code}`);
    await page.getByRole('heading', { name: /Your shift/ }).waitFor();
    const { now } = (await city.running.desk.get<{ clock: { now: string } }>('/api/city')).body.clock;
    await city.running.admin.post('/api/clock/advance', { to: new Date(Date.parse(now) + 60_000).toISOString() });
    await press(page, 'Begin shift, share position');
    await page.getByText('Position shared').waitFor();
    return page;
  }

  async function tells(street: string, inTheMiddle: () => Promise<void>): Promise<void> {
    const citizen = await reports(street);
    await citizen.page.getByText(citizen.number).first().waitFor();
    const { job, shift } = await dispatches(citizen.number);
    await inTheMiddle();
    const phone = await onShift(shift);
    await phone.getByText(`#${job.number}`, { exact: true }).first().waitFor();
    await phone.locator('[data-map-ready]').waitFor();
    await press(phone, 'Accept');
    await press(phone, 'Start driving');
    await phone.locator('.turn').waitFor();
    await citizen.page.reload();
    await truth(citizen.page, /on (?:the|its) way/i);
    await inTheMiddle();
    await phone.context().setGeolocation({ latitude: job.roadPoint.lat, longitude: job.roadPoint.lon, accuracy: 5 });
    await press(phone, 'I have arrived');
    await press(phone, 'Start work');
    await press(phone, 'Done');
    await phone.getByText(`Job ${job.number} is done`).waitFor();
    await desk.locator('.tab', { hasText: 'Over' }).filter({ hasText: /[1-9]/ }).waitFor();
    // What the reporter is told is what the record says: done, and being confirmed until the track has shown a visit.
    await citizen.page.reload();
    await citizen.page
      .getByText(/fixed|done/i)
      .first()
      .waitFor();
    const { state } = (await city.running.db('cases').where({ number: citizen.number }).first<{ state: string }>('state'))!;
    expect(state).to.match(/^resolved/);
  }

  it('is told from the report to the reporter’s page', () => tells('Vasagatan', () => Promise.resolve()));

  it('is told all the same when the server is started again twice in the middle', () => tells('Linnégatan', restart));
});
